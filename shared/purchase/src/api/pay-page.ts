import { z } from 'zod';
import { meterTail } from './household.ts';
import { orderKind, orderView } from './order.ts';
import { channel, fen, timestamp } from './scalars.ts';

/** Whatever stands in the link, in what an address can hold: one that is no token of ours is an unknown link. */
export const payToken = z.strictObject({
  token: z
    .string()
    .max(64)
    .regex(/^[ -.0-[\]-~\u00a1-\uffff]+$/),
});

/** How the payer reaches the wallet from the page: inside its own browser, or out of an ordinary one. */
export const PHONE_PRODUCTS = ['in-wallet', 'browser'] as const;
export const phoneProduct = z.enum(PHONE_PRODUCTS);
export type PhoneProduct = z.infer<typeof phoneProduct>;

/** One wallet as the page may offer it. */
export const payWay = z.object({
  channel,
  products: z.array(phoneProduct),
  /** Inside this wallet the page must first learn who pays, by going to `…/consent`. */
  asksWho: z.boolean(),
  /** Why it is not offered now; null where it is. */
  down: z.enum(['unreachable', 'limit']).nullable(),
});
export type PayWay = z.infer<typeof payWay>;

/** An order as any holder of its link may see it: masked, and without anything that could be kept. */
export const payPage = z.object({
  state: orderView.shape.state,
  faceFen: fen,
  discountFen: fen,
  paidFen: fen,
  /** Masked. */
  household: z.object({ name: z.string(), address: z.string(), meterTail: meterTail.optional() }),
  /** When it can no longer be paid. */
  until: timestamp,
  /** Whether the electricity goes onto a card in the terminal, straight to the meter or into the account. */
  kind: orderKind,
  ways: z.array(payWay),
  /** Once it is paid: what the payer keeps. */
  receiptCode: z.string().nullable(),
});
export type PayPageView = z.infer<typeof payPage>;

export const payPagePayment = z.strictObject({
  channel,
  product: phoneProduct,
  /** What the wallet brought back from `…/consent`. */
  authCode: z.string().min(1).max(128).optional(),
});

/** What the phone does next. None of it proves that anything was paid. */
export const payHandle = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('invoke'),
    method: z.enum(['wechat-jsapi', 'alipay-trade']),
    parameters: z.record(z.string(), z.string()),
  }),
  z.object({ kind: z.literal('redirect'), url: z.string() }),
  z.object({ kind: z.literal('code'), codeUrl: z.string() }),
]);
export type PayHandle = z.infer<typeof payHandle>;
export const consentQuery = z.strictObject({ channel });
/** The wallet's own page, which comes back here. */
export const consentPlace = z.object({ url: z.url() });
