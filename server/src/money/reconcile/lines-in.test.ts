import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesIn } from './lines-in.ts';

async function* pieces(texts: readonly string[]): AsyncGenerator<string> {
  yield* texts;
}

async function all(texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const lines of linesIn(pieces(texts))) found.push(...lines);
  return found;
}

describe('lines of a text in pieces', () => {
  it('are the same wherever it is cut', async () => {
    const text = fc.array(fc.string({ unit: fc.constantFrom('a', '电', ',', '\n'), maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(text, async (cut) => {
        const lines = cut.join('').split('\n');
        expect(await all(cut)).toEqual(lines.at(-1) === '' ? lines.slice(0, -1) : lines);
      }),
    );
  });

  it('that never end are not kept', async () => {
    const found = await all(Array.from({ length: 100 }, () => 'x'.repeat(1000)));
    expect(found.join('')).toHaveLength(100_000);
    expect(Math.max(...found.map((line) => line.length))).toBeLessThan(10_000);
  });
});
