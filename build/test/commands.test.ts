import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS, ELSEWHERE, NIGHTLY, UNTRIED } from './commands.ts';
import { DATABASE, JOBS, NIGHTLY_JOBS } from './jobs.ts';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

/** The commands of a README: those of its first block, and those of the tables below it. */
function commandsOf(readme: string): string[] {
  const block = /```\n([^`]*)```/u.exec(readme)?.[1] ?? '';
  const shown = block.split('\n').map((line) => line.split('#')[0]?.trim() ?? '');
  const cells = readme.split('\n').map((line) => (line.startsWith('| `npm') ? line.split('|')[1] : '') ?? '');
  const tabled = cells.flatMap((cell) =>
    [...cell.matchAll(/`(npm [^`]+)`/gu)].map((found) => found[1] ?? ''),
  );
  return [...new Set([...shown.filter((line) => line !== ''), ...tabled])].sort();
}

/** A script as one calls it. */
const called = (script: string): string =>
  ['start', 'test'].includes(script) ? `npm ${script}` : `npm run ${script}`;

const english = commandsOf(read('README.md'));
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const tried = [...COMMANDS, ...NIGHTLY];
const listed = [...tried.map(({ name }) => name), ...Object.keys(ELSEWHERE), ...Object.keys(UNTRIED)];
const isOfScript = (name: string, script: string): boolean =>
  name === called(script) || name.startsWith(`${called(script)} -- `);

describe('the commands', () => {
  it('are read out of the README', () => {
    expect(english).toContain('npm start');
    expect(english).toContain('npm run bench -- fleet');
    expect(english.length).toBeGreaterThan(20);
  });

  it('are each named once', () => {
    expect(listed.toSorted()).toEqual([...new Set(listed)].sort());
  });

  it('are all that the README names', () => {
    expect(english.filter((name) => !listed.includes(name))).toEqual([]);
  });

  it('are all the scripts of package.json', () => {
    const missing = Object.keys(scripts).filter((script) => !listed.some((name) => isOfScript(name, script)));
    expect(missing).toEqual([]);
  });

  it('are no others than those', () => {
    const known = listed.filter(
      (name) => english.includes(name) || Object.keys(scripts).some((script) => isOfScript(name, script)),
    );
    expect(known).toEqual(listed);
  });

  it('are the same in both languages', () => {
    expect(commandsOf(read('README.zh-CN.md'))).toEqual(english);
  });

  it('are started as package.json starts them', () => {
    for (const { name, runs } of tried) {
      const script = Object.entries(scripts).find(([each]) => isOfScript(name, each));
      const [node, ...args] = script?.[1].split(' ') ?? [];
      expect(node, name).toBe('node');
      for (const run of runs) expect(run.args.slice(0, args.length), name).toEqual(args);
    }
  });

  it('are tried by a part of CI that there is, where not by this', () => {
    const stages = ['.ci/run', 'npm test', ...[DATABASE, ...JOBS, ...NIGHTLY_JOBS].map(({ name }) => name)];
    expect(Object.entries(ELSEWHERE).filter(([, stage]) => !stages.includes(stage))).toEqual([]);
  });

  it('are every bench of docs/figures.md', () => {
    const [overview = ''] = read('docs/figures.md').split('Without a name:');
    const benches = [...overview.matchAll(/^\| `(\w+)` +\|/gmu)].map((found) => found[1] ?? '');
    const args = tried.flatMap(({ runs }) => runs.flatMap((run) => run.args));
    expect(benches).toContain('stb');
    expect(benches.filter((name) => !args.includes(name))).toEqual([]);
  });
});
