import { randomBytes } from '../random.ts';

/** Longest input that is made up from nothing, bytes. */
const MAX_LENGTH = 300;

/** An input for a parser: a good one with one to four things wrong, or noise. The same `random` gives the same. */
export function mutated(seeds: readonly Uint8Array[], random: () => number): Uint8Array {
  const seed = seeds[random() % Math.max(1, seeds.length)];
  if (seed === undefined || random() % 8 === 0) return randomBytes(random, random() % MAX_LENGTH);
  let bytes = seed;
  for (let left = 1 + (random() % 4); left > 0; left--) bytes = once(bytes, random);
  return bytes;
}

/** Values at which lengths and types turn over. */
const EDGES = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff] as const;

function once(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = bytes.length === 0 ? 0 : random() % bytes.length;
  const copy = bytes.slice();
  switch (random() % 7) {
    case 0:
      copy[at] = (copy[at] ?? 0) ^ (1 << (random() & 7));
      return copy;
    case 1:
      copy[at] = random() >>> 24;
      return copy;
    case 2:
      copy[at] = EDGES[random() % EDGES.length] ?? 0;
      return copy;
    case 3:
      return copy.slice(0, at);
    case 4:
      return copy.slice(at);
    case 5:
      return joined(copy, randomBytes(random, 1 + (random() % 16)));
    default:
      return joined(copy.slice(0, at), joined(randomBytes(random, 1 + (random() % 4)), copy.slice(at)));
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
