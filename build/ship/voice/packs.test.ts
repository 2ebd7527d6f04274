import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '@bianmin/purchase/api/language';
import { checkPack } from './check.ts';
import { indexFaults, packFolders, PACKS } from './packs.ts';

/** All packs together are data of the installer, bytes. */
const MOST_BYTES = 1.5 * 1024 * 1024;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-voice-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the packs that are shipped', () => {
  it('are whole, say what the screens say, and are as long as such words are', async () => {
    const folders = await packFolders();
    let bytes = 0;
    for (const pack of folders) {
      const report = await checkPack(pack);
      expect(report.faults, pack).toEqual([]);
      bytes += report.bytes;
    }
    expect(folders).toHaveLength(LANGUAGES.length);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });

  it('are named to the renderer, each of them', async () => {
    const index: unknown = JSON.parse(await readFile(join(PACKS, 'packs.json'), 'utf8'));
    expect(indexFaults(index, await packFolders())).toEqual([]);
    expect(indexFaults({ en: ['recorded', 'drafted'] }, await packFolders())).toEqual([
      'ug/drafted is not named',
      'zh-CN/drafted is not named',
      'en/recorded is not there',
    ]);
  });
});

describe('the check of a pack finds', () => {
  /** A copy of the English draft with one thing done to it, and what is found. */
  async function faultsAfter(harm: (pack: string) => Promise<unknown>): Promise<readonly string[]> {
    const pack = join(folder, 'pack');
    await rm(pack, { recursive: true, force: true });
    await cp(join(PACKS, 'en/drafted'), pack, { recursive: true });
    await harm(pack);
    return (await checkPack(pack)).faults;
  }
  const edit = async (pack: string, from: string, to: string): Promise<void> => {
    const path = join(pack, 'manifest.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
  };

  it('a file that is not there', async () => {
    expect(await faultsAfter((pack) => rm(join(pack, 'wait.title.opus')))).toEqual([
      'wait.title.opus is not there',
    ]);
  });

  it('a file too many', async () => {
    expect(await faultsAfter((pack) => writeFile(join(pack, 'take-2.opus'), ''))).toEqual([
      'take-2.opus belongs to no part',
    ]);
  });

  it('words that the screen no longer says', async () => {
    expect(await faultsAfter((pack) => edit(pack, 'Reading, please leave the card in', 'Reading'))).toEqual([
      'reading.title says "Reading", the screen says "Reading, please leave the card in"',
    ]);
  });

  it('a recording that is too long or too short for its words', async () => {
    const faults = await faultsAfter(async (pack) => {
      await cp(join(pack, 'problem.card-mute.todo.opus'), join(pack, 'n.2.opus'));
      await cp(join(pack, 'n.1.opus'), join(pack, 'problem.card-mute.todo.opus'));
    });
    expect(faults).toEqual([
      expect.stringMatching(/^problem\.card-mute\.todo\.opus takes 0\.\d s for .*: too short$/),
      expect.stringMatching(/^n\.2\.opus takes .* s for "two": too long$/),
    ]);
  });

  it('a part that is missing, and one that is of nothing', async () => {
    expect(await faultsAfter((pack) => edit(pack, '"done.title"', '"done.song"'))).toEqual([
      'done.title is missing: Done',
      'done.song is nothing that a screen says',
    ]);
  });

  it('a recording that is cut or is none', async () => {
    const faults = await faultsAfter(async (pack) => {
      const path = join(pack, 'done.todo.opus');
      await writeFile(path, (await readFile(path)).subarray(0, 2000));
      await writeFile(join(pack, 'done.title.opus'), 'words');
    });
    expect(faults).toEqual([
      'done.title.opus: It is neither Ogg Opus nor MP3.',
      'done.todo.opus: An Ogg page is cut.',
    ]);
  });

  it('one recording under two names', async () => {
    const same = (pack: string): Promise<void> => edit(pack, '"file": "n.2.opus"', '"file": "n.3.opus"');
    expect(await faultsAfter(same)).toEqual(['n.3.opus is of two parts', 'n.2.opus belongs to no part']);
  });

  it('a manifest of another make', async () => {
    expect(await faultsAfter((pack) => edit(pack, '"format": 1', '"format": 2'))).toHaveLength(1);
  });
});
