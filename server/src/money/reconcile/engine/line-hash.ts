import { randomBytes } from 'node:crypto';
import { MAX_COLUMNS } from './layout.ts';

const COMMA = 0x2c;

/**
 * Reads one line's bytes where they lie: finds its columns, and hashes some of them under a seed that is not known
 * outside, into two lanes of 32 bits that mix differently. Makes no string.
 */
export class LineHash {
  /** Of the last hash. */
  hash1 = 0;
  hash2 = 0;
  readonly #seed1: number;
  readonly #seed2: number;
  readonly #starts = new Int32Array(MAX_COLUMNS);
  readonly #ends = new Int32Array(MAX_COLUMNS);

  constructor(seed: readonly [number, number]) {
    [this.#seed1, this.#seed2] = seed;
  }

  /** Finds the columns of the line from `start` to before `end`; gives how many there are. */
  split(bytes: Uint8Array, start: number, end: number): number {
    let column = 0;
    let from = start;
    for (let at = start; at < end; at += 1) {
      if (bytes[at] !== COMMA) continue;
      if (column < MAX_COLUMNS) {
        this.#starts[column] = from;
        this.#ends[column] = at;
      }
      column += 1;
      from = at + 1;
    }
    if (column < MAX_COLUMNS) {
      this.#starts[column] = from;
      this.#ends[column] = end;
    }
    return column + 1;
  }

  isEmpty(column: number): boolean {
    return this.#starts[column] === this.#ends[column];
  }

  /** The column's first byte; 0 of an empty one. */
  firstByte(bytes: Uint8Array, column: number): number {
    return this.isEmpty(column) ? 0 : (bytes[this.#starts[column] as number] as number);
  }

  /** A whole number; NaN where it is none. */
  numberOf(bytes: Uint8Array, column: number): number {
    const end = this.#ends[column] as number;
    let value = 0;
    for (let at = this.#starts[column] as number; at < end; at += 1) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) return Number.NaN;
      value = value * 10 + digit;
    }
    return this.isEmpty(column) ? Number.NaN : value;
  }

  /** Hashes columns in this order, a separator after each. */
  hash(bytes: Uint8Array, columns: readonly number[]): void {
    let lane1 = this.#seed1;
    let lane2 = this.#seed2;
    for (const column of columns) {
      const end = this.#ends[column] as number;
      for (let at = this.#starts[column] as number; at <= end; at += 1) {
        const byte = at === end ? COMMA : (bytes[at] as number);
        // FNV-1a, and a lane that also turns.
        lane1 = Math.imul(lane1 ^ byte, 0x01000193);
        lane2 = Math.imul(lane2 ^ byte, 0x85ebca6b);
        lane2 = (lane2 << 13) | (lane2 >>> 19);
      }
    }
    this.#end(lane1, lane2);
  }

  /** Hashes a text by itself, of which no line is needed. */
  hashText(text: string): void {
    let lane1 = this.#seed1;
    let lane2 = this.#seed2;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      lane1 = Math.imul(lane1 ^ code, 0x01000193);
      lane2 = Math.imul(lane2 ^ code, 0x85ebca6b);
      lane2 = (lane2 << 13) | (lane2 >>> 19);
    }
    this.#end(lane1, lane2);
  }

  #end(lane1: number, lane2: number): void {
    this.hash1 = mixed(lane1 ^ (lane2 >>> 7));
    this.hash2 = mixed(lane2 ^ Math.imul(lane1, 0x9e3779b1));
  }
}

export function randomSeed(): readonly [number, number] {
  const bytes = randomBytes(8);
  return [bytes.readInt32LE(0), bytes.readInt32LE(4)];
}

/** The last step of MurmurHash3: every bit of the input reaches every bit of the output. */
function mixed(value: number): number {
  let hash = value;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
