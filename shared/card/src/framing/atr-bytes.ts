import { framingError } from './error.ts';

/** TS and at most 32 characters (ISO/IEC 7816-3:2006 §8.2.1). */
const MAX_LENGTH = 33;
const TS = [0x3b, 0x3f];
const LETTERS = ['A', 'B', 'C', 'D'] as const;

/** One interface byte with the T that it belongs to: of the TD before it, undefined at the first two levels. */
export interface InterfaceByte {
  readonly letter: (typeof LETTERS)[number];
  readonly level: number;
  readonly belongsTo: number | undefined;
  readonly value: number;
}

/** An answer to reset in its parts. */
export interface AtrBytes {
  readonly found: readonly InterfaceByte[];
  readonly historical: Uint8Array;
  /** How many were announced, which can be more than came. */
  readonly announced: number;
  /** Where the historical bytes end. */
  readonly end: number;
  /** The rest: TCK where it is due, and whatever came behind. */
  readonly rest: Uint8Array;
}

/** What can be an answer to reset: readers that hand on more than it can have hand on rubbish behind it. */
export function withoutExcess(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, MAX_LENGTH);
}

/** `framing.atr` for what does not start as an answer to reset, or ends before its interface bytes do. */
export function splitAtr(given: Uint8Array): AtrBytes {
  const bytes = withoutExcess(given);
  const t0 = bytes[1];
  if (!TS.includes(bytes[0] ?? 0) || t0 === undefined) {
    throw framingError('framing.atr', 'This is not an answer to reset.', { length: given.length });
  }
  let at = 2;
  const found = readInterfaceBytes(t0 >> 4, () => {
    const byte = bytes[at++];
    if (byte === undefined) throw framingError('framing.atr', 'The answer to reset ends too early.');
    return byte;
  });
  const announced = t0 & 0x0f;
  const historical = bytes.slice(at, at + announced);
  const end = at + historical.length;
  return { found, historical, announced, end, rest: given.subarray(end) };
}

function readInterfaceBytes(first: number, next: () => number): readonly InterfaceByte[] {
  const found: InterfaceByte[] = [];
  let present = first;
  let belongsTo: number | undefined;
  for (let level = 1; present !== 0; level++) {
    let td = 0;
    for (const [bit, letter] of LETTERS.entries()) {
      if ((present & (1 << bit)) === 0) continue;
      const value = next();
      found.push({ letter, level, belongsTo: level > 2 ? belongsTo : undefined, value });
      if (letter === 'D') td = value;
    }
    if ((present & 0x8) === 0) break;
    belongsTo = td & 0x0f;
    present = td >> 4;
  }
  return found;
}
