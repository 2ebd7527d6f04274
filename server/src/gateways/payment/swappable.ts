import type { IncomingHttpHeaders } from 'node:http';
import type { Channel } from '@bianmin/purchase/api/channels';
import type {
  ChannelBill,
  CreatePayment,
  PayerIdentity,
  PaymentChannel,
  PaymentEvidence,
  PaymentHandle,
  PaymentProduct,
  RefundEvidence,
  RefundRequest,
} from './contract.ts';

/** A channel in whose place another can be put while it is used: calls in hand end as they began, the next are the new one's. */
export class SwappableChannel implements PaymentChannel {
  #inner: PaymentChannel;
  readonly payerIdentity: PayerIdentity | undefined;

  constructor(inner: PaymentChannel) {
    this.#inner = inner;
    // Asked for once by the code that wraps this: it must lead to whatever channel is here by then.
    this.payerIdentity =
      inner.payerIdentity === undefined
        ? undefined
        : {
            consentUrl: (redirectUrl, state) => this.#identity.consentUrl(redirectUrl, state),
            payerOf: (authCode) => this.#identity.payerOf(authCode),
          };
  }

  swap(inner: PaymentChannel): void {
    if (inner.channel !== this.#inner.channel)
      throw new Error(`${inner.channel} cannot stand in for another.`);
    this.#inner = inner;
  }

  get channel(): Channel {
    return this.#inner.channel;
  }

  get products(): ReadonlySet<PaymentProduct> {
    return this.#inner.products;
  }

  get bills(): boolean {
    return this.#inner.bills;
  }

  get #identity(): PayerIdentity {
    const { payerIdentity } = this.#inner;
    if (payerIdentity === undefined) throw new Error(`${this.channel} no longer asks who pays.`);
    return payerIdentity;
  }

  create(request: CreatePayment): Promise<PaymentHandle> {
    return this.#inner.create(request);
  }

  query(paymentNo: string): Promise<PaymentEvidence> {
    return this.#inner.query(paymentNo);
  }

  close(paymentNo: string): Promise<'closed' | 'paid'> {
    return this.#inner.close(paymentNo);
  }

  refund(request: RefundRequest): Promise<RefundEvidence> {
    return this.#inner.refund(request);
  }

  queryRefund(refundNo: string, paymentNo: string): ReturnType<PaymentChannel['queryRefund']> {
    return this.#inner.queryRefund(refundNo, paymentNo);
  }

  parseNotification(
    headers: IncomingHttpHeaders,
    rawBody: Buffer,
  ): ReturnType<PaymentChannel['parseNotification']> {
    return this.#inner.parseNotification(headers, rawBody);
  }

  acknowledge(accepted: boolean): ReturnType<PaymentChannel['acknowledge']> {
    return this.#inner.acknowledge(accepted);
  }

  downloadBill(day: string): Promise<ChannelBill> {
    return this.#inner.downloadBill(day);
  }
}
