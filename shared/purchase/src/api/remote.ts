import { z } from 'zod';
import { accountFacts, billNo } from './account.ts';
import { consentId } from './consent-id.ts';
import { maskedHousehold } from './household.ts';
import { meterState } from './meter.ts';
import { creditChoice } from './order.ts';
import { entry, fen } from './scalars.ts';

/** 户号: a customer's number at the grid. Its length differs from province to province. */
export const customerNo = z.string().regex(/^[0-9A-Za-z]{4,20}$/, { error: 'must be a customer number' });

/** A resident's one-time proof that they may buy for this customer number at this terminal; opaque. */
const proof = z.string().min(1).max(256);

const proven = { customerNo, proof };
const byProof = z.strictObject(proven);
/** Or staff, by the ticket of their shift, for a household that has consented: the consent names it, and no number is typed. */
const consented = { ticket: z.string().min(1).max(64), consent: consentId };
const byConsent = z.strictObject(consented);

export const remoteDescribeRequest = z.union([byProof, byConsent]);
export type RemoteDescribeRequest = z.infer<typeof byProof>;
export type ConsentDescribeRequest = z.infer<typeof byConsent>;

/** A customer without a card at hand, masked by the server. */
export const remoteCustomer = z.object({
  customer: maskedHousehold,
  meter: meterState,
  limits: z.object({ minFen: fen, maxFen: fen, stepFen: fen, presetsFen: z.array(fen) }),
  /** Set: no purchase from afar now. */
  blocked: z.enum(['meter.not-remote', 'meter.previous-not-inserted', 'meter.order-open']).nullable(),
  ...accountFacts,
});
export type RemoteCustomer = z.infer<typeof remoteCustomer>;

const purchase = {
  /** Chosen by the terminal, one per intention to buy; the same key gives the same order. */
  idempotencyKey: z.uuid(),
  faceFen: fen,
  entry,
  /** A bill of the customer's. */
  billNo: billNo.optional(),
};
const orderByProof = z.strictObject({ ...proven, ...purchase });
const orderByConsent = z.strictObject({ ...consented, ...purchase });

export const createRemoteOrderRequest = z.union([orderByProof, orderByConsent]);
export type CreateRemoteOrderRequest = z.infer<typeof orderByProof>;
export type ConsentOrderRequest = z.infer<typeof orderByConsent>;

export const chooseRequest = z.strictObject({ choice: creditChoice });
export type ChooseRequest = z.infer<typeof chooseRequest>;
