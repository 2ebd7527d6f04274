import type { Question } from '../dialect/question.ts';

/** What both Siemens chips' operations have in common in one reader's words. */
export interface SiemensCommands {
  /** Most bytes that one read or write can carry. */
  readonly maxBytes: number;
  /** What to say where the counter cannot be read: `chip.unsupported` where the reader is not known to have a command for it. */
  readonly noCounter: 'chip.unreadable' | 'chip.unsupported';
  /** Undefined where the reader finds the type by itself. */
  selectType(): Uint8Array | undefined;
  readErrorCounter(): Question<number>;
  write(address: number, data: Uint8Array): Uint8Array;
  /** Undefined where the reader is not known to have such a command. */
  protect(address: number, data: Uint8Array): Uint8Array | undefined;
  presentCode(code: Uint8Array): Uint8Array;
  /** Undefined where the reader is not known to have such a command. */
  changeCode(code: Uint8Array): Uint8Array | undefined;
  /**
   * What the whole answer to `presentCode` says: the counter afterwards, that the counter must be read, or undefined for
   * an answer that is neither. Never that the code was right: only a full counter proves it.
   */
  presented(response: Uint8Array): number | 'read-counter' | undefined;
}

/** For each of `count` bytes whether it is open, from protect bits: bit n of byte m belongs to byte 8·m + n, 1 is open. */
export function openOf(bits: Uint8Array, count: number): boolean[] {
  return Array.from({ length: count }, (_, i) => (((bits[i >> 3] ?? 0) >> (i & 7)) & 1) === 1);
}
