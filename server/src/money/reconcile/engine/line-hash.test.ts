import { describe, expect, it } from 'vitest';
import { LineHash, randomSeed } from './line-hash.ts';

const hashOf = (): LineHash => new LineHash([0x12345678, 0x0bcdef01]);

/** A line among others, with its columns found. */
function line(text: string, hash = hashOf()) {
  const bytes = Buffer.from(`before,${text}\nafter,1`);
  const count = hash.split(bytes, 7, 7 + Buffer.byteLength(text));
  const of = (...columns: number[]): string => {
    hash.hash(bytes, columns);
    return `${hash.hash1}/${hash.hash2}`;
  };
  return { hash, bytes, count, of };
}
const textOf = (text: string, hash = hashOf()): string => {
  hash.hashText(text);
  return `${hash.hash1}/${hash.hash2}`;
};
const thirteen = Array.from({ length: 13 }, (_, n) => `c${n}`).join(',');

describe('the columns of a line', () => {
  it('are counted, empty ones and those beyond any layout too', () => {
    const counts = ['', 'a', ',', 'a,b', 'a,,b', thirteen, `${thirteen},x`, `${thirteen},x,y`];
    expect(counts.map((text) => line(text).count)).toEqual([1, 1, 2, 2, 3, 13, 14, 15]);
  });

  it('are where they stand, the last one of a whole layout too', () => {
    const { hash, bytes } = line('ab,,电,x');
    expect([0, 1, 2, 3].map((column) => hash.isEmpty(column))).toEqual([false, true, false, false]);
    expect([0, 1, 3].map((column) => hash.firstByte(bytes, column))).toEqual([97, 0, 120]);
    const whole = line(thirteen.replace('c12', 'z'));
    expect(whole.hash.firstByte(whole.bytes, 12)).toBe('z'.charCodeAt(0));
    const beyond = line(`${thirteen.replace('c12', 'z')},y`);
    expect(beyond.hash.firstByte(beyond.bytes, 12)).toBe('z'.charCodeAt(0));
  });

  it('are whole numbers, or none', () => {
    const said = ['0', '5000', '007', '99999999999', '', '-5', '5.0', '5x', 'x5', '5:', '5/', '９'];
    const { hash, bytes } = line(said.join(','));
    const read = said.map((_, column) => hash.numberOf(bytes, column));
    const no = Number.NaN;
    expect(read).toEqual([0, 5000, 7, 99_999_999_999, no, no, no, no, no, no, no, no]);
  });
});

describe('the hash of columns', () => {
  it('is the same for the same columns of another line', () => {
    expect(line('o1,wechat/p1,42,paid').of(1, 2)).toBe(line('o2,wechat/p1,42,closed').of(1, 2));
    expect(line('a,b').of(0)).toBe(line('x,a').of(1));
  });

  it('is another for another byte, another place, another order, and a column more', () => {
    const all = [
      ...[line('ab,c').of(0, 1), line('a,bc').of(0, 1), line('ac,b').of(0, 1), line('ab,d').of(0, 1)],
      ...[line('ab,c').of(1, 0), line('ab,c').of(0), line('ab,c').of(1), line('abc,').of(0, 1)],
      ...[line(',abc').of(0, 1), line('ab,c').of(), line('ab,c').of(0, 0)],
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('is another under another seed, in both lanes', () => {
    const one = line('a,b');
    one.of(0, 1);
    for (const seed of [
      [0x12345679, 0x0bcdef01],
      [0x12345678, 0x0bcdef02],
    ] as const) {
      const other = line('a,b', new LineHash(seed));
      other.of(0, 1);
      expect([other.hash.hash1, other.hash.hash2]).not.toEqual([one.hash.hash1, one.hash.hash2]);
    }
  });

  it('is two lanes of 32 bits of which every bit is used, and which tell a hundred thousand lines apart', () => {
    const hash = hashOf();
    const seen = [new Set<number>(), new Set<number>()];
    const ones = [new Int32Array(32), new Int32Array(32)];
    const lines = 100_000;
    for (let n = 0; n < lines; n += 1) {
      const bytes = Buffer.from(`wechat/2603011000${String(n).padStart(8, '0')}p1`);
      hash.split(bytes, 0, bytes.length);
      hash.hash(bytes, [0]);
      for (const [lane, value] of [hash.hash1, hash.hash2].entries()) {
        seen[lane]?.add(value);
        for (let bit = 0; bit < 32; bit += 1) {
          const counts = ones[lane];
          if (counts !== undefined) counts[bit] = (counts[bit] ?? 0) + ((value >>> bit) & 1);
        }
      }
    }
    // By chance one or two of so many share a lane.
    for (const lane of seen) expect(lane.size).toBeGreaterThan(lines - 12);
    for (const lane of ones)
      for (const count of lane) expect(Math.abs(count / lines - 0.5)).toBeLessThan(0.02);
  });
});

describe('the hash of a text', () => {
  it('is the same for the same text, and another for any other', () => {
    const texts = ['', 'a', 'b', 'ab', 'ba', '电', '电 ', '甴', 'aa', 'aaa'];
    expect(texts.map((text) => textOf(text))).toEqual(texts.map((text) => textOf(text)));
    expect(new Set(texts.map((text) => textOf(text))).size).toBe(texts.length);
    const seen = new Set(Array.from({ length: 20_000 }, (_, n) => textOf(`2603011000${n}`)));
    expect(seen.size).toBe(20_000);
  });

  it('is another under another seed', () => {
    expect(textOf('a')).not.toBe(textOf('a', new LineHash([1, 0x0bcdef01])));
    expect(textOf('a')).not.toBe(textOf('a', new LineHash([0x12345678, 1])));
  });
});

it('has a seed of two numbers that is another each time', () => {
  const seeds = Array.from({ length: 50 }, randomSeed);
  expect(new Set(seeds.map(([first]) => first)).size).toBeGreaterThan(45);
  expect(new Set(seeds.map(([, second]) => second)).size).toBeGreaterThan(45);
  expect(seeds.every(([first, second]) => first !== second)).toBe(true);
});
