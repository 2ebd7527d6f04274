import { describe, expect, it } from 'vitest';
import { PackShelf } from './pack-shelf.ts';
import { utteranceOf } from './utterance.ts';
import type { Utterance } from './utterance.ts';

function utterance(...fen: number[]): Utterance {
  const said = utteranceOf(
    'en',
    fen.map((each) => ({ key: 'selling.title', fen: each }) as const),
  );
  if (said === null) throw new Error('It cannot be said.');
  return said;
}
const FIFTY = utterance(5000);

describe('the shelf', () => {
  it('reads each file once, and one that failed again', async () => {
    const paths: string[] = [];
    const shelf = new PackShelf(async (path) => {
      paths.push(path);
      if (paths.length === 1) throw new Error('away');
      return new TextEncoder().encode('{}').buffer;
    });
    for (let n = 0; n < 3; n += 1) expect(await shelf.clips('drafted', FIFTY)).toBeNull();
    expect(paths).toEqual(['packs.json', 'packs.json']);
  });

  it.each(['[]', 'null', '{"en":"drafted"}', 'no JSON'])('takes %s for no packs', async (index) => {
    const shelf = new PackShelf(async () => new TextEncoder().encode(index).buffer);
    expect(await shelf.clips('drafted', FIFTY)).toBeNull();
  });

  it('asks for no file outside the pack', async () => {
    const paths: string[] = [];
    const parts = Object.fromEntries(
      FIFTY.sentences.flat().map(({ id, text }) => [id, { file: `../${id}.opus`, text }]),
    );
    const manifest = { format: 1, language: 'en', kind: 'drafted', voice: '', licence: '', parts };
    const shelf = new PackShelf(async (path) => {
      paths.push(path);
      return new TextEncoder().encode(JSON.stringify(path === 'packs.json' ? { en: ['drafted'] } : manifest))
        .buffer;
    });
    expect(await shelf.clips('drafted', FIFTY)).toBeNull();
    expect(paths).toEqual(['packs.json', 'en/drafted/manifest.json']);
  });
});
