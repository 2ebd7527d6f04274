import { z } from 'zod';
import { billPeriod } from './account.ts';
import { consentForm } from './consent.ts';
import { discountNames } from './discount-names.ts';
import { maskedHousehold } from './household.ts';
import { orderKind } from './order.ts';
import { channel, fen, orderNo, timestamp } from './scalars.ts';

/** How far what was paid for is, as paper and page say it. */
export const RECEIPT_OUTCOMES = [
  'paid', // the money is here; the rest is under way
  'written', // on the card
  'credited', // in the meter, by its own word or from afar; or in the account
  'refunding', // the money is on its way back
  'refunded',
] as const;

/** What a resident keeps of a purchase, on paper and on a phone: always masked. */
export const receipt = z.object({
  orderNo,
  /** To read aloud to a helper. */
  receiptCode: z.string(),
  /** Opens this on a phone. Its holder may see the receipt, and do nothing else. */
  url: z.url(),
  outcome: z.enum(RECEIPT_OUTCOMES),
  /** Where it went; absent: `card`. */
  kind: orderKind.optional(),
  /** Of `account`: the month's bill that it paid. */
  bill: z.object({ period: billPeriod }).optional(),
  faceFen: fen,
  discountFen: fen,
  paidFen: fen,
  /** Who gives `discountFen`, in each language. */
  discount: z.object({ names: discountNames }).optional(),
  /** `cash`: staff took it. */
  channel: z.enum([...channel.options, 'cash']),
  paidAt: timestamp,
  /** Masked. */
  household: maskedHousehold,
  /** Staff bought it for a household that could not come: on the paper that it signed. */
  byConsent: z.object({ form: consentForm }).optional(),
  /** Where it was bought; null where it was bought on a phone. */
  place: z.string().nullable(),
  /** What the meter said is left, fen, where it was credited from afar. May be negative. */
  balanceFen: z.int().nullable(),
  /** What goes or went back, fen; 0 where nothing does. */
  refundFen: fen,
  /** Cash that goes back over the counter, where it is written down: what waits there, and what the household was handed, when last. */
  cashBack: z.object({ waitingFen: fen, handedOutFen: fen, handedOutAt: timestamp.nullable() }).optional(),
});
export type Receipt = z.infer<typeof receipt>;

export const receiptToken = z.strictObject({ token: z.string().max(64) });
