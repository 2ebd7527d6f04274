import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spool } from './spool.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('lines that are spooled', () => {
  it('are in the file in their order, whose owner alone reads it', async () => {
    const path = join(folder, 'lines');
    const lines = Array.from({ length: 20_000 }, (_, at) => `${at},字,${'x'.repeat(20)}\n`);
    await spool(path, lines);
    expect(await readFile(path, 'utf8')).toBe(lines.join(''));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('leave an empty file where there are none', async () => {
    await spool(join(folder, 'none'), []);
    expect(await readFile(join(folder, 'none'), 'utf8')).toBe('');
  });

  it('that end in an error end in that error', async () => {
    await expect(spool(join(folder, 'cut'), broken())).rejects.toThrow('no more');
  });

  it('are not asked for where no file can be, and no error comes later', async () => {
    let asked = false;
    const lines = broken(() => (asked = true));
    await expect(spool(join(folder, 'gone', 'lines'), lines)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(asked).toBe(false);
    // An error of a stream without a listener would end the process in one of these turns.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setTimeout(done, 1));
  });

  it('do not write over a file that is there', async () => {
    const path = join(folder, 'lines');
    await spool(path, ['first\n']);
    await expect(spool(path, ['second\n'])).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(path, 'utf8')).toBe('first\n');
  });
});

function* broken(onAsked: () => void = () => undefined): Generator<string> {
  onAsked();
  throw new Error('no more');
  yield '';
}
