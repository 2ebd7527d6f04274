import { z } from 'zod';
import { billLie } from '../bill-lies.ts';

export const OPERATIONS = [
  'create',
  'query',
  'close',
  'refund',
  'query-refund',
  'bill',
  'identity',
  'any',
] as const;

/**
 * How one answer of the API goes wrong. `…-before` does nothing first, `…-after` does what was asked. `slow-before`: it is
 * done `delayMs` later, even if the caller has gone; `slow-after`: it is done now and answered so much later.
 * `behind`: a query is answered as it was before any money came, as from a copy of the books that lags.
 */
export const API_FAULTS = [
  'timeout-before',
  'timeout-after',
  'reset-before',
  'reset-after',
  'error-before',
  'error-after',
  'frequency-limited',
  'not-enough',
  'bad-signature',
  'unsigned',
  'unknown-serial',
  'old-clock',
  'other-payment',
  'slow-before',
  'slow-after',
  'behind',
] as const;

export type ApiFault = (typeof API_FAULTS)[number];

/** How one delivery of a notification goes wrong. */
export const NOTIFY_FAULTS = [
  /** Sent never. Delivery is not guaranteed. */
  'lost',
  /** Sent `delayMs` later. */
  'late',
  /** Kept back until another notification was delivered. */
  'out-of-order',
  /** Sent twice at once, each freshly signed. */
  'duplicate',
  /** The same bytes and headers sent again after the acknowledgement. */
  'replay',
  /** One bit of the signature is wrong. */
  'bad-signature',
  /** One byte of the body differs from what was signed. */
  'tampered',
  /** Signed with a key that the merchant was never given. */
  'unknown-serial',
  /** The platform's own probe, whose signature must not verify. */
  'signtest',
  /** Signed ten minutes ago. */
  'stale',
  /** Sealed with another APIv3 key. */
  'other-key',
  /** Genuine, but the amount is one fen less. */
  'wrong-amount',
  /** Genuine, but about another merchant. */
  'foreign-merchant',
  /** Genuine, but about another application of the merchant. */
  'foreign-app',
  /** Genuine, but not in yuan. */
  'foreign-currency',
] as const;

export type NotifyFault = (typeof NOTIFY_FAULTS)[number];

const times = z.int().min(1).max(10_000).default(1);

/** Only of payments and refunds whose number begins so. */
const about = z.string().default('');

const ms = z.int().min(0).default(0);

const apiFault = z.strictObject({
  on: z.enum(OPERATIONS).default('any'),
  kind: z.enum(API_FAULTS),
  times,
  delayMs: ms,
  about,
});

const notifyFault = z.strictObject({
  on: z.enum(['payment', 'refund', 'any']).default('any'),
  kind: z.enum(NOTIFY_FAULTS),
  times,
  delayMs: ms,
  about,
});

/** What one new refund becomes, and when. */
const refundFault = z.strictObject({
  outcome: z.enum(['SUCCESS', 'ABNORMAL', 'CLOSED']).default('SUCCESS'),
  delayMs: ms,
  /** So much less than was asked for is given in the end, fen; asked for once more, the wallet makes it good. */
  shortFen: z.int().min(0).default(0),
  times,
  about,
});

/** `POST /wallet/faults`. What is named is set; lists replace what is left of the old list. */
export const faultsRequest = z.strictObject({
  /** Everything back to normal first. */
  reset: z.boolean().optional(),
  /** The lists are added to what is left of the old ones. */
  add: z.boolean().optional(),
  api: z.array(apiFault).max(100).optional(),
  notify: z.array(notifyFault).max(100).optional(),
  /** What new refunds become in place of `refundOutcome` and `refundDelayMs`, used up one by one. */
  refunds: z.array(refundFault).max(100).optional(),
  /** Every call is answered 500: the channel is down. */
  outage: z.boolean().optional(),
  /** Which of the platform's keys signs: change it for a rotation. */
  signWith: z.enum(['publicKeyMode', 'certificateMode']).optional(),
  /** `close`: an expired trade says CLOSED. `leave`: it says NOTPAY until the merchant closes it. */
  expiry: z.enum(['close', 'leave']).optional(),
  /** What the next refunds become, and when. */
  refundOutcome: z.enum(['SUCCESS', 'ABNORMAL', 'CLOSED']).optional(),
  refundDelayMs: z.int().min(0).optional(),
  /** The schedule of retries is divided by this. */
  timeScale: z.number().min(1).max(1_000_000).optional(),
  /** How long after the code's expiry a late payment arrives. */
  lateMs: z.int().min(0).optional(),
  /** Bills of today at any hour, instead of yesterday's from 10:00. */
  billsAtOnce: z.boolean().optional(),
  /** What bills say otherwise than the books. */
  billLies: z.array(billLie).max(10_000).optional(),
  /** A bill whose file is not what was announced, or whose totals are not those of its rows. */
  billFault: z.enum(['none', 'hash', 'totals']).optional(),
});

export type FaultsRequest = z.input<typeof faultsRequest>;

/** Knobs that stay as they are set. */
export type NormalFaults = Omit<FaultsRequest, 'reset' | 'add' | ListName>;

type ListName = 'api' | 'notify' | 'refunds';

export type ApiEntry = z.output<typeof apiFault>;

export type NotifyEntry = z.output<typeof notifyFault>;

export type RefundEntry = z.output<typeof refundFault>;

/** What becomes of one new refund. */
export type RefundPolicy = Pick<RefundEntry, 'outcome' | 'delayMs' | 'shortFen'>;

export type Named = Omit<z.output<typeof faultsRequest>, 'reset' | 'add' | ListName>;

export type Settings = { readonly [Name in keyof Named]-?: Exclude<Named[Name], undefined> };
