import type { MemoryDialectName } from '../../reader/models.ts';
import { ACS_CARD_TYPE, ACS_MAX_BODY, encodeAcs } from '../dialect/acs.ts';
import { statusOf } from '../response.ts';
import { ACS_SLE4442 } from './acs.ts';
import { PROTECTION_SIZE } from './constants.ts';
import { omnikeySle4442 } from './omnikey.ts';
import type { Sle4442Commands } from './operations.ts';

/** The counter, and three bytes that say nothing. */
const COUNTER_LENGTH = 4;

const acs: Sle4442Commands = {
  maxBytes: ACS_MAX_BODY,
  noCounter: 'chip.unreadable',
  selectType: () =>
    encodeAcs(ACS_SLE4442, { name: 'selectType', p1: 0, p2: 0, data: Uint8Array.of(ACS_CARD_TYPE.sle4442) }),
  read: (address, length) => ({
    apdu: encodeAcs(ACS_SLE4442, { name: 'read', p1: 0, p2: address, length }),
    // Older firmware appends the four bytes of protection memory to what was asked for.
    parse: (data) =>
      data.length === length || data.length === length + PROTECTION_SIZE ? data.slice(0, length) : undefined,
  }),
  readErrorCounter: () => ({
    apdu: encodeAcs(ACS_SLE4442, {
      ...{ name: 'readErrorCounter', p1: 0, p2: 0, length: COUNTER_LENGTH },
    }),
    // A card that answers at another length than was asked is not to be given its code.
    parse: (data) => (data.length === COUNTER_LENGTH ? data[0] : undefined),
  }),
  readProtection: () => ({
    apdu: encodeAcs(ACS_SLE4442, { name: 'readProtection', p1: 0, p2: 0, length: PROTECTION_SIZE }),
    parse: (bits) => (bits.length === PROTECTION_SIZE ? bits : undefined),
  }),
  write: (address, data) => encodeAcs(ACS_SLE4442, { name: 'write', p1: 0, p2: address, data }),
  protect: (address, data) => encodeAcs(ACS_SLE4442, { name: 'protect', p1: 0, p2: address, data }),
  presentCode: (code) => encodeAcs(ACS_SLE4442, { name: 'presentCode', p1: 0, p2: 0, data: code }),
  changeCode: (code) => encodeAcs(ACS_SLE4442, { name: 'changeCode', p1: 0, p2: 1, data: code }),
  presented(response) {
    const sw = statusOf(response);
    // A driver that accepts any 90 xx takes a wrong code for a right one: xx is the counter.
    return sw >> 8 === 0x90 && response.length === 2 ? sw & 0xff : undefined;
  },
};

export const SLE4442_COMMANDS = { acs, omnikey: omnikeySle4442 } satisfies Record<
  MemoryDialectName,
  Sle4442Commands
>;
