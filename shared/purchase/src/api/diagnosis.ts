import { z } from 'zod';
import { ORDER_ACTIONS } from './order-decisions.ts';
import { orgNames } from './org.ts';
import { fen, timestamp } from './scalars.ts';

/** Where money is that is on its way back, or was. */
export const BACK_PLACES = [
  'going-back',
  'not-given-back', // its channel could not
  'cash-owed', // at the counter, for its household
  'went-back',
] as const;

/** Where the money of an order is. */
export const MONEY_PLACES = [
  'not-paid',
  'paid-unknown', // a channel has not said whether it was paid
  'with-us', // paid, and no sale stands for it
  'spent', // the sale stands
  ...BACK_PLACES,
] as const;
export type MoneyPlace = (typeof MONEY_PLACES)[number];
export type BackPlace = (typeof BACK_PLACES)[number];

/** Where the electricity of an order is. */
export const POWER_PLACES = [
  'not-sold', // nobody asked for it
  'being-asked', // the grid was asked, and has not answered
  'refused', // by the grid, for good
  'being-undone', // the grid was asked to undo the sale, and has not answered
  'undone',
  'for-card', // sold, and on no card
  'being-written', // a terminal has the plan, until then
  'perhaps-on-card', // a terminal had the plan, and did not say that it is written
  'on-card', // a terminal said so; the meter has said nothing
  'refused-by-meter', // on the card, and the meter wrote back that it did not take it
  'being-credited', // from afar
  'not-credited', // it cannot be, from afar
  'in-meter', // by the meter's word
  'in-account',
  'disputed', // the grid says otherwise than we
] as const;
export type PowerPlace = (typeof POWER_PLACES)[number];

/** Who is to do what is recommended. */
const HOUSEHOLD_ACTS = [
  'pay',
  'buy-again',
  'insert-in-meter',
  'bring-card',
  'choose',
  'collect-cash',
] as const;
/** `settle-with-grid`: no action of ours ends it. */
const STAFF_ACTS = [...ORDER_ACTIONS, 'settle-with-grid'] as const;
const NOBODYS_ACTS = ['wait', 'none'] as const;
export const DIAGNOSIS_ACTS = [...HOUSEHOLD_ACTS, ...STAFF_ACTS, ...NOBODYS_ACTS] as const;
export type DiagnosisAct = (typeof DIAGNOSIS_ACTS)[number];
export type ActBy = 'household' | 'staff' | 'nobody';

export function actBy(act: DiagnosisAct): ActBy {
  const isOf = (acts: readonly DiagnosisAct[]): boolean => acts.includes(act);
  if (isOf(HOUSEHOLD_ACTS)) return 'household';
  return isOf(NOBODYS_ACTS) ? 'nobody' : 'staff';
}

/** Why an order waits for a decision of two persons (docs/order.md). */
export const ATTENTION_REASONS = [
  'late-sale',
  'sale-mismatch',
  'credit-mismatch',
  'reversal-refused',
  'grid-disagrees',
  'payment-mismatch',
] as const;

/** Why that is what is to be done. */
export const BECAUSE = [
  'unpaid',
  'nothing-kept', // no money is with us, and no sale stands
  'not-inserted',
  'meter-full',
  'meter-refused',
  'not-on-card',
  'broke-off',
  'write-failed',
  'undo-allowed',
  'being-written',
  'meter-silent',
  'meter-unreachable',
  'channel-silent',
  'grid-silent',
  'vendor-credit', // ours at the grid is short
  'refund-under-way',
  'channel-cannot-refund',
  'cash-waits',
  'bought-and-back', // in the meter, and the money went back
  'all-done',
  ...ATTENTION_REASONS,
] as const;
export type Because = (typeof BECAUSE)[number];

/** A terminal as people call it, and the community that it stands in. */
export const diagnosisPlace = z.object({ terminal: z.string(), community: orgNames.optional() });
export type DiagnosisPlace = z.infer<typeof diagnosisPlace>;

/** Where an order's money and electricity are, and the one thing to be done. Said in words by `diagnosis/say.ts`. */
export const diagnosis = z.object({
  /** When it was told. */
  at: timestamp,
  money: z.object({
    at: z.enum(MONEY_PLACES),
    /** Of what is there; of an order that nobody paid, what it asks for. */
    fen,
    since: timestamp,
    /** All that came for the order, and all of it that went back. */
    takenFen: fen,
    backFen: fen,
    /** Of what came a second time, and of what staff gave back although the purchase stands. */
    besides: z.object({ at: z.enum(BACK_PLACES), fen }).optional(),
  }),
  power: z.object({
    at: z.enum(POWER_PLACES),
    /** What goes to the meter, once it is sold. */
    creditFen: fen,
    since: timestamp,
    /** Of what a terminal did to a card. */
    place: diagnosisPlace.optional(),
    /** Of a meter that has no room: it takes it once it holds no more than this, fen. */
    belowFen: fen.optional(),
  }),
  act: z.object({
    do: z.enum(DIAGNOSIS_ACTS),
    by: z.enum(['household', 'staff', 'nobody']),
    because: z.enum(BECAUSE),
    /** Of `wait`: then it is over, or told to a person. */
    until: timestamp.optional(),
  }),
});
export type Diagnosis = z.infer<typeof diagnosis>;
