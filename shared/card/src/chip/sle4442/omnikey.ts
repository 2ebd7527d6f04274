import { ACS_MAX_BODY, encodeAcs, type AcsTable } from '../dialect/acs.ts';
import { encodeBusCommand, isVerifyAnswer, OMNIKEY_BUS, parseBusAnswer } from '../dialect/omnikey.ts';
import { statusOf } from '../response.ts';
import { CONTROL, PROTECTION_SIZE, PSC_SIZE } from './constants.ts';
import type { Sle4442Commands } from './operations.ts';

/** Pseudo-APDUs of the same shape as ACS readers'. P1 is 00, P2 the byte address. */
export const OMNIKEY_SLE4442 = {
  read: { ins: 0xb0, body: 'length' },
  write: { ins: 0xd6, body: 'data' },
  presentCode: { ins: 0x20, body: 'data' },
} as const satisfies AcsTable;

const onBus = (control: number) => encodeBusCommand(OMNIKEY_BUS.twoWire, { control, address: 0, data: 0 });

/** Sources and what is unconfirmed: `chip/dialect/omnikey.ts`. */
export const omnikeySle4442: Sle4442Commands = {
  maxBytes: ACS_MAX_BODY,
  noCounter: 'chip.unsupported',
  selectType: () => undefined,
  read: (address, length) => ({
    apdu: encodeAcs(OMNIKEY_SLE4442, { name: 'read', p1: 0, p2: address, length }),
    parse: (data) => (data.length === length ? data : undefined),
  }),
  // Security memory: the counter, then the code, which reads as 00 until it was presented.
  readErrorCounter: () => ({
    apdu: onBus(CONTROL.readSecurity),
    parse: (data) => parseBusAnswer(data, 1 + PSC_SIZE)?.[0],
  }),
  readProtection: () => ({
    apdu: onBus(CONTROL.readProtection),
    parse: (data) => parseBusAnswer(data, PROTECTION_SIZE),
  }),
  write: (address, data) => encodeAcs(OMNIKEY_SLE4442, { name: 'write', p1: 0, p2: address, data }),
  protect: () => undefined,
  presentCode: (code) => encodeAcs(OMNIKEY_SLE4442, { name: 'presentCode', p1: 0, p2: 0, data: code }),
  // FF D2 was answered with 6D 00 (e-learn.cn q-1007407); FF 21 with old and new code is one program's, not tried by it.
  changeCode: () => undefined,
  presented: (response) => (isVerifyAnswer(statusOf(response)) ? 'read-counter' : undefined),
};
