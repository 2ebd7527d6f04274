import type { MemoryDialectName } from '../../reader/models.ts';
import { ACS_CARD_TYPE, ACS_MAX_BODY, encodeAcs } from '../dialect/acs.ts';
import { ACS_SLE4442 } from './acs.ts';
import { ERROR_COUNTER_FULL } from './constants.ts';

/** The SLE4442's operations in one reader's words. */
export interface Sle4442Commands {
  /** Most bytes that one read or write can carry. */
  readonly maxBytes: number;
  selectType(): Uint8Array;
  read(address: number, length: number): Uint8Array;
  readErrorCounter(): Uint8Array;
  readProtection(): Uint8Array;
  write(address: number, data: Uint8Array): Uint8Array;
  protect(address: number, data: Uint8Array): Uint8Array;
  presentCode(code: Uint8Array): Uint8Array;
  changeCode(code: Uint8Array): Uint8Array;
  /** What the status word of `presentCode` says; undefined for an answer that is not one. */
  presented(
    sw: number,
  ): { readonly accepted: true } | { readonly accepted: false; readonly errorCounter: number } | undefined;
}

const acs: Sle4442Commands = {
  maxBytes: ACS_MAX_BODY,
  selectType: () =>
    encodeAcs(ACS_SLE4442, { name: 'selectType', p1: 0, p2: 0, data: Uint8Array.of(ACS_CARD_TYPE.sle4442) }),
  read: (address, length) => encodeAcs(ACS_SLE4442, { name: 'read', p1: 0, p2: address, length }),
  readErrorCounter: () => encodeAcs(ACS_SLE4442, { name: 'readErrorCounter', p1: 0, p2: 0, length: 4 }),
  readProtection: () => encodeAcs(ACS_SLE4442, { name: 'readProtection', p1: 0, p2: 0, length: 4 }),
  write: (address, data) => encodeAcs(ACS_SLE4442, { name: 'write', p1: 0, p2: address, data }),
  protect: (address, data) => encodeAcs(ACS_SLE4442, { name: 'protect', p1: 0, p2: address, data }),
  presentCode: (code) => encodeAcs(ACS_SLE4442, { name: 'presentCode', p1: 0, p2: 0, data: code }),
  changeCode: (code) => encodeAcs(ACS_SLE4442, { name: 'changeCode', p1: 0, p2: 1, data: code }),
  presented(sw) {
    if (sw >> 8 !== 0x90) return undefined;
    const errorCounter = sw & 0xff;
    // A driver that accepts any 90 xx takes a wrong code for a right one: only a full counter proves it.
    return errorCounter === ERROR_COUNTER_FULL ? { accepted: true } : { accepted: false, errorCounter };
  },
};

export const SLE4442_COMMANDS = { acs } satisfies Partial<Record<MemoryDialectName, Sle4442Commands>>;
