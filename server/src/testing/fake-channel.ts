import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '@bianmin/shared/clock';
import type { Channel } from '@bianmin/shared/api/channels';
import { checkedBill } from '../gateways/payment/bill.ts';
import type {
  Acknowledgement,
  ChannelBill,
  ChannelBillRow,
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
import { NO_FAULTS, type FaultKnob } from './faults.ts';
import { chinaDay } from '../kernel/china-time.ts';

interface Trade {
  readonly request: CreatePayment;
  codeUrl: string;
  closed: boolean;
  /** Since when it knows of the payment; undefined: its code has not been scanned yet. */
  knownAt: number | undefined;
  readonly transactions: { readonly id: string; readonly at: number }[];
}

interface Given {
  readonly refundNo: string;
  readonly transactionId: string;
  readonly fen: number;
  readonly at: number;
  status: 'sent' | 'done' | 'abnormal';
}

/** What a channel makes of a refund: it gives back less than it was asked for and says so, or cannot give anything. */
export type RefundBend = 'none' | 'less' | 'abnormal';

/** A payment channel in memory that keeps the contract, and payers who can do what payers do. */
export class FakeChannel implements PaymentChannel {
  readonly channel: Channel;
  readonly products: ReadonlySet<PaymentProduct> = new Set(['code', 'in-wallet', 'browser']);
  readonly bills = true;
  readonly trades = new Map<string, Trade>();
  readonly refunds = new Map<string, Given>();
  fault: FaultKnob = NO_FAULTS;
  /** Whether a refund is done at once or only worked on first. */
  refundsAtOnce = true;
  /** Asked before a refund is made, and again before one that could not be made is tried again. */
  bend: () => RefundBend = () => 'none';
  /** How old what a question is answered from is, ms: a success of since then is not told yet. */
  lagMs: () => number = () => 0;
  readonly #clock: Clock;
  #serial = 0;

  constructor(channel: Channel, clock: Clock) {
    this.channel = channel;
    this.#clock = clock;
  }

  create(request: CreatePayment): Promise<PaymentHandle> {
    return this.#call('create', () => {
      requireProduct(this, request.product ?? 'code');
      const known = this.trades.get(request.paymentNo);
      if (known !== undefined) {
        const same =
          known.request.amountFen === request.amountFen &&
          known.request.expiresAt.getTime() === request.expiresAt.getTime();
        if (!same || known.closed || known.transactions.length > 0) throw refused('create');
      }
      this.#serial += 1;
      const codeUrl = `${this.channel}://pay/${request.paymentNo}/${this.#serial}`;
      const product = request.product ?? 'code';
      const isKnown = this.channel !== 'alipay' || product === 'in-wallet' || known?.knownAt !== undefined;
      // Of what it made itself it always knows.
      const knownAt = isKnown ? (known?.knownAt ?? -Infinity) : undefined;
      this.trades.set(request.paymentNo, { request, codeUrl, closed: false, knownAt, transactions: [] });
      return this.#handle(product, codeUrl);
    });
  }

  query(paymentNo: string): Promise<PaymentEvidence> {
    return this.#call('query', () => {
      const trade = this.trades.get(paymentNo);
      const lagMs = this.lagMs();
      const asOf = this.#clock.now() - lagMs;
      if (trade?.knownAt === undefined || (lagMs > 0 && trade.knownAt > asOf)) {
        return { status: 'not-found', at: new Date(this.#clock.now()) };
      }
      const first = trade.transactions.find(({ at }) => at <= asOf);
      // The channel knows what time it is, and may not know yet of the money that came in time.
      const over = trade.closed || trade.request.expiresAt.getTime() <= this.#clock.now();
      if (first === undefined) return { status: over ? 'closed' : 'pending' };
      return { status: 'succeeded', ...this.#success(trade, first) };
    });
  }

  close(paymentNo: string): Promise<'closed' | 'paid'> {
    return this.#call('close', () => {
      const trade = this.trades.get(paymentNo);
      if (trade?.knownAt === undefined) throw refused('close');
      if (trade.transactions.length > 0) return 'paid';
      trade.closed = true;
      return 'closed';
    });
  }

  refund(request: RefundRequest): Promise<RefundEvidence> {
    return this.#call('refund', () => {
      const trade = this.trades.get(request.paymentNo);
      const transactionId = request.transactionId ?? trade?.transactions[0]?.id;
      const known = this.refunds.get(request.refundNo);
      if (known !== undefined && known.status !== 'abnormal') {
        return { status: known.status, refundFen: known.fen };
      }
      const paid = trade?.transactions.some(({ id }) => id === transactionId) ?? false;
      if (!paid || transactionId === undefined || request.totalFen !== trade?.request.amountFen) {
        throw refused('refund');
      }
      const bend = this.bend();
      const status = bend === 'abnormal' ? bend : this.refundsAtOnce ? 'done' : 'sent';
      const fen = bend === 'less' ? request.refundFen - 1 : request.refundFen;
      const { refundNo } = request;
      this.refunds.set(refundNo, { refundNo, transactionId, fen, at: this.#clock.now(), status });
      return { status, refundFen: fen };
    });
  }

  queryRefund(refundNo: string): Promise<RefundEvidence | { status: 'not-found' }> {
    return this.#call('queryRefund', () => {
      const known = this.refunds.get(refundNo);
      // As Alipay: of what is worked on, a question knows nothing yet.
      const unknown = known === undefined || (this.channel === 'alipay' && known.status === 'sent');
      return unknown ? { status: 'not-found' } : { status: known.status, refundFen: known.fen };
    });
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

  /** Whatever was paid and given back on that day; this channel keeps six in a thousand. */
  downloadBill(day: string): Promise<ChannelBill> {
    return this.#call('downloadBill', () => {
      const rows = this.#rowsOf(day);
      return checkedBill({
        channel: this.channel,
        day,
        sha256: createHash('sha256').update(JSON.stringify(rows)).digest('hex'),
        rows: async function* () {
          yield* rows;
        },
        told: () => ({ rows: rows.length }),
        close: () => Promise.resolve(),
      });
    });
  }

  /** A payer's phone has read the code, and their wallet shows what it asks for. */
  scan(codeUrl: string): void {
    const trade = [...this.trades.values()].find((each) => each.codeUrl === codeUrl);
    if (trade !== undefined) trade.knownAt ??= this.#clock.now();
  }

  /** A payer scans and pays; false where the wallet would not let them. */
  pay(codeUrl: string): boolean {
    const trade = [...this.trades.values()].find((each) => each.codeUrl === codeUrl);
    const payable =
      trade?.closed === false &&
      trade.transactions.length === 0 &&
      trade.request.expiresAt.getTime() > this.#clock.now();
    if (payable) this.#book(trade);
    return payable;
  }

  /** Money arrives although it should not: after closing, or once more on a paid number. */
  payRegardless(paymentNo: string): void {
    const trade = this.trades.get(paymentNo);
    if (trade === undefined) throw new Error(`There is no payment ${paymentNo}.`);
    this.#book(trade);
  }

  /** What is worked on is done now; gives which those are. */
  settleRefunds(): string[] {
    const settled = [...this.refunds.values()].filter(({ status }) => status === 'sent');
    for (const refund of settled) refund.status = 'done';
    return settled.map(({ refundNo }) => refundNo);
  }

  /** What has gone back of a transaction, or is on its way, fen. */
  backOf(transactionId: string): number {
    const given = [...this.refunds.values()].filter((refund) => refund.transactionId === transactionId);
    return given.reduce((sum, { fen, status }) => sum + (status === 'abnormal' ? 0 : fen), 0);
  }

  /** The notification of a refund that is done, as the channel would send it. */
  refundNotificationOf(refundNo: string): { headers: IncomingHttpHeaders; rawBody: Buffer } {
    const content = { kind: 'refund', id: `n-${refundNo}`, refundNo, status: 'done' };
    return { headers: { 'x-signed-by': this.channel }, rawBody: Buffer.from(JSON.stringify(content)) };
  }

  /** One notification for each success of a payment, as the channel would send it. */
  notificationsOf(paymentNo: string): { headers: IncomingHttpHeaders; rawBody: Buffer }[] {
    const trade = this.trades.get(paymentNo);
    return (trade?.transactions ?? []).map((transaction) => ({
      headers: { 'x-signed-by': this.channel },
      rawBody: Buffer.from(
        JSON.stringify({
          kind: 'payment',
          id: `n-${transaction.id}`,
          paymentNo,
          ...(trade === undefined ? {} : this.#success(trade, transaction)),
        }),
      ),
    }));
  }

  #handle(product: PaymentProduct, codeUrl: string): PaymentHandle {
    switch (product) {
      case 'code':
        return { kind: 'code', codeUrl };
      case 'in-wallet':
        return { kind: 'invoke', method: 'wechat-jsapi', parameters: { code: codeUrl } };
      case 'browser':
        return { kind: 'redirect', url: codeUrl };
    }
  }

  #rowsOf(day: string): ChannelBillRow[] {
    const trades = [...this.trades.values()];
    const payments = trades.flatMap(({ request, transactions }) =>
      transactions.map(({ id, at }): ChannelBillRow => {
        const fen = request.amountFen;
        const { paymentNo } = request;
        return { kind: 'payment', paymentNo, transactionId: id, fen, feeMilliFen: fen * 6, at: new Date(at) };
      }),
    );
    const refunds = [...this.refunds.values()].map((refund): ChannelBillRow => {
      const { refundNo, transactionId, fen, at, status } = refund;
      const of = trades.find(({ transactions }) => transactions.some(({ id }) => id === transactionId));
      const paymentNo = of?.request.paymentNo ?? '';
      const facts = {
        paymentNo,
        refundNo,
        transactionId,
        fen,
        feeMilliFen: fen * -6,
        at: new Date(at),
        status,
      };
      return { kind: 'refund', ...facts };
    });
    return [...payments, ...refunds].filter(({ at }) => chinaDay(at) === day);
  }

  #success(trade: Trade, transaction: { id: string; at: number }) {
    return {
      transactionId: transaction.id,
      amountFen: trade.request.amountFen,
      paidAt: new Date(transaction.at),
    };
  }

  #book(trade: Trade): void {
    this.#serial += 1;
    trade.knownAt ??= this.#clock.now();
    trade.transactions.push({ id: `${this.channel}-tx-${this.#serial}`, at: this.#clock.now() });
  }

  #call<T>(operation: string, run: () => T | Promise<T>): Promise<T> {
    const fault = this.fault(`${this.channel}.${operation}`);
    try {
      if (fault === 'none') return Promise.resolve(run());
      if (fault === 'unavailable') {
        throw new PaymentError({ code: 'payment.unavailable', message: 'The channel cannot be reached.' });
      }
      // A late request is, for a channel that answers the same number the same way, one that was carried out.
      if (fault === 'lost-answer' || fault === 'late') quietly(run);
      throw new PaymentError({ code: 'payment.unknown', message: 'The channel did not answer.' });
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

function quietly(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof PaymentError)) throw error;
  }
}

function refused(operation: string): PaymentError {
  return new PaymentError({ code: 'payment.refused', message: `The channel refused to ${operation}.` });
}
