import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runToEnd, type Outcome } from '../kit/process/run-to-end.ts';
import { COMMANDS } from './commands.mjs';

const ROOT = join(import.meta.dirname, '../..');
const UNKNOWN = '--no-such-option';
/** `npm test` and `npm run ci` have a test of their own; the other two are programs of others. */
const ELSEWHERE = ['test', 'ci', 'unit', 'format'];

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** Node's arguments for a script, without the bootstrap: it would speak first of what this machine lacks. */
function argumentsOf(script: string): readonly string[] {
  const [node, file = '', name = ''] = script.split(' ');
  expect(node).toBe('node');
  if (file === 'build/start.mjs') return ['--import', 'tsx', 'build/run/dev/start.ts'];
  const command = file === 'build/run.mjs' ? COMMANDS[name] : undefined;
  return command === undefined
    ? script.split(' ').slice(1)
    : ['--import', 'tsx', command.program, ...(command.args ?? [])];
}

const run = (args: readonly string[]): Promise<Outcome> => runToEnd(process.execPath, args, { cwd: ROOT });

/** Two beside each other: each takes a second of processor to start. */
async function runEach(names: readonly string[]): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const waiting = [...names];
  const lane = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      outcomes.set(name, await run([...argumentsOf(scripts[name] ?? ''), UNKNOWN]));
    }
  };
  await Promise.all([lane(), lane()]);
  return outcomes;
}

describe('a command', { timeout: 120_000 }, () => {
  const names = Object.keys(scripts).filter((name) => !ELSEWHERE.includes(name));
  let outcomes: ReadonlyMap<string, Outcome>;
  beforeAll(async () => {
    outcomes = await runEach(names);
  }, 600_000);

  it.each(names)('%s prints its usage for an option that it does not have, and ends with 2', (name) => {
    const { code, output } = outcomes.get(name) ?? { code: undefined, output: '' };
    expect(output).toContain(UNKNOWN);
    expect(output).toMatch(/^Usage\b/m);
    expect(code).toBe(2);
  });

  it.each(['journey', 'db:build'])('%s prints its usage for --help, and ends with 0', async (name) => {
    const { code, output } = await run([...argumentsOf(scripts[name] ?? ''), '--help']);
    expect(output).toMatch(/^Usage\b/);
    expect(code).toBe(0);
  });

  it('that does not exist is told which there are', async () => {
    const { code, output } = await run(['build/run.mjs', 'no-such-command']);
    expect(output).toMatch(/no-such-command[^]*Usage[^]*journey/);
    expect(code).toBe(2);
  });
});
