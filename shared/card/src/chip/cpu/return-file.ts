import { equalBytes } from '../../bytes/compare.ts';
import type { Region } from '../region.ts';
import type { DescribedDialect } from './dialect.ts';

/**
 * What stands in the file that the meter writes back. `torn` is neither empty nor whole: the card was pulled out
 * of the meter, or of a terminal, while it was written.
 */
export type ReturnState = 'blank' | 'written' | 'torn';

/** The file that a vending write leaves: blank by the rule of every dialect. FF is not blank to all meters. */
export const BLANK_BYTE = 0x00;

/** 68 | 11 | length 2 | … | sum | 16, where the length counts what lies between itself and the sum. */
const FRAME = { start: 0x68, command: 0x11, overhead: 6, end: 0x16 } as const;

/**
 * Whether the meter takes a return file for empty, as its dialect says. `uniform`: all bytes 00, or all FF. `head`:
 * the firmware looks at eight bytes only, and calls a file empty that does not begin with 68 and whose bytes 5 to 7,
 * the current transformer's ratio, are 00 (R:float12/WorkProjectsSVN `…/PrePay/GuoWang698/Card.c`).
 */
export function returnState(
  { returnBlank }: Pick<DescribedDialect, 'returnBlank'>,
  file: Uint8Array,
): ReturnState {
  if (returnBlank === 'head') {
    const ratio = file.subarray(5, 8);
    if (file[0] !== FRAME.start && ratio.length === 3 && ratio.every((byte) => byte === 0)) return 'blank';
  } else if (file.length > 0 && [0x00, 0xff].some((blank) => file.every((byte) => byte === blank))) {
    return 'blank';
  }
  return framed(file) ? 'written' : 'torn';
}

/** Files of a card before and after a vending write, whole. */
export interface VendingFiles {
  readonly parameters: Uint8Array;
  readonly purse: Uint8Array;
  readonly returned: Uint8Array;
}

export interface VendingWrite {
  readonly dialect: DescribedDialect;
  readonly before: VendingFiles;
  readonly after: VendingFiles;
  /** Purchases that the meter has counted, where the grid knows better than the card. */
  readonly meterCount?: number;
}

/** Why a meter would refuse a card, or credit it wrongly. */
export type VendingFault =
  /** Error 18 of the meter: it rewrites the return file and credits nothing. */
  | 'return-not-blank'
  /** Error 17: lower or higher by two, nothing is credited; the same, only the return file is rewritten. */
  | 'count-not-next'
  /** The card has not been in its meter since the last purchase, so that the meter's count is not known. */
  | 'meter-count-unknown'
  /** What the meter left is damaged: its count cannot be believed. */
  | 'return-torn'
  /** The return file is another meter's: error 11. */
  | 'other-meter';

/** Everything that is wrong with a vending write; empty for a right one. Pure: nothing is read or written. */
export function vendingFaults({ dialect, before, after, meterCount }: VendingWrite): readonly VendingFault[] {
  const faults: VendingFault[] = [];
  const { fields } = dialect;
  const state = returnState(dialect, before.returned);
  const counted =
    meterCount ?? (state === 'written' ? numberAt(before.returned, fields.returnedCount) : undefined);
  if (state === 'torn') faults.push('return-torn');
  if (counted === undefined && state === 'blank') faults.push('meter-count-unknown');
  const ownMeter = bytesAt(before.parameters, fields.meterNo);
  if (state === 'written' && !equalBytes(bytesAt(before.returned, fields.returnedMeterNo), ownMeter)) {
    faults.push('other-meter');
  }
  if (counted !== undefined && numberAt(after.purse, fields.count) !== counted + 1)
    faults.push('count-not-next');
  if (returnState(dialect, after.returned) !== 'blank') faults.push('return-not-blank');
  return faults;
}

function framed(file: Uint8Array): boolean {
  const length = file.length - FRAME.overhead;
  const sum = file.subarray(1, -2).reduce((total, byte) => (total + byte) & 0xff, 0);
  return (
    length > 0 &&
    file[0] === FRAME.start &&
    file[1] === FRAME.command &&
    file[2] === length >> 8 &&
    file[3] === (length & 0xff) &&
    file[file.length - 2] === sum &&
    file[file.length - 1] === FRAME.end
  );
}

function bytesAt(file: Uint8Array, { offset, length }: Region): Uint8Array {
  return file.subarray(offset, offset + length);
}

/** Big-endian, as counts and amounts are on these cards. */
function numberAt(file: Uint8Array, region: Region): number {
  return bytesAt(file, region).reduce((sum, byte) => sum * 0x100 + byte, 0);
}
