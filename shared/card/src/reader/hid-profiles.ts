import { FEATURE } from '../framing/ccid/constants.ts';
import { CCID_XOR_FRAMING, PLAIN_FRAMING } from '../framing/hid/profile.ts';
import type { HidTransport } from './models.ts';

/**
 * What a class descriptor would say of a reader that has none: one slot, 5 V first, short APDUs, the reader deals
 * with the card's parameters. Unconfirmed; the most careful assumption for a reader of one's own maker.
 */
const ASSUMED_CCID: HidTransport['ccid'] = {
  slots: 1,
  voltages: 0x07,
  protocols: 0x03,
  features: FEATURE.shortApdu | FEATURE.autoParameters | FEATURE.autoVoltage,
  maxMessage: 271,
  maxIfsd: 254,
};

/** A vendor's own collection (HID Usage Tables 1.12 §3: usage pages FF00 to FFFF); which one is unconfirmed. */
const VENDOR_COLLECTION = { usagePage: 0xff00, usage: 0x01 } as const;

/** `02 | CCID | 03 | XOR` in reports: what a new row of the table starts from. */
export const WRAPPED_CCID_HID: HidTransport = {
  ...VENDOR_COLLECTION,
  framing: CCID_XOR_FRAMING,
  ccid: ASSUMED_CCID,
  slotChange: 'poll',
};

/** Length and CCID message in numbered reports. */
export const PLAIN_CCID_HID: HidTransport = {
  ...VENDOR_COLLECTION,
  framing: PLAIN_FRAMING,
  ccid: ASSUMED_CCID,
  slotChange: 'poll',
};
