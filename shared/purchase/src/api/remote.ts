import { z } from 'zod';
import { accountFacts, billNo } from './account.ts';
import { maskedHousehold } from './household.ts';
import { meterState } from './meter.ts';
import { creditChoice } from './order.ts';
import { entry, fen } from './scalars.ts';

/** 户号: a customer's number at the grid. Its length differs from province to province. */
export const customerNo = z.string().regex(/^[0-9A-Za-z]{4,20}$/, { error: 'must be a customer number' });

/** A resident's one-time proof that they may buy for this customer number at this terminal; opaque. */
const proof = z.string().min(1).max(256);

export const remoteDescribeRequest = z.strictObject({ customerNo, proof });
export type RemoteDescribeRequest = z.infer<typeof remoteDescribeRequest>;

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

export const createRemoteOrderRequest = z.strictObject({
  /** Chosen by the terminal, one per intention to buy; the same key gives the same order. */
  idempotencyKey: z.uuid(),
  customerNo,
  proof,
  faceFen: fen,
  entry,
  /** A bill of the customer's. */
  billNo: billNo.optional(),
});
export type CreateRemoteOrderRequest = z.infer<typeof createRemoteOrderRequest>;

export const chooseRequest = z.strictObject({ choice: creditChoice });
export type ChooseRequest = z.infer<typeof chooseRequest>;
