import { describe, expect, it } from 'vitest';
import { carriedOf, partAt, sha256Of } from './household-file.ts';

const TEXT = '户号,组织,标签\n1,北社区,a\n22,北社区,a\n3,北社区,a';

describe('a file that is sent', () => {
  it.each([1_000, 40, 30, 25])(
    'is whole again from parts of whole lines of %i bytes at most',
    async (most) => {
      const file = new Blob([TEXT]);
      const parts: string[] = [];
      for (let at = 0; at < file.size;) {
        const part = await partAt(file, at, most);
        expect(part.size).toBeLessThanOrEqual(most);
        parts.push(await part.text());
        at += part.size;
      }
      expect(parts.join('')).toBe(TEXT);
      expect(parts.slice(0, -1).every((part) => part.endsWith('\n'))).toBe(true);
    },
  );

  it('goes with a line that is longer than a part, so that the server says what is wrong', async () => {
    expect((await partAt(new Blob(['x'.repeat(50)]), 0, 20)).size).toBe(20);
  });

  it('is known by its SHA-256', async () => {
    expect(await sha256Of(new Blob(['abc']))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('is carried out as far as something has become of its households', () => {
    expect(carriedOf({ rows: 10, repeated: 2, outcome: { applied: 3, newer: 1, elsewhere: 1 } })).toEqual({
      ...{ done: 5, all: 8 },
    });
  });
});
