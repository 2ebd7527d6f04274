import { toHex } from '@bianmin/card/bytes/hex';
import type { CardSecurity } from '../platform/encryptor.ts';
import { MAX_BALANCE_FEN, type MeterMemory } from './accept.ts';
import type { MeterErrorNumber } from './errors.ts';
import { decodeFrame, type CreditFrame } from './frame.ts';

export type FrameVerdict =
  | { readonly credit: CreditFrame; readonly error: null }
  /** `error` null: this count was credited before. */
  | { readonly credit: null; readonly error: MeterErrorNumber | null };

interface Row {
  readonly when: string;
  readonly holds: (frame: CreditFrame, meter: MeterMemory) => boolean;
  readonly error: MeterErrorNumber | null;
}

/** How a meter judges a frame whose MAC is right: by the same counter as cards; the first row that holds decides. */
export const FRAME_ACCEPTANCE: readonly Row[] = [
  { when: 'unopened meter', holds: (_, meter) => !meter.opened, error: 15 },
  { when: 'another customer', holds: (frame, meter) => frame.customerNo !== meter.customerNo, error: 12 },
  { when: 'count equal: credited before', holds: (frame, meter) => frame.count === meter.count, error: null },
  { when: 'count not the next', holds: (frame, meter) => frame.count !== meter.count + 1, error: 17 },
  {
    when: 'over the meter’s range',
    holds: (frame, meter) => meter.balanceFen + frame.amountFen > MAX_BALANCE_FEN,
    error: 21,
  },
  {
    when: 'over the hoard limit',
    holds: (frame, meter) =>
      meter.hoardLimitFen > 0 && meter.balanceFen + frame.amountFen > meter.hoardLimitFen,
    error: 21,
  },
];

/** A frame as it came, hex. */
export function judgeFrame(hex: string, meter: MeterMemory, security: CardSecurity): FrameVerdict {
  const decoded = decodeFrame(hex, meter.meterNo);
  if (decoded === undefined) return { credit: null, error: 14 };
  const { frame, mac } = decoded;
  if (!/^\d{12}$/.test(frame.customerNo) || mac !== toHex(security.creditMac(frame))) {
    return { credit: null, error: 10 };
  }
  const row = FRAME_ACCEPTANCE.find(({ holds }) => holds(frame, meter));
  return row === undefined ? { credit: frame, error: null } : { credit: null, error: row.error };
}
