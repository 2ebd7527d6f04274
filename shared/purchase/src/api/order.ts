import { z } from 'zod';
import { billNo, billPeriod, supply } from './account.ts';
import { entry, fen, hexBytes, orderNo, payCode, timestamp } from './scalars.ts';
import { cardImage } from './card-image.ts';
import { discountNames } from './discount-names.ts';

export const ORDER_STATES = [
  'created', // no payment yet
  'paying', // a code is out
  'paid', // money is here, the grid is being asked
  'grid-silent', // the grid has not answered; being asked about
  'sold', // the grid sold; the card waits for its write
  'writing', // a plan is released to a terminal
  'write-failed', // the terminal says that the write cannot be done: staff
  'crediting', // remote: sold, and on its way to the meter from afar
  'credit-failed', // remote: the meter will not take it from afar; the payer chooses card or refund
  'done', // written and read back, or credited from afar
  'refunding', // money is on its way back
  'refunded',
  'closed', // never paid, closed on the channel's evidence
  'attention', // a person must decide
] as const;
export const orderState = z.enum(ORDER_STATES);
export type OrderState = z.infer<typeof orderState>;

/** How a purchase reaches its meter: on its card, or credited from afar (远程充值); or the account that the grid keeps. */
export const ORDER_KINDS = ['card', 'remote', 'account'] as const;
export const orderKind = z.enum(ORDER_KINDS);
export type OrderKind = z.infer<typeof orderKind>;

/** What a payer may choose once a meter will not take a credit from afar. */
export const CREDIT_CHOICES = ['card', 'refund'] as const;
export const creditChoice = z.enum(CREDIT_CHOICES);
export type CreditChoice = z.infer<typeof creditChoice>;

/** What a meter itself has said of a purchase. */
export const meterAnswer = z.object({
  status: z.enum(['credited', 'refused']),
  /** When we heard. */
  at: timestamp,
  /** Of a refusal: `full`: it would have gone beyond its ceiling (囤积限额). */
  reason: z.enum(['full', 'other']).optional(),
  /** Of `full`: it takes the purchase once it holds no more than this, fen. */
  belowFen: fen.optional(),
});
export type MeterAnswer = z.infer<typeof meterAnswer>;

/** Of an order that is done: since when its card is written, and what the meter has said; without it, nothing. */
export const meterWord = { writtenAt: timestamp.optional(), meter: meterAnswer.optional() };

/** An order as a terminal or its payer may see it. */
export const orderView = z.object({
  orderNo,
  /** Grows with every change: a view with a smaller one is older. */
  version: z.int(),
  state: orderState,
  entry,
  faceFen: fen,
  discountFen: fen,
  paidFen: fen,
  /** Who gives `discountFen`, in each language; absent where none is given. */
  discount: z.object({ names: discountNames }).optional(),
  createdAt: timestamp,
  /**
   * What the grid sold of `faceFen`: `creditFen` goes to the meter, by card or from afar, as its purchase number `count`; the rest was
   * taken for what was owed. Absent before the sale and once it was undone.
   */
  sale: z.object({ creditFen: fen, arrearsFen: fen, feeFen: fen, count: z.int() }).optional(),
  /** The newest payment. */
  payment: z
    .object({
      no: z.string(),
      /** `any`: the code is for every wallet. `cash`: a committee's float pays. */
      channel: z.enum([...payCode.options, 'cash']),
      status: z.enum(['created', 'pending', 'succeeded', 'closed', 'unknown']),
      /** What the payer's wallet scans; null before the channel gave it and once it is closed. */
      codeUrl: z.string().nullable(),
      expiresAt: timestamp.nullable(),
    })
    .nullable(),
  /** What a resident keeps; given once paid. */
  receiptCode: z.string().nullable(),
  /** Absent: `card`. */
  kind: orderKind.optional(),
  /** Of `account`: the month's bill that it pays. */
  bill: z.object({ period: billPeriod }).optional(),
  /** How far the credit is of one that is not for a card. */
  credit: z
    .object({
      status: z.enum(['none', 'sent', 'credited', 'failed', 'unknown']),
      /** What the meter says is left, once it is credited. May be negative (overdraft). */
      balanceFen: z.int().nullable(),
      creditedAt: timestamp.nullable(),
      /** The purchase count that the meter took it under, once it is credited. */
      count: z.int().optional(),
      /** Of an account: whether electricity flowed once it was credited. */
      supply: supply.optional(),
      /** 复电: it had been switched off, and flowed again. */
      restored: z.literal(true).optional(),
    })
    .optional(),
  ...meterWord,
  /** Of one that another terminal may be writing: ms until that is over, and this terminal may. */
  leasedMs: z.int().optional(),
  /** Of a remote order: what may be chosen now; empty while nothing is to be chosen. */
  choices: z.array(creditChoice).optional(),
  /**
   * Set when money went or goes back: why, as a problem-like code (`late-payment`, `double-payment`, `not-sold`,
   * `not-credited`).
   */
  refund: z
    .object({
      fen,
      status: z.enum(['requested', 'approved', 'sent', 'done', 'rejected', 'abnormal', 'unknown']),
      reason: z.string(),
    })
    .nullable(),
});
export type OrderView = z.infer<typeof orderView>;

export const createOrderRequest = z.strictObject({
  /** Chosen by the terminal, one per intention to buy; the same key gives the same order. */
  idempotencyKey: z.uuid(),
  cardSession: z.string().min(1).max(64),
  faceFen: fen,
  entry,
  /** A bill of the card's household, in place of what goes onto the card. */
  billNo: billNo.optional(),
});
export type CreateOrderRequest = z.infer<typeof createOrderRequest>;

/** `any`: whatever the server shows; what comes back says which. */
export const createPaymentRequest = z.strictObject({ channel: payCode });
export type CreatePaymentRequest = z.infer<typeof createPaymentRequest>;

/** A released plan, or its continuation: JWE compact (ECDH-ES, A256GCM) to the terminal's sealing key. */
export const sealedPlan = z.object({
  lease: z.int(),
  /** ms from the answer, on the terminal's monotonic clock; afterwards the terminal refuses to write. */
  leaseMs: z.int(),
  /** Decrypts to a `WritePlan`. */
  sealed: z.string(),
});
export type SealedPlan = z.infer<typeof sealedPlan>;

export const releaseRequest = z.strictObject({ image: cardImage });
export type ReleaseRequest = z.infer<typeof releaseRequest>;

export const authoriseRequest = z.strictObject({
  lease: z.int(),
  stage: z.int().min(1).max(7),
  gathered: z.record(z.string().max(32), hexBytes(1, 256)),
});
export type AuthoriseRequest = z.infer<typeof authoriseRequest>;

export const leaseParam = z.strictObject({ orderNo, lease: z.coerce.number().int().min(1) });
/** How long the terminal holds it still. */
export const heldLease = z.object({ leaseMs: z.int().min(0) });

export const claimRequest = z.strictObject({
  lease: z.int(),
  result: z.enum(['written', 'failed']),
  /** SHA-256 (hex) of the image as read back; for `failed` of what was last read, if anything was. */
  imageDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** For `failed`: the error code that stopped it. */
  reason: z.string().max(64).optional(),
  /** Tries of the card's code or key, as the card itself said last; absent where it was not read. */
  triesLeft: z.int().min(0).max(255).optional(),
});
export type ClaimRequest = z.infer<typeof claimRequest>;
