import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '@bianmin/card/clock';
import type { Channel } from '@bianmin/purchase/api/channels';
import type {
  Acknowledgement,
  ChannelBill,
  ChannelNotification,
  CreatePayment,
  PaymentChannel,
  PaymentEvidence,
  PaymentHandle,
  PaymentProduct,
  RefundEvidence,
  RefundRequest,
} from '../gateways/payment/contract.ts';
import { PaymentError } from '../gateways/payment/error.ts';
import { requireProduct } from '../gateways/payment/handle.ts';
import { answerOf, handleOf } from './fake-channel-answers.ts';
import { fakeChannelBill } from './fake-channel-bill.ts';
import { FakeRefunds, type Given, type RefundBend } from './fake-channel-refunds.ts';
import { FakeTrades, successOf, type Trade } from './fake-channel-trades.ts';
import { NO_FAULTS, type FaultKnob } from './faults.ts';

/** A payment channel in memory that keeps the contract, and payers who can do what payers do. */
export class FakeChannel implements PaymentChannel {
  readonly channel: Channel;
  readonly products: ReadonlySet<PaymentProduct> = new Set(['code', 'in-wallet', 'browser']);
  readonly bills = true;
  fault: FaultKnob = NO_FAULTS;
  /** Whether a refund is done at once or only worked on first. */
  refundsAtOnce = true;
  /** Asked before a refund is made, and again before one that could not be made is tried again. */
  bend: () => RefundBend = () => 'none';
  /** How old what a question is answered from is, ms: a success of since then is not told yet. */
  lagMs: () => number = () => 0;
  readonly #trades: FakeTrades;
  readonly #refunds: FakeRefunds;

  constructor(channel: Channel, clock: Clock) {
    this.channel = channel;
    this.#trades = new FakeTrades(channel, clock);
    this.#refunds = new FakeRefunds(channel, clock);
  }

  /** By payment number. */
  get trades(): Map<string, Trade> {
    return this.#trades.all;
  }

  /** By refund number. */
  get refunds(): Map<string, Given> {
    return this.#refunds.all;
  }

  create(request: CreatePayment): Promise<PaymentHandle> {
    return this.#call('create', () => {
      const product = request.product ?? 'code';
      requireProduct(this, product);
      return handleOf(product, this.#trades.create(request));
    });
  }

  query(paymentNo: string): Promise<PaymentEvidence> {
    return this.#call('query', () => this.#trades.query(paymentNo, this.lagMs()));
  }

  close(paymentNo: string): Promise<'closed' | 'paid'> {
    return this.#call('close', () => this.#trades.close(paymentNo));
  }

  refund(request: RefundRequest): Promise<RefundEvidence> {
    return this.#call('refund', () =>
      this.#refunds.give(request, this.trades.get(request.paymentNo), {
        bend: this.bend,
        isAtOnce: this.refundsAtOnce,
      }),
    );
  }

  queryRefund(refundNo: string): Promise<RefundEvidence | { status: 'not-found' }> {
    return this.#call('queryRefund', () => this.#refunds.query(refundNo));
  }

  /** Notifications of this channel are JSON, "signed" by a header. */
  parseNotification(headers: IncomingHttpHeaders, rawBody: Buffer): Promise<ChannelNotification> {
    if (headers['x-signed-by'] !== this.channel) {
      return Promise.reject(new PaymentError({ code: 'payment.bad-signature', message: 'Not signed.' }));
    }
    const content = JSON.parse(rawBody.toString('utf8')) as ChannelNotification;
    return Promise.resolve(
      content.kind === 'payment' ? { ...content, paidAt: new Date(content.paidAt) } : content,
    );
  }

  acknowledge(accepted: boolean): Acknowledgement {
    const body = accepted ? '' : JSON.stringify({ code: 'FAIL' });
    return { status: accepted ? 204 : 500, contentType: 'application/json', body };
  }

  downloadBill(day: string): Promise<ChannelBill> {
    return this.#call('downloadBill', () =>
      fakeChannelBill({ channel: this.channel, day }, [...this.trades.values()], [...this.refunds.values()]),
    );
  }

  /** A payer's phone has read the code, and their wallet shows what it asks for. */
  scan(codeUrl: string): void {
    this.#trades.scan(codeUrl);
  }

  /** A payer scans and pays; false where the wallet would not let them. */
  pay(codeUrl: string): boolean {
    return this.#trades.pay(codeUrl);
  }

  /** Money arrives although it should not: after closing, or once more on a paid number. */
  payRegardless(paymentNo: string): void {
    this.#trades.payRegardless(paymentNo);
  }

  /** What is worked on is done now; gives which those are. */
  settleRefunds(): string[] {
    return this.#refunds.settle();
  }

  /** What has gone back of a transaction, or is on its way, fen. */
  backOf(transactionId: string): number {
    return this.#refunds.backOf(transactionId);
  }

  /** The notification of a refund that is done, as the channel would send it. */
  refundNotificationOf(refundNo: string): { headers: IncomingHttpHeaders; rawBody: Buffer } {
    return this.#signed({ kind: 'refund', id: `n-${refundNo}`, refundNo, status: 'done' });
  }

  /** One notification for each success of a payment, as the channel would send it. */
  notificationsOf(paymentNo: string): { headers: IncomingHttpHeaders; rawBody: Buffer }[] {
    const trade = this.trades.get(paymentNo);
    if (trade === undefined) return [];
    return trade.transactions.map((transaction) =>
      this.#signed({
        ...{ kind: 'payment', id: `n-${transaction.id}`, paymentNo },
        ...successOf(trade, transaction),
      }),
    );
  }

  #signed(content: object): { headers: IncomingHttpHeaders; rawBody: Buffer } {
    return { headers: { 'x-signed-by': this.channel }, rawBody: Buffer.from(JSON.stringify(content)) };
  }

  #call<T>(operation: string, run: () => T | Promise<T>): Promise<T> {
    return answerOf(this.fault(`${this.channel}.${operation}`), run);
  }
}
