import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { journalContract, sampleEntry } from '@bianmin/card/testing/journal-contract';
import { FileJournal } from './file-journal.ts';

let folder: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-journal-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function fresh(): Promise<{ path: string; journal: FileJournal }> {
  const path = join(folder, String(made++));
  return { path, journal: await new FileJournal(path).open() };
}

journalContract('files', async () => {
  const { path, journal } = await fresh();
  return { journal, reopen: () => new FileJournal(path).open() };
});

describe('a journal in files', () => {
  it('is for its owner alone', async () => {
    const { path, journal } = await fresh();
    await journal.put(sampleEntry());
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    const [name] = await readdir(path);
    expect((await stat(join(path, name ?? ''))).mode & 0o777).toBe(0o600);
  });

  it('reads over a put that a power cut stopped: the old entry counts', async () => {
    const { path, journal } = await fresh();
    await journal.put(sampleEntry());
    await writeFile(join(path, '.260115020000000001.1.0.tmp'), '{"version":1,"ent');
    expect(await journal.list()).toEqual([sampleEntry()]);
  });

  it('stops the terminal at a torn file, wherever it was torn', async () => {
    const { path, journal } = await fresh();
    await journal.put(sampleEntry());
    const file = join(path, '260115020000000001.json');
    const whole = await readFile(file, 'utf8');
    for (let length = 0; length < whole.length; length++) {
      await writeFile(file, whole.slice(0, length));
      expect(codeOf(await journal.list().catch((error: unknown) => error))).toBe('journal.unreadable');
    }
  });

  it('stops it at a changed byte, and at an entry under another name', async () => {
    const { path, journal } = await fresh();
    await journal.put(sampleEntry());
    const file = join(path, '260115020000000001.json');
    const whole = await readFile(file, 'utf8');
    await writeFile(file, whole.replace('"lease":1', '"lease":2'));
    await expect(journal.list()).rejects.toMatchObject({ code: 'journal.unreadable' });
    await rm(file);
    await writeFile(join(path, '260115020000000009.json'), whole);
    await expect(journal.list()).rejects.toMatchObject({ code: 'journal.unreadable' });
  });

  it('says before the first byte that it cannot keep a promise', async () => {
    const { path, journal } = await fresh();
    await rm(path, { recursive: true });
    await expect(journal.put(sampleEntry())).rejects.toMatchObject({ code: 'journal.not-durable' });
    await writeFile(path, 'a file where the folder should be');
    await expect(new FileJournal(path).open()).rejects.toMatchObject({ code: 'journal.unreadable' });
    await rm(path);
    await mkdir(path);
  });

  it('is ready where it could keep a promise, and leaves nothing that is read as an entry', async () => {
    const { path, journal } = await fresh();
    await journal.ready();
    await journal.ready();
    expect(await journal.list()).toEqual([]);
    expect(await readdir(path)).toEqual(['.reserve.tmp']);
    await rm(path, { recursive: true });
    await expect(journal.ready()).rejects.toMatchObject({ code: 'journal.not-durable' });
  });

  it('holds neither code nor plan: only what docs/protocol/tear-safe-write.md names', async () => {
    const { path, journal } = await fresh();
    const withMore = { ...sampleEntry(), code: '123456' };
    await expect(journal.put(withMore)).rejects.toThrow();
    expect(await readdir(path)).toEqual([]);
  });
});
