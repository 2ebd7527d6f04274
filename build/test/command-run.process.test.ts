import { describe, expect, it } from 'vitest';
import { runCommand } from './command-run.ts';
import { FOLDER } from './commands.ts';

const place = { folder: '/of/all', env: { FOR_STORES: 'yes' } };
const script = (text: string): { args: readonly string[] } => ({ args: ['-e', text] });
/** Says that it is ready, and then only ends by a signal, with this. */
const waiting = (code: number): string =>
  `process.on('SIGTERM', () => process.exit(${code})); setInterval(() => {}, 1000); console.log('Ready in 1 s');`;

describe('a command that is tried', () => {
  it('has passed when it ends with 0', async () => {
    const end = await runCommand(script(`console.log('done', '${FOLDER}/x')`), place);
    expect(end).toMatchObject({ output: 'done /of/all/x\n' });
    expect(end.fault).toBeUndefined();
  });

  it('has failed when it ends with anything else', async () => {
    const end = await runCommand(script('console.error("why"); process.exit(3)'), place);
    expect(end).toMatchObject({ fault: 'ended with 3', output: 'why\n' });
  });

  it('is given the environment of the stores only if it wants it', async () => {
    const said = script('process.exit(process.env.FOR_STORES === "yes" ? 0 : 1)');
    expect((await runCommand({ ...said, stores: true }, place)).fault).toBeUndefined();
    expect((await runCommand(said, place)).fault).toBe('ended with 1');
  });

  it('is ended when it is ready, where it would go on, and has passed if that was in order', async () => {
    const until = /^Ready in /m;
    expect((await runCommand({ ...script(waiting(0)), until }, place)).fault).toBeUndefined();
    expect((await runCommand({ ...script(waiting(1)), until }, place)).fault).toBe('ended with 1');
    expect((await runCommand({ ...script(''), until }, place)).fault).toBe(
      'ended with 0 before it said /^Ready in /m',
    );
  });

  it('is killed over its budget', async () => {
    const end = await runCommand({ ...script('setInterval(() => {}, 1000)'), budgetSeconds: 1 }, place);
    expect(end.fault).toBe('was over its 1 s');
  });
});
