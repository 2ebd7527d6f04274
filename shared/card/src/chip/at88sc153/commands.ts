import type { MemoryDialectName } from '../../reader/models.ts';
import { ACS_CARD_TYPE, encodeAcs } from '../dialect/acs.ts';
import { ACS_AT88SC153 } from './acs.ts';
import type { PasswordNumber, ZoneNumber } from './constants.ts';

/** The AT88SC153's operations in one reader's words. */
export interface At88sc153Commands {
  selectType(): Uint8Array;
  read(zone: ZoneNumber, address: number, length: number): Uint8Array;
  /** Within one page. */
  write(zone: ZoneNumber, address: number, data: Uint8Array): Uint8Array;
  readFuses(): Uint8Array;
  /** One of the three bits of the fuse byte. */
  writeFuse(fuse: number): Uint8Array;
  /** Both passes in one command. */
  verifyPassword(password: PasswordNumber, code: Uint8Array): Uint8Array;
  initialiseAuth(q0: Uint8Array): Uint8Array;
  verifyAuth(q1: Uint8Array): Uint8Array;
  /** What the status word of `verifyPassword` says; undefined for an answer that is not one. */
  verified(
    sw: number,
  ): { readonly accepted: true } | { readonly accepted: false; readonly counter: number } | undefined;
}

const READ = ['readUser0', 'readUser1', 'readUser2', 'readConfig'] as const;
const WRITE = ['writeUser0', 'writeUser1', 'writeUser2', 'writeConfig'] as const;
const COUNTER_FULL = 0xff;

const acs: At88sc153Commands = {
  selectType: () =>
    encodeAcs(ACS_AT88SC153, {
      name: 'selectType',
      p1: 0,
      p2: 0,
      data: Uint8Array.of(ACS_CARD_TYPE.at88sc153),
    }),
  read: (zone, address, length) => encodeAcs(ACS_AT88SC153, { name: READ[zone], p1: 0, p2: address, length }),
  write: (zone, address, data) => encodeAcs(ACS_AT88SC153, { name: WRITE[zone], p1: 0, p2: address, data }),
  readFuses: () => encodeAcs(ACS_AT88SC153, { name: 'readFuses', p1: 0, p2: 0, length: 1 }),
  writeFuse: (fuse) =>
    encodeAcs(ACS_AT88SC153, { name: 'writeFuse', p1: 0, p2: 0, data: Uint8Array.of(fuse) }),
  verifyPassword: (password, code) =>
    encodeAcs(ACS_AT88SC153, { name: 'verifyPassword', p1: 0, p2: password, data: code }),
  initialiseAuth: (q0) => encodeAcs(ACS_AT88SC153, { name: 'initialiseAuth', p1: 0, p2: 0, data: q0 }),
  verifyAuth: (q1) => encodeAcs(ACS_AT88SC153, { name: 'verifyAuth', p1: 0, p2: 0, data: q1 }),
  verified(sw) {
    if (sw >> 8 !== 0x90) return undefined;
    const counter = sw & 0xff;
    // 90 00 is the locked counter here, and not the success that it is after every other command.
    return counter === COUNTER_FULL ? { accepted: true } : { accepted: false, counter };
  },
};

export const AT88SC153_COMMANDS = { acs } satisfies Partial<Record<MemoryDialectName, At88sc153Commands>>;
