import type { MemoryDialectName } from '../../reader/models.ts';
import { ACS_CARD_TYPE, ACS_MAX_BODY, encodeAcs } from '../dialect/acs.ts';
import { ACS_AT88SC102, ACS_AT88SC102_COUNTER_BITS, ACS_AT88SC1604 } from './acs.ts';
import { reverseBits } from './bit-order.ts';
import type { BitSerialCommandSet } from './zone-table.ts';

/** The operations of these chips in one reader's words. Addresses and lengths are bytes of the chip. */
export interface BitSerialCommands {
  /** Most bytes that one read or write can carry. */
  readonly maxBytes: number;
  selectType(): Uint8Array;
  read(address: number, length: number): Uint8Array;
  /** Lowers the bits that are 0 in `data`. */
  write(address: number, data: Uint8Array): Uint8Array;
  /** Raises so many whole bytes, or the words that they are, one pulse each. */
  erase(address: number, length: number): readonly Uint8Array[];
  /** Clocks a counted code through. */
  present(address: number, code: Uint8Array): Uint8Array;
  /**
   * Clocks an erase key through and erases its zone; `counterBits` of the counter behind it are searched for one to
   * spend, none where it is 0. Absent where no such zones are known.
   */
  eraseZone?(address: number, key: Uint8Array, counterBits: number): Uint8Array;
  /** What a reading carried, the chip's first bit as a byte's highest. */
  bytesOf(answer: Uint8Array): Uint8Array;
}

const WORD = 2;

const acs102: BitSerialCommands = {
  maxBytes: ACS_MAX_BODY,
  selectType: () =>
    encodeAcs(ACS_AT88SC102, {
      name: 'selectType',
      p1: 0,
      p2: 0,
      data: Uint8Array.of(ACS_CARD_TYPE.at88sc102),
    }),
  read: (address, length) => encodeAcs(ACS_AT88SC102, { name: 'read', p1: 0, p2: address, length }),
  write: (address, data) =>
    encodeAcs(ACS_AT88SC102, { name: 'write', p1: 0, p2: address, data: reverseBits(data) }),
  erase: (address, length) =>
    Array.from({ length: length / WORD }, (_, word) =>
      encodeAcs(ACS_AT88SC102, { name: 'erase', p1: 0, p2: address + word * WORD }),
    ),
  present: (address, code) => present102(address, code, ACS_AT88SC102_COUNTER_BITS),
  eraseZone: (address, key, counterBits) => present102(address, key, counterBits),
  bytesOf: reverseBits,
};

function present102(address: number, code: Uint8Array, counterBits: number): Uint8Array {
  return encodeAcs(ACS_AT88SC102, {
    name: 'present',
    p1: counterBits,
    p2: address,
    data: reverseBits(code),
  });
}

const acs1604: BitSerialCommands = {
  maxBytes: ACS_MAX_BODY,
  selectType: () =>
    encodeAcs(ACS_AT88SC1604, {
      name: 'selectType',
      p1: 0,
      p2: 0,
      data: Uint8Array.of(ACS_CARD_TYPE.at88sc1604),
    }),
  read: (address, length) => encodeAcs(ACS_AT88SC1604, { name: 'read', ...at(address), length }),
  write: (address, data) =>
    encodeAcs(ACS_AT88SC1604, { name: 'write', ...at(address), data: reverseBits(data) }),
  erase: (address, length) => [encodeAcs(ACS_AT88SC1604, { name: 'erase', ...at(address), length })],
  present: (address, code) =>
    encodeAcs(ACS_AT88SC1604, { name: 'present', ...at(address), data: reverseBits(code) }),
  bytesOf: reverseBits,
};

function at(address: number): { readonly p1: number; readonly p2: number } {
  return { p1: address >> 8, p2: address & 0xff };
}

export const BIT_SERIAL_COMMANDS: Readonly<
  Record<BitSerialCommandSet, Partial<Record<MemoryDialectName, BitSerialCommands>>>
> = {
  at88sc102: { acs: acs102 },
  at88sc1604: { acs: acs1604 },
};
