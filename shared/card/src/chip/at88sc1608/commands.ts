import type { MemoryDialectName } from '../../reader/models.ts';
import { ACS_CARD_TYPE, ACS_MAX_BODY, encodeAcs } from '../dialect/acs.ts';
import { ACS_AT88SC1608 } from './acs.ts';
import { COUNTER_FULL, FUSE_ADDRESS } from './constants.ts';

/** The AT88SC1608's operations in one reader's words. */
export interface At88Sc1608Commands {
  /** Most bytes that one read can carry. */
  readonly maxBytes: number;
  selectType(): Uint8Array;
  read(zone: number, address: number, length: number): Uint8Array;
  readConfig(address: number, length: number): Uint8Array;
  write(zone: number, address: number, data: Uint8Array): Uint8Array;
  writeConfig(address: number, data: Uint8Array): Uint8Array;
  readFuses(): Uint8Array;
  blowFuse(): Uint8Array;
  verifyPassword(index: number, password: Uint8Array): Uint8Array;
  initializeAuthentication(q0: Uint8Array): Uint8Array;
  verifyAuthentication(q1: Uint8Array): Uint8Array;
  /** What the status word of `verifyPassword` says; undefined for an answer that is not one. */
  verified(
    sw: number,
  ): { readonly accepted: true } | { readonly accepted: false; readonly counter: number } | undefined;
}

const encode = (command: Parameters<typeof encodeAcs<typeof ACS_AT88SC1608>>[1]): Uint8Array =>
  encodeAcs(ACS_AT88SC1608, command);

const acs: At88Sc1608Commands = {
  maxBytes: ACS_MAX_BODY,
  selectType: () =>
    encode({ name: 'selectType', p1: 0, p2: 0, data: Uint8Array.of(ACS_CARD_TYPE.at88sc1608) }),
  read: (zone, address, length) => encode({ name: 'read', p1: zone, p2: address, length }),
  readConfig: (address, length) => encode({ name: 'readConfig', p1: 0, p2: address, length }),
  write: (zone, address, data) => encode({ name: 'write', p1: zone, p2: address, data }),
  writeConfig: (address, data) => encode({ name: 'writeConfig', p1: 0, p2: address, data }),
  readFuses: () => encode({ name: 'readConfig', p1: 0, p2: FUSE_ADDRESS, length: 1 }),
  blowFuse: () => encode({ name: 'blowFuse', p1: 0, p2: FUSE_ADDRESS }),
  verifyPassword: (index, password) =>
    encode({ name: 'verifyPassword', p1: 0, p2: 0, data: Uint8Array.of(index, ...password) }),
  initializeAuthentication: (q0) => encode({ name: 'initializeAuthentication', p1: 0, p2: 0, data: q0 }),
  verifyAuthentication: (q1) => encode({ name: 'verifyAuthentication', p1: 0, p2: 0, data: q1 }),
  verified(sw) {
    if (sw >> 8 !== 0x90) return undefined;
    const counter = sw & 0xff;
    // The word is the attempts counter: 90 00, which elsewhere is success, is a password locked for ever.
    return counter === COUNTER_FULL ? { accepted: true } : { accepted: false, counter };
  },
};

export const AT88SC1608_COMMANDS = { acs } satisfies Partial<Record<MemoryDialectName, At88Sc1608Commands>>;
