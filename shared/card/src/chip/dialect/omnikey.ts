/**
 * Memory-card pseudo-APDUs of HID OMNIKEY contact readers, as data. **Unconfirmed as a whole: no reader was tried, and no
 * text of the maker's own guide (PLT-03099, "OMNIKEY Contact Smart Card Readers Software Developer Guide", chapter 8)
 * was at hand.** Two sets are known from programs:
 *
 * - FF B0 (read), FF D6 (write), FF 20 (verify), as PC/SC part 3 has for storage cards: two users' programs, one of which
 *   cites that guide (e-learn.cn q-1007407; a public script for SLE4442 over pyscard). Wrong codes answer 63 Cx.
 * - One command of the card's own bus inside FF 70 07 6B, on the newer firmware "AViatoR": the maker's own sample
 *   (R:hidglobal/HID-OMNIKEY-Sample-Codes HidGlobal.OK.Readers/AViatoR/Components/ContactCardComunication.cs), for readers
 *   5122 and 5422; that contact readers of the 3x21 row take it too is a guess.
 */

/** FF 70 with the maker's USB number as P1 and P2. */
const HEADER = [0xff, 0x70, 0x07, 0x6b] as const;
/** Tag of a synchronous command, and of its answer. */
const SYNCHRONOUS = 0xa6;
const ANSWER = 0x9d;
/** Bytes of one bus command: control, address, data. */
const BUS_COMMAND_BYTES = 3;

/** Tags of the two Siemens buses. */
export const OMNIKEY_BUS = { twoWire: 0xa0, threeWire: 0xa1 } as const;
export type OmnikeyBus = (typeof OMNIKEY_BUS)[keyof typeof OMNIKEY_BUS];

/** One command of the card's own bus, as its first three bytes go out. */
export interface BusCommand {
  readonly control: number;
  readonly address: number;
  readonly data: number;
}

/** `FF 70 07 6B 07 A6 05 A0|A1 03 control address data 00`. */
export function encodeBusCommand(bus: OmnikeyBus, { control, address, data }: BusCommand): Uint8Array {
  const inner = [bus, BUS_COMMAND_BYTES, control, address, data];
  const body = [SYNCHRONOUS, inner.length, ...inner];
  return Uint8Array.of(...HEADER, body.length, ...body, 0x00);
}

/** What a reader makes of an APDU, or undefined where it is no bus command. */
export function decodeBusCommand(apdu: Uint8Array): ({ readonly bus: OmnikeyBus } & BusCommand) | undefined {
  const bus = apdu[7];
  if (apdu.length !== 13 || (bus !== OMNIKEY_BUS.twoWire && bus !== OMNIKEY_BUS.threeWire)) return undefined;
  const command = {
    control: apdu[9] ?? 0,
    address: apdu[10] ?? 0,
    data: apdu[11] ?? 0,
  };
  const expected = encodeBusCommand(bus, command);
  return expected.every((byte, i) => byte === apdu[i]) ? { bus, ...command } : undefined;
}

/** Data of an answer: `9D length …`. */
export function encodeBusAnswer(data: Uint8Array): Uint8Array {
  return Uint8Array.of(ANSWER, data.length, ...data);
}

/** What the bus gave, or undefined for other data. */
export function parseBusAnswer(data: Uint8Array, length: number): Uint8Array | undefined {
  const fits = data.length === 2 + length && data[0] === ANSWER && data[1] === length;
  return fits ? data.slice(2) : undefined;
}

/** 90 00, or 63 Cx whose x is said to be tries left. Either way the counter itself must tell. */
export function isVerifyAnswer(sw: number): boolean {
  return sw === 0x9000 || sw >> 4 === 0x63c;
}
