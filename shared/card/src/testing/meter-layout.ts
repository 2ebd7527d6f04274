import { putBcd, bcd, bcdNumber } from './meter-bcd.ts';
import { frame, framed } from './meter-frame.ts';

/**
 * The sandbox's files on a meter card: parameter file, purse and return file, the same bytes on every chip.
 *
 * Frame and positions follow public meter firmware and test benches (R:float12/WorkProjectsSVN
 * `…/PrePay/GuoWang698/Card.c`): 68 | command | length 2 | … | sum | 16, length counts what lies between itself
 * and the sum; in the 45 bytes of the parameter file the meter number stands at 30, the customer number at 36,
 * the card type at 42. Widths that no public source fixes are our own and marked so in docs/protocol/meter-layout.md.
 */

/** Command bytes of the two framed files. */
export const METER_FILE = { parameters: 0x01, returnData: 0x11 } as const;

/** Card types (开户卡 / 购电卡 / 补卡). */
export const CARD_TYPE = { open: 0x01, purchase: 0x02, replacement: 0x03 } as const;
export type CardType = (typeof CARD_TYPE)[keyof typeof CARD_TYPE];

export const PARAMETERS_LENGTH = 45;
export const RETURN_LENGTH = 49;
export const PURSE_MAC_LENGTH = 4;

export interface Parameters {
  /** Bit 0 current rate, 1 backup rate, 2 current ladder, 3 backup ladder, 7 alarms and CT/PT. */
  readonly updateFlags: number;
  /** YYMMDDhhmm, 10 digits. */
  readonly rateSwitchTime: string;
  readonly alarm1Fen: number;
  readonly alarm2Fen: number;
  readonly currentRatio: number;
  readonly voltageRatio: number;
  /** 12 digits. */
  readonly meterNo: string;
  /** 12 digits. */
  readonly customerNo: string;
  readonly cardType: CardType;
}

export interface ReturnData {
  readonly currentRatio: number;
  readonly voltageRatio: number;
  readonly meterNo: string;
  readonly customerNo: string;
  readonly remainingFen: number;
  /** What is owed below zero; `remainingFen` is 0 then. */
  readonly overdraftFen: number;
  readonly count: number;
  readonly illegalCards: number;
  /** The meter's own time, YYMMDDhhmm, 10 digits. */
  readonly writtenAt: string;
}

export function encodeParameters(p: Parameters): Uint8Array {
  const bytes = new Uint8Array(PARAMETERS_LENGTH);
  bytes[5] = p.updateFlags;
  putBcd(bytes, { at: 10, length: 5, digits: p.rateSwitchTime });
  putBcd(bytes, { at: 16, length: 4, digits: p.alarm1Fen });
  putBcd(bytes, { at: 20, length: 4, digits: p.alarm2Fen });
  putBcd(bytes, { at: 24, length: 3, digits: p.currentRatio });
  putBcd(bytes, { at: 27, length: 3, digits: p.voltageRatio });
  putBcd(bytes, { at: 30, length: 6, digits: p.meterNo });
  putBcd(bytes, { at: 36, length: 6, digits: p.customerNo });
  bytes[42] = p.cardType;
  return frame(bytes, METER_FILE.parameters);
}

/** The parameters, or undefined where frame, sum or a field is damaged. */
export function decodeParameters(bytes: Uint8Array): Parameters | undefined {
  if (!framed(bytes, METER_FILE.parameters, PARAMETERS_LENGTH)) return undefined;
  const cardType = bytes[42];
  const [alarm1Fen, alarm2Fen] = [bcdNumber(bytes, 16, 4), bcdNumber(bytes, 20, 4)];
  const [currentRatio, voltageRatio] = [bcdNumber(bytes, 24, 3), bcdNumber(bytes, 27, 3)];
  const [rateSwitchTime, meterNo, customerNo] = [bcd(bytes, 10, 5), bcd(bytes, 30, 6), bcd(bytes, 36, 6)];
  if (cardType !== CARD_TYPE.open && cardType !== CARD_TYPE.purchase && cardType !== CARD_TYPE.replacement) {
    return undefined;
  }
  if (alarm1Fen === undefined || alarm2Fen === undefined) return undefined;
  if (currentRatio === undefined || voltageRatio === undefined) return undefined;
  if (rateSwitchTime === undefined || meterNo === undefined || customerNo === undefined) return undefined;
  return {
    updateFlags: bytes[5] ?? 0,
    rateSwitchTime,
    alarm1Fen,
    alarm2Fen,
    currentRatio,
    voltageRatio,
    meterNo,
    customerNo,
    cardType,
  };
}

export function encodeReturnData(r: ReturnData): Uint8Array {
  const bytes = new Uint8Array(RETURN_LENGTH);
  putBcd(bytes, { at: 5, length: 3, digits: r.currentRatio });
  putBcd(bytes, { at: 8, length: 3, digits: r.voltageRatio });
  putBcd(bytes, { at: 11, length: 6, digits: r.meterNo });
  putBcd(bytes, { at: 17, length: 6, digits: r.customerNo });
  putBcd(bytes, { at: 23, length: 4, digits: r.remainingFen });
  new DataView(bytes.buffer).setUint32(27, r.count);
  putBcd(bytes, { at: 31, length: 4, digits: r.overdraftFen });
  putBcd(bytes, { at: 39, length: 3, digits: r.illegalCards });
  putBcd(bytes, { at: 42, length: 5, digits: r.writtenAt });
  return frame(bytes, METER_FILE.returnData);
}

/** What the meter left, or undefined where the file is blank or damaged. */
export function decodeReturnData(bytes: Uint8Array): ReturnData | undefined {
  if (!framed(bytes, METER_FILE.returnData, RETURN_LENGTH)) return undefined;
  const [currentRatio, voltageRatio] = [bcdNumber(bytes, 5, 3), bcdNumber(bytes, 8, 3)];
  const [meterNo, customerNo, writtenAt] = [bcd(bytes, 11, 6), bcd(bytes, 17, 6), bcd(bytes, 42, 5)];
  const [remainingFen, overdraftFen] = [bcdNumber(bytes, 23, 4), bcdNumber(bytes, 31, 4)];
  const illegalCards = bcdNumber(bytes, 39, 3);
  if (currentRatio === undefined || voltageRatio === undefined || illegalCards === undefined)
    return undefined;
  if (meterNo === undefined || customerNo === undefined || writtenAt === undefined) return undefined;
  if (remainingFen === undefined || overdraftFen === undefined) return undefined;
  const count = new DataView(bytes.buffer, bytes.byteOffset, RETURN_LENGTH).getUint32(27);
  return {
    currentRatio,
    voltageRatio,
    meterNo,
    customerNo,
    remainingFen,
    overdraftFen,
    count,
    illegalCards,
    writtenAt,
  };
}

/** A return file is empty when every byte is 00 or every byte is FF; a mixture is a torn one, not an empty one. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x00) || bytes.every((byte) => byte === 0xff);
}
