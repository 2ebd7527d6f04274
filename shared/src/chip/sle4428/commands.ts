import type { MemoryDialectName } from '../../reader/models.ts';
import { ACS_CARD_TYPE, ACS_MAX_BODY, encodeAcs } from '../dialect/acs.ts';
import type { Question } from '../dialect/question.ts';
import { dataOf, statusOf } from '../response.ts';
import { ACS_MAX_PROTECTION, ACS_SLE4428 } from './acs.ts';
import { PSC_SIZE } from './constants.ts';

/** Bytes of memory, and where the reader tells it unasked, which of them are open (true) or protected for ever. */
export interface Reading {
  readonly data: Uint8Array;
  readonly open?: readonly boolean[];
}

/** The SLE4428's operations in one reader's words. */
export interface Sle4428Commands {
  /** Most bytes that one read or write can carry. */
  readonly maxBytes: number;
  /** What to do where the counter cannot be read: `chip.unsupported` where the command is not documented for the reader. */
  readonly noCounter: 'chip.unreadable' | 'chip.unsupported';
  /** Undefined where the reader finds the type by itself. */
  selectType(): Uint8Array | undefined;
  read(address: number, length: number): Question<Reading>;
  readErrorCounter(): Question<number>;
  /** For each byte whether it is open; the answers of all commands in their order. */
  readProtection(address: number, length: number): readonly Question<readonly boolean[]>[];
  write(address: number, data: Uint8Array): Uint8Array;
  /** Undefined where the reader has no such command. */
  protect(address: number, data: Uint8Array): Uint8Array | undefined;
  presentCode(code: Uint8Array): Uint8Array;
  /** Undefined where the reader has no such command. */
  changeCode(code: Uint8Array): Uint8Array | undefined;
  /**
   * What the whole answer to `presentCode` says: the counter afterwards, that it must be read, or undefined for an
   * answer that is neither.
   */
  presented(response: Uint8Array): number | 'read-counter' | undefined;
}

/** Of `count` bytes, from a string of protect bits: bit n of byte m belongs to byte 8·m + n. */
export function openOf(bits: Uint8Array, count: number): boolean[] {
  return Array.from({ length: count }, (_, i) => (((bits[i >> 3] ?? 0) >> (i & 7)) & 1) === 1);
}

/** [P1, P2] of an address. */
export function highLow(address: number): { readonly p1: number; readonly p2: number } {
  return { p1: address >> 8, p2: address & 0xff };
}

const acs: Sle4428Commands = {
  maxBytes: ACS_MAX_BODY,
  noCounter: 'chip.unreadable',
  selectType: () =>
    encodeAcs(ACS_SLE4428, { name: 'selectType', p1: 0, p2: 0, data: Uint8Array.of(ACS_CARD_TYPE.sle4428) }),
  read: (address, length) => ({
    apdu: encodeAcs(ACS_SLE4428, { name: 'read', ...highLow(address), length }),
    parse(answer) {
      if (answer.length === length) return { data: answer };
      // Firmware of 2006 appends the protect bits of what was asked for.
      if (answer.length !== length + 1 + (length >> 3)) return undefined;
      return { data: answer.slice(0, length), open: openOf(answer.subarray(length), length) };
    },
  }),
  readErrorCounter: () => ({
    apdu: encodeAcs(ACS_SLE4428, { name: 'readErrorCounter', p1: 0, p2: 0, length: 1 + PSC_SIZE }),
    parse: ([counter]) => counter,
  }),
  readProtection(address, length) {
    const questions: Question<readonly boolean[]>[] = [];
    for (let done = 0; done < length; done += 8 * ACS_MAX_PROTECTION) {
      const count = Math.min(8 * ACS_MAX_PROTECTION, length - done);
      const bytes = Math.ceil(count / 8);
      questions.push({
        apdu: encodeAcs(ACS_SLE4428, { name: 'readProtection', ...highLow(address + done), length: bytes }),
        parse: (bits) => (bits.length === bytes ? openOf(bits, count) : undefined),
      });
    }
    return questions;
  },
  write: (address, data) => encodeAcs(ACS_SLE4428, { name: 'write', ...highLow(address), data }),
  protect: (address, data) => encodeAcs(ACS_SLE4428, { name: 'protect', ...highLow(address), data }),
  presentCode: (code) => encodeAcs(ACS_SLE4428, { name: 'presentCode', p1: 0, p2: 0, data: code }),
  changeCode: (code) => encodeAcs(ACS_SLE4428, { name: 'changeCode', p1: 0, p2: 1, data: code }),
  presented(response) {
    const sw = statusOf(response);
    if (sw >> 8 !== 0x90) return undefined;
    const data = dataOf(response);
    // 90 alone accepts wrong codes: only the counter tells, whether it comes in SW2 or, from old firmware, as data.
    if (data.length === 1 + PSC_SIZE && sw === 0x9000) return data[0];
    return data.length === 0 ? sw & 0xff : undefined;
  },
};

export const SLE4428_COMMANDS = { acs } satisfies Partial<Record<MemoryDialectName, Sle4428Commands>>;
