import type { IncomingHttpHeaders } from 'node:http';
import type { PaymentChannel, PaymentProduct } from '../gateways/payment/contract.ts';
import { PAYMENT_PRODUCTS } from '../gateways/payment/contract.ts';
import type { TestPhone } from './test-phone.ts';

type Operation = 'create' | 'query' | 'close' | 'refund' | 'query-refund';

/** How the channel's side of a call fails. `after`: what was asked has been done. */
export type CallFault =
  | 'timeout-before'
  | 'timeout-after'
  | 'reset-before'
  | 'reset-after'
  | 'error-before'
  | 'error-after'
  | 'busy'
  | 'poor'
  | 'bad-signature'
  | 'unsigned'
  | 'unknown-key'
  | 'old-clock'
  | 'other-payment';

/** What is wrong with the next notification. */
export type NotificationFault =
  | 'bad-signature'
  | 'tampered'
  | 'unknown-key'
  | 'probe'
  | 'stale'
  | 'other-secret'
  | 'wrong-amount'
  | 'foreign-merchant'
  | 'foreign-app'
  | 'foreign-currency';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: Buffer;
}

/** What a channel does in its own way, so that the suite's facts differ; everything else is the same for all. */
export interface ChannelNature {
  /** Whether the channel knows of a payment before a phone opened its code; if not, it is `not-found` till then. */
  readonly knownBeforeScan: boolean;
  /** Whether money can come twice on one number. */
  readonly takesTwice: boolean;
  /** Whether a refund is worked on first, or done when it is answered. */
  readonly refunds: 'later' | 'at-once';
  readonly refundOutcomes: readonly ('done' | 'abnormal' | 'closed')[];
  /** Where a notification's signature stands, whether a time is signed with it, and if its bytes or its fields are. */
  readonly signature: 'dated-headers' | 'undated-body' | 'undated-fields';
  /** What the merchant has there. */
  readonly products: readonly PaymentProduct[];
  /** Whether the merchant gets a day's bill there. */
  readonly bills: boolean;
  /** Whether the address that a browser is sent to says where the payer comes back to. */
  readonly returns: boolean;
  /** Faults that the protocol has no place for. */
  readonly noPlaceFor: readonly (CallFault | NotificationFault)[];
}

export const TYPICAL: ChannelNature = {
  knownBeforeScan: true,
  takesTwice: true,
  refunds: 'later',
  refundOutcomes: ['done', 'abnormal', 'closed'],
  signature: 'dated-headers',
  products: PAYMENT_PRODUCTS,
  bills: true,
  returns: true,
  noPlaceFor: [],
};

/** An adapter, the channel's other side, and an endpoint that keeps what the channel notifies. */
export interface PaymentHarness {
  readonly channel: PaymentChannel;
  readonly notifyUrl: string;
  /** The payer's, in whose browser our pages are open. */
  readonly phone: TestPhone;
  now(): number;
  /** Moves the time of both sides. */
  advance(ms: number): Promise<void>;
  /** A phone opens a code and shows what it asks for; nothing is paid. */
  scan(codeUrl: string): Promise<void>;
  /** A payer pays a code: once, or twice with two phones. */
  pay(codeUrl: string, mode?: 'once' | 'twice'): Promise<void>;
  /** The next call of this kind fails so. */
  fail(operation: Operation, fault: CallFault): void;
  /** The next notification is wrong so. */
  spoil(fault: NotificationFault): void;
  /** The channel signs with its other key from now on. */
  rotateKey(): void;
  /** What the next refunds become. */
  refundsBecome(outcome: 'done' | 'abnormal' | 'closed'): void;
  /** Everything that was notified so far, in the order of arrival. */
  received(): Promise<readonly Received[]>;
  /** An adapter for an address where nothing listens. */
  unreachable(): Promise<PaymentChannel>;
  close(): Promise<void>;
}
