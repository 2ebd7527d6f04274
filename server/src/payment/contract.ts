import type { Channel } from '@bianmin/shared/api/scalars';
import type { IncomingHttpHeaders } from 'node:http';

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

  /**
   * Asks for a code. The caller has stored the payment under `paymentNo` first. Again with the same number
   * and content: a new code for the same payment, the older one dies. Different content is refused.
   */
  create(request: CreatePayment): Promise<{ codeUrl: string }>;

  /** The channel's evidence. `not-found` can mean "still payable" until the code has expired. */
  query(paymentNo: string): Promise<PaymentEvidence>;

  /**
   * Ends a payment that was not made. `paid` when it was: then nothing was closed. A number that the channel
   * does not know is `payment.refused` (nothing there to close: `query` says `not-found`).
   */
  close(paymentNo: string): Promise<'closed' | 'paid'>;

  /** Idempotent by `refundNo`: the same number never pays twice. */
  refund(request: RefundRequest): Promise<RefundEvidence>;
  queryRefund(refundNo: string): Promise<RefundEvidence | { status: 'not-found' }>;

  /**
   * Verifies and opens a notification from the raw bytes as they came. Throws `payment.bad-signature` for
   * anything not signed by the channel or older than five minutes.
   */
  parseNotification(headers: IncomingHttpHeaders, rawBody: Buffer): Promise<ChannelNotification>;
}

export interface CreatePayment {
  /** `[A-Za-z0-9_]{6,32}`, unique at the channel for ever. */
  readonly paymentNo: string;
  readonly amountFen: number;
  readonly description: string;
  readonly expiresAt: Date;
  readonly notifyUrl: string;
  readonly terminalId: string;
}

export type PaymentEvidence =
  | { readonly status: 'pending' }
  | { readonly status: 'not-found' }
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
    };
