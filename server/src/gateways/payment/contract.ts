import type { Channel } from '@bianmin/purchase/api/channels';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * How the payer reaches the wallet. `code`: another device scans it. `in-wallet`: our page is open inside the
 * wallet's own browser. `browser`: our page is open in a phone's ordinary browser.
 */
export const PAYMENT_PRODUCTS = ['code', 'in-wallet', 'browser'] as const;
export type PaymentProduct = (typeof PAYMENT_PRODUCTS)[number];

/** What the payer's device needs to pay. Never proof of payment: that is evidence or a notification only. */
export type PaymentHandle =
  | { readonly kind: 'code'; readonly codeUrl: string }
  | {
      /** Our page calls the wallet's own function with these: `getBrandWCPayRequest`, `tradePay`. */
      readonly kind: 'invoke';
      readonly method: 'wechat-jsapi' | 'alipay-trade';
      readonly parameters: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'redirect'; readonly url: string };

/**
 * One payment channel. `testing/payment-contract.ts` runs on each adapter. Failures are `PaymentError`s:
 * `payment.refused` (final business answer), `payment.unavailable` (nothing was
 * done: never left, too many calls, or our account there cannot pay; later the same again), `payment.unknown`
 * (it may have happened: `query` before anything else; also an answer that the channel did not sign, or one to
 * `create` or `refund` that is about something else),
 * `payment.bad-signature` (a notification), `payment.mismatch` (signed, but not about this merchant or this
 * request). `context.channelCode` carries the channel's own code where it gave one.
 */
export interface PaymentChannel {
  readonly channel: Channel;
  /** What this merchant may use here; any other product is `payment.refused` before a call. */
  readonly products: ReadonlySet<PaymentProduct>;
  /**
   * Whether this merchant gets a day's bill from here. If not, `downloadBill` is `payment.refused` before a call, and
   * days are reconciled without it.
   */
  readonly bills: boolean;

  /**
   * Asks for what the payer needs. The caller has stored the payment under `paymentNo` first. Again with the
   * same number and content: a new handle for the same payment, the older one dies or pays the same. Different
   * content is refused.
   */
  create(request: CreatePayment): Promise<PaymentHandle>;

  /** The channel's evidence. `not-found` can mean "still payable" until the code has expired by the channel's clock, too. */
  query(paymentNo: string): Promise<PaymentEvidence>;

  /**
   * Ends a payment that was not made. `paid` when it was: then nothing was closed. A number that the channel
   * does not know is `payment.refused` (nothing there to close: `query` says `not-found`).
   */
  close(paymentNo: string): Promise<'closed' | 'paid'>;

  /** Idempotent by `refundNo`: the same number never pays twice. */
  refund(request: RefundRequest): Promise<RefundEvidence>;
  /** By both numbers: not every channel knows a refund by its own alone. */
  queryRefund(refundNo: string, paymentNo: string): Promise<RefundEvidence | { status: 'not-found' }>;

  /**
   * Verifies and opens a notification from the raw bytes as they came. Throws `payment.bad-signature` for
   * anything not signed by the channel or older than five minutes.
   */
  parseNotification(
    headers: IncomingHttpHeaders,
    rawBody: Buffer,
  ): Promise<ChannelNotification | ComplaintNotice>;

  /**
   * What the channel must be answered to a notification. `accepted` only after the report is durable. A status
   * from 400 on may be replaced by another one from 400 on, which says more of why it was refused.
   */
  acknowledge(accepted: boolean): Acknowledgement;

  /**
   * One day's bill, `yyyy-MM-dd` in China's calendar. Its hash and its totals are checked before the first row
   * is given. A day without a payment has an empty bill. `payment.unavailable`: not ready yet;
   * `payment.mismatch`: hash or totals disagree. The caller closes the bill.
   */
  downloadBill(day: string): Promise<ChannelBill>;

  /** For `in-wallet`: who the payer is at the wallet; absent where no product needs to know. */
  readonly payerIdentity?: PayerIdentity | undefined;
}

