import { ACS_MAX_BODY, encodeAcs, type AcsTable } from '../dialect/acs.ts';
import {
  encodeBusCommand,
  isVerifyAnswer,
  OMNIKEY_BUS,
  parseBusAnswer,
  type BusCommand,
} from '../dialect/omnikey.ts';
import { statusOf } from '../response.ts';
import { CONTROL, ERROR_COUNTER_ADDRESS } from './constants.ts';
import type { Sle4428Commands } from './operations.ts';

/** Pseudo-APDUs of the same shape as ACS readers'. P1 and P2 are the address, high byte first: unconfirmed for this chip. */
export const OMNIKEY_SLE4428 = {
  read: { ins: 0xb0, body: 'length' },
  write: { ins: 0xd6, body: 'data' },
  presentCode: { ins: 0x20, body: 'data' },
} as const satisfies AcsTable;

/** A bus command's three bytes: the address's high bits go along with the control byte. */
export function busCommandAt(control: number, address: number, data = 0): BusCommand {
  return { control: control | ((address >> 8) << 6), address: address & 0xff, data };
}

const at = (address: number) => ({ p1: address >> 8, p2: address & 0xff });

/** Sources and what is unconfirmed: `chip/dialect/omnikey.ts`. */
export const omnikeySle4428: Sle4428Commands = {
  maxBytes: ACS_MAX_BODY,
  noCounter: 'chip.unsupported',
  selectType: () => undefined,
  read: (address, length) => ({
    apdu: encodeAcs(OMNIKEY_SLE4428, { name: 'read', ...at(address), length }),
    parse: (data) => (data.length === length ? { data } : undefined),
  }),
  readErrorCounter: () => ({
    apdu: encodeBusCommand(OMNIKEY_BUS.threeWire, busCommandAt(CONTROL.read, ERROR_COUNTER_ADDRESS)),
    parse: (data) => parseBusAnswer(data, 1)?.[0],
  }),
  readProtection: (address, length) =>
    Array.from({ length }, (_, i) => ({
      apdu: encodeBusCommand(OMNIKEY_BUS.threeWire, busCommandAt(CONTROL.readWithProtection, address + i)),
      // The byte, then 00 where it is protected.
      parse(data: Uint8Array) {
        const bit = parseBusAnswer(data, 2)?.[1];
        return bit === undefined ? undefined : [bit !== 0];
      },
    })),
  write: (address, data) => encodeAcs(OMNIKEY_SLE4428, { name: 'write', ...at(address), data }),
  protect: () => undefined,
  presentCode: (code) => encodeAcs(OMNIKEY_SLE4428, { name: 'presentCode', p1: 0, p2: 0, data: code }),
  // FF D2 was answered with 6D 00 (e-learn.cn q-1007407).
  changeCode: () => undefined,
  presented: (response) => (isVerifyAnswer(statusOf(response)) ? 'read-counter' : undefined),
};
