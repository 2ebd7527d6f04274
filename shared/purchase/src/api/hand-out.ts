import { z } from 'zod';
import { maskedHousehold } from './household.ts';
import { cashSum } from './float.ts';
import { refundNoParam } from './refund.ts';
import { fen, orderNo, timestamp } from './scalars.ts';

const ticket = z.string().min(1).max(64);
const { refundNo } = refundNoParam.shape;

/** The number of the paper that the household signs for its cash: printed on it, or out of a book of numbered slips. */
export const slipNo = z
  .string()
  .regex(/^[0-9A-Za-z][0-9A-Za-z-]{0,31}$/, { error: 'must be 1 to 32 letters, digits, dashes' });

/** A refund whose cash waits at the counter for its household, which is masked. */
export const waitingCash = z.object({
  refundNo,
  orderNo,
  /** On the paper that the household has. */
  receiptCode: z.string(),
  household: maskedHousehold,
  fen,
  /** Why it goes back. */
  reason: z.enum(['double-payment', 'late-payment', 'not-sold', 'not-credited', 'requested', 'compensation']),
  /** When the float had it back. */
  since: timestamp,
  /** Bought at this terminal. */
  here: z.boolean(),
});
export type WaitingCash = z.infer<typeof waitingCash>;

/** All that waits at the counters of a float, and the refunds that have waited longest. */
export const waitingCashList = z.object({ waiting: cashSum, refunds: z.array(waitingCash) });
export type WaitingCashList = z.infer<typeof waitingCashList>;

/** Staff hand out a refund's cash. The same slip is the same fact; another one is refused. */
export const handOutRequest = z.strictObject({ ticket, refundNo, slip: slipNo });
export type HandOutRequest = z.infer<typeof handOutRequest>;

/** That a household has its cash in hand. `refund.handed-out` has it as what is there already. */
export const handOut = z.object({
  refundNo,
  orderNo,
  fen,
  slip: slipNo,
  /** Who handed it out: their staff number, or the name they sign in with. */
  staff: z.string(),
  terminalId: z.string(),
  at: timestamp,
});
export type HandOutView = z.infer<typeof handOut>;
