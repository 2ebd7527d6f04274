import { z } from 'zod';
import { consentForm } from './consent.ts';
import { diagnosis } from './diagnosis.ts';
import { cashSum, staffPinEntry } from './float.ts';
import { maskedHousehold } from './household.ts';
import { meterWord, orderKind, orderState } from './order.ts';
import { channel, fen, orderNo, timestamp } from './scalars.ts';
import { openShift } from './shift.ts';

/** Who stands at the terminal: staff number or the name they sign in with, and PIN. */
export const counterSessionRequest = staffPinEntry.extend({
  /**
   * For a shift, at whose drawer cash is taken without the PIN for each household. Absent: a terminal of a version before shifts,
   * whose ticket ends ten minutes after its last use.
   */
  shift: z.literal(true).optional(),
});
export type CounterSessionRequest = z.infer<typeof counterSessionRequest>;

const ticket = z.string().min(1).max(64);

/** Staff are at a terminal. */
export const counterSession = z.object({
  /**
   * Stands for the PIN at this terminal: for a shift, with the PIN again after five minutes without use (`staff.pin-needed`), and
   * for twelve hours at most.
   */
  ticket: z.string(),
  /** The name they sign in with. */
  staff: z.string(),
  /** What they may see here: orders (`order:read`), and what was taken in cash (`float:use`). */
  may: z.object({ orders: z.boolean(), cash: z.boolean() }),
  /** Whose orders they see: the community's that the terminal stands in, or this terminal's alone where it stands in none. */
  orders: z.enum(['community', 'terminal']),
  /** Their drawer; null where they take no cash, or nobody does here. */
  shift: openShift.nullable(),
  /** When the PIN is asked for again: without use for so long, ms; and for a household's cash above so much, fen. */
  pinAfterMs: z.int(),
  pinAboveFen: fen,
});
export type CounterSession = z.infer<typeof counterSession>;

export const counterTicket = z.strictObject({ ticket });
/** The same person, once more by their PIN alone. */
export const counterPinRequest = z.strictObject({ ticket, pin: staffPinEntry.shape.pin });
export type CounterPinRequest = z.infer<typeof counterPinRequest>;

export const counterOrdersRequest = z.strictObject({
  ticket,
  /** `unfinished`: paid, and neither on the card, nor in the meter, nor given back. */
  list: z.enum(['recent', 'unfinished']),
  /** An order's number, a receipt's code, a customer's number or its last four digits, as typed or scanned. */
  key: z.string().trim().min(1).max(64).optional(),
  /** Older than this order. */
  after: orderNo.optional(),
  limit: z.int().min(1).max(50).default(20),
});
export type CounterOrdersRequest = z.input<typeof counterOrdersRequest>;

/** What staff can do about an order at a terminal. */
export const COUNTER_NEXT = [
  /** The payer has not paid. */
  'pay',
  /** Nothing: it is asked about by itself. */
  'wait',
  /** Put its card in: it is written. */
  'insert-card',
  /** It was called written; put its card in and see whether it is. */
  'check-card',
  /** Another terminal is writing it. */
  'written-elsewhere',
  /** The household chooses card or money back. */
  'choose',
  /** A decision at the console. */
  'office',
  /** It is over. */
  'none',
] as const;
export const counterNext = z.enum(COUNTER_NEXT);
export type CounterNext = z.infer<typeof counterNext>;

/** An order as staff at a terminal may see it; the household's name, address and number are masked. */
export const counterOrder = z.object({
  orderNo,
  createdAt: timestamp,
  state: orderState,
  paidFen: fen,
  household: maskedHousehold,
  /** Made at this terminal. */
  here: z.boolean(),
  next: counterNext,
  ...meterWord,
});
export type CounterOrder = z.infer<typeof counterOrder>;

/** Newest first. */
export const counterOrders = z.object({ orders: z.array(counterOrder), next: orderNo.nullable() });
export type CounterOrders = z.infer<typeof counterOrders>;

export const counterOrderRequest = z.strictObject({ ticket, orderNo });

export const counterOrderDetail = counterOrder.extend({
  /** Where its money and electricity are, and the one thing to do. */
  diagnosis,
  faceFen: fen,
  discountFen: fen,
  kind: orderKind,
  /** Staff made it for a household that could not come: on the paper that it signed. */
  byConsent: z.object({ form: consentForm }).optional(),
  /** How it was paid; null while it is not. */
  means: z.enum([...channel.options, 'cash']).nullable(),
  /** Given once paid. */
  receiptCode: z.string().nullable(),
  /** How often this meter was sold to, with this order. */
  count: z.int(),
  /** Money that went or goes back, fen. */
  refundFen: fen,
  /** Why the last terminal could not write it, as its error code; null where none said so. */
  writeFault: z.string().nullable(),
  /** When another terminal's turn to write ends; null where none has it. */
  leaseUntil: timestamp.nullable(),
  /** What happened, oldest first. */
  steps: z.array(
    z.object({
      step: z.enum(['made', 'paid', 'sold', 'released', 'failed', 'written', 'credited', 'refunded']),
      at: timestamp,
    }),
  ),
});
export type CounterOrderDetail = z.infer<typeof counterOrderDetail>;

/** What was taken in cash today at a terminal's float, and by the clerk who asks. */
export const counterTakings = z.object({
  committee: z.string(),
  balanceFen: z.int(),
  /** What the float may still pay today, fen; its balance may be less. */
  leftTodayFen: fen,
  frozen: z.boolean(),
  /** By everybody, less what was given back, fen. */
  takenTodayFen: z.int(),
  /** By the clerk who asks, fen; `backFen`: what they handed out, by whichever clerk and when it was taken. */
  mine: z.object({ takenFen: z.int(), backFen: z.int(), times: z.int() }),
  /** At this float's counters, for households that have not been handed it. */
  waiting: cashSum,
  /** Of that clerk, today, newest first; the newest fifty. `backFen`: what of it a household was handed today. */
  entries: z.array(z.object({ orderNo, fen, backFen: fen, at: timestamp })),
});
export type CounterTakings = z.infer<typeof counterTakings>;