export interface CreatePayment {
  /** `[A-Za-z0-9_]{6,32}`, unique at the channel for ever. */
  readonly paymentNo: string;
  readonly amountFen: number;
  readonly description: string;
  readonly expiresAt: Date;
  readonly notifyUrl: string;
  readonly terminalId: string;
  /** Absent: `code`. */
  readonly product?: PaymentProduct;
  /** For `in-wallet`, where the channel has a `payerIdentity`: what its `payerOf` gave. */
  readonly payerId?: string;
  /** For `browser`: the address that the payer's phone calls from. */
  readonly payerIp?: string;
  /** For `browser`: where the wallet sends the payer back to. */
  readonly returnUrl?: string;
}

export interface PayerIdentity {
  /**
   * Where the wallet's browser is sent; it comes back to `redirectUrl` with `state` and the code in its query, as
   * `code` or `auth_code`.
   */
  consentUrl(redirectUrl: string, state: string): string;
  /**
   * The payer's number at the wallet for the code that came back; a code works once. `payment.refused`: the
   * code is not good, ask for consent again.
   */
  payerOf(authCode: string): Promise<string>;
}

export interface Acknowledgement {
  readonly status: number;
  readonly contentType: string;
  /** Empty: no body. */
  readonly body: string;
}

export type PaymentEvidence =
  | { readonly status: 'pending' }
  | {
      readonly status: 'not-found';
      /** When the channel said so, by its own clock; null where it does not say: what it did not know then it may know later. */
      readonly at: Date | null;
    }
  | { readonly status: 'closed' }
  | {
      readonly status: 'succeeded';
      readonly transactionId: string;
      readonly amountFen: number;
      readonly paidAt: Date;
    };

export interface RefundRequest {
  readonly paymentNo: string;
  /**
   * The transaction to give back. A channel can take money twice on one payment number (two phones, or a
   * success delivered again under another transaction); the second one can only be named by its own id.
   * Without it the payment's first transaction is refunded.
   */
  readonly transactionId?: string;
  /** Deterministic: derived from the payment's number and the reason. */
  readonly refundNo: string;
  readonly refundFen: number;
  readonly totalFen: number;
  readonly reason: string;
}

export interface RefundEvidence {
  readonly status: 'sent' | 'done' | 'abnormal' | 'closed';
  readonly refundFen: number;
}

/** A payer complained, or one that complained wrote again; what they say is asked for. */
export interface ComplaintNotice {
  readonly kind: 'complaint';
  /** The notification's. */
  readonly id: string;
  readonly complaintNo: string;
}

export type ChannelNotification =
  | {
      readonly kind: 'payment';
      /** The channel's own id of this notification; unique. */
      readonly id: string;
      readonly paymentNo: string;
      readonly transactionId: string;
      readonly amountFen: number;
      readonly paidAt: Date;
    }
  | {
      readonly kind: 'refund';
      readonly id: string;
      readonly refundNo: string;
      readonly status: 'done' | 'abnormal' | 'closed';
      /** Absent where the channel says no sum of this refund alone. */
      readonly refundFen?: number | undefined;
    };

/** A day's bill that was checked; its rows can be read as often as wanted until it is closed. */
export interface ChannelBill {
  /** `yyyy-MM-dd` in China's calendar. */
  readonly day: string;
  /** Of the bill's own bytes, unpacked, hex: the same bill has the same. */
  readonly sha256: string;
  readonly totals: BillTotals;
  /** Streamed: a bill may be larger than memory. */
  rows(): AsyncIterable<ChannelBillRow>;
  /** Lets go of the temporary file. */
  close(): Promise<void>;
}

export interface BillTotals {
  readonly payments: number;
  readonly paidFen: number;
  /** That were made or are under way, and not those that the bill lists as failed. */
  readonly refunds: number;
  readonly refundedFen: number;
  /** What the channel kept, less what it gave back with refunds, rounded to whole fen, half away from zero. */
  readonly feeFen: number;
}

export type ChannelBillRow =
  | {
      readonly kind: 'payment';
      readonly paymentNo: string;
      readonly transactionId: string;
      readonly fen: number;
      /** Thousandths of a fen. */
      readonly feeMilliFen: number;
      readonly at: Date;
    }
  | {
      readonly kind: 'refund';
      readonly paymentNo: string;
      readonly refundNo: string;
      /** The payment's. */
      readonly transactionId: string;
      readonly fen: number;
      /** Thousandths of a fen; negative: given back. */
      readonly feeMilliFen: number;
      readonly at: Date;
      /** As it was when the bill was made. */
      readonly status: 'done' | 'sent' | 'abnormal' | 'closed';
    };
