import type { IncomingHttpHeaders } from 'node:http';
import type { KeyObject } from 'node:crypto';
import type { Deadline } from '../../../kernel/deadline.ts';
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
} from '../contract.ts';
import { cut } from '../cut.ts';
import { PaymentError } from '../error.ts';
import { FormTransport } from '../form-transport.ts';
import { requireProduct } from '../handle.ts';
import { chinaStamp } from '../stamp.ts';
import { downloadBestpayBill } from './bill.ts';
import { Client } from './client.ts';
import { channelCodeOf, refusedAt } from '../answered.ts';
import { mismatch } from './failure.ts';
import { openNotification } from './notification.ts';
import type { BestpayProfile } from './profile.ts';
import { shapesOf } from './wire.ts';
import type { Shapes } from './wire.ts';

export interface BestpayChannelConfig {
  /** `https://mapi.bestpay.com.cn/mapi`. */
  readonly gateway: string;
  readonly merchantNo: string;
  readonly institutionType: string;
  readonly institutionCode: string;
  readonly privateKey: KeyObject;
  /** Bestpay's, of which there may be several while it changes them. */
  readonly keys: readonly KeyObject[];
  readonly profile: BestpayProfile;
  /** `code`, and `browser` where the contract lets a phone open the same code. */
  readonly products: readonly PaymentProduct[];
  /** ms until an answer counts as none. */
  readonly timeoutMs: number;
  /** Only for tests; otherwise the machine's time. */
  readonly deadline?: Deadline | undefined;
  readonly clock: { now(): number };
}

const MAX_REASON = 64;

/** Bestpay's aggregated code. Uncertified: see docs/protocol/bestpay.md. */
export function createBestpayChannel(config: BestpayChannelConfig): PaymentChannel {
  return new BestpayChannel(config);
}

class BestpayChannel implements PaymentChannel {
  readonly channel = 'bestpay';
  readonly products: ReadonlySet<PaymentProduct>;
  readonly bills: boolean;
  readonly #config: BestpayChannelConfig;
  readonly #transport: FormTransport;
  readonly #client: Client;
  readonly #shapes: Shapes;

  constructor(config: BestpayChannelConfig) {
    this.#config = config;
    this.products = new Set(config.products);
    this.bills = config.profile.paths.bill !== null;
    this.#transport = new FormTransport(config.timeoutMs, config.deadline);
    this.#client = new Client({ ...config, transport: this.#transport });
    this.#shapes = shapesOf(config.profile);
  }

  async create(request: CreatePayment): Promise<PaymentHandle> {
    const product = request.product ?? 'code';
    requireProduct(this, product);
    const { merchantNo, profile, clock } = this.#config;
    const now = clock.now();
    const subject = cut(plain(request.description), profile.maxSubject);
    const left = Math.floor((request.expiresAt.getTime() - now) / 1000);
    const { paymentNo, codeUrl } = await this.#client.ask({
      operation: 'create',
      call: 'create',
      path: profile.paths.create,
      answer: this.#shapes.created,
      content: {
        merchantNo,
        outTradeNo: request.paymentNo,
        tradeAmt: String(request.amountFen),
        ccy: '156',
        requestDate: chinaStamp(now),
        subject,
        goodsInfo: subject,
        operator: merchantNo,
        notifyUrl: request.notifyUrl,
        [profile.fields.expiry]: String(Math.max(1, left)),
      },
    });
    if ((paymentNo ?? request.paymentNo) !== request.paymentNo) throw mismatch('create', 'payment number');
    return product === 'code' ? { kind: 'code', codeUrl } : { kind: 'redirect', url: codeUrl };
  }

  async query(paymentNo: string): Promise<PaymentEvidence> {
    const { merchantNo, profile, clock } = this.#config;
    try {
      const trade = await this.#client.ask({
        operation: 'query',
        call: 'query',
        path: profile.paths.query,
        answer: this.#shapes.trade,
        content: { merchantNo, outTradeNo: paymentNo },
      });
      if (trade.paymentNo !== paymentNo) throw mismatch('query', 'payment number');
      const { paid, pending, closed } = profile.statuses;
      if (pending.includes(trade.status)) return { status: 'pending' };
      if (closed.includes(trade.status)) return { status: 'closed' };
      if (!paid.includes(trade.status)) throw mismatch('query', profile.fields.tradeStatus);
      const { transactionId, amountFen } = trade;
      if (transactionId === undefined) throw mismatch('query', profile.fields.tradeNo);
      if (amountFen === undefined) throw mismatch('query', profile.fields.tradeAmount);
      // That it succeeded is proof enough; without a time, it is when we learned of it.
      const paidAt = trade.paidAt ?? new Date(clock.now());
      return { status: 'succeeded', transactionId, amountFen, paidAt };
    } catch (error) {
      if (this.#says(error, 'notFound')) return { status: 'not-found', at: refusedAt(error) };
      throw error;
    }
  }

  async close(paymentNo: string): Promise<'closed' | 'paid'> {
    const { merchantNo, profile } = this.#config;
    try {
      const answer = await this.#client.ask({
        operation: 'close',
        call: 'close',
        path: profile.paths.close,
        answer: this.#shapes.closed,
        content: { merchantNo, outTradeNo: paymentNo },
      });
      if ((answer.paymentNo ?? paymentNo) !== paymentNo) throw mismatch('close', 'payment number');
      return 'closed';
    } catch (error) {
      if (channelCodeOf(error) === undefined || this.#says(error, 'notFound')) throw error;
      // What a refusal to close means differs between reports: ask.
      const { status } = await this.query(paymentNo);
      if (status === 'succeeded') return 'paid';
      if (status === 'closed') return 'closed';
      throw error;
    }
  }

  async refund(request: RefundRequest): Promise<RefundEvidence> {
    const { merchantNo, profile, clock } = this.#config;
    const { paymentNo, refundNo, refundFen, transactionId } = request;
    const { fields } = profile;
    // The day of the payment is asked for, and only Bestpay says it.
    const trade = await this.query(paymentNo);
    if (trade.status !== 'succeeded') throw notPaid(trade.status);
    const answer = await this.#client.ask({
      operation: 'refund',
      call: 'refund',
      path: profile.paths.refund,
      answer: this.#shapes.refund,
      content: {
        merchantNo,
        outTradeNo: paymentNo,
        ...(transactionId === undefined ? {} : { [fields.tradeNo]: transactionId }),
        [fields.refundNo]: refundNo,
        [fields.refundAmount]: String(refundFen),
        [fields.refundTradeDate]: chinaStamp(trade.paidAt.getTime()).slice(0, 10),
        [fields.refundReason]: cut(plain(request.reason), MAX_REASON),
        ccy: '156',
        requestDate: chinaStamp(clock.now()),
        operator: merchantNo,
      },
    });
    if (answer.paymentNo !== paymentNo) throw mismatch('refund', 'payment number');
    return this.#refundEvidence('refund', refundNo, answer);
  }

  async queryRefund(refundNo: string, paymentNo: string): Promise<RefundEvidence | { status: 'not-found' }> {
    const { merchantNo, profile } = this.#config;
    try {
      const answer = await this.#client.ask({
        operation: 'query-refund',
        call: 'refundQuery',
        path: profile.paths.refundQuery,
        answer: this.#shapes.refund,
        content: { merchantNo, outTradeNo: paymentNo, [profile.fields.refundNo]: refundNo },
      });
      return this.#refundEvidence('query-refund', refundNo, answer);
    } catch (error) {
      if (this.#says(error, 'noRefund') || this.#says(error, 'notFound')) return { status: 'not-found' };
      throw error;
    }
  }

  async parseNotification(_headers: IncomingHttpHeaders, rawBody: Buffer): Promise<ChannelNotification> {
    return openNotification({ ...this.#config, shapes: this.#shapes }, rawBody);
  }

  acknowledge(accepted: boolean): Acknowledgement {
    const words = accepted
      ? { resultCode: 'SUCCESS', resultMsg: 'OK' }
      : { resultCode: 'FAILED', resultMsg: 'FAILED' };
    return {
      status: accepted ? 200 : 500,
      contentType: 'application/json; charset=utf-8',
      body: JSON.stringify(words),
    };
  }

  downloadBill(day: string): Promise<ChannelBill> {
    const init = { client: this.#client, transport: this.#transport, shapes: this.#shapes };
    return downloadBestpayBill({ ...this.#config, ...init }, day);
  }

  #refundEvidence(
    operation: string,
    refundNo: string,
    answer: { refundNo: string; refundFen: number; status?: string | undefined },
  ): RefundEvidence {
    if (answer.refundNo !== refundNo) throw mismatch(operation, 'refund number');
    const { refundFen, status } = answer;
    const { done, sent, closed } = this.#config.profile.refundStatuses;
    if (status === undefined || sent.includes(status)) return { status: 'sent', refundFen };
    if (done.includes(status)) return { status: 'done', refundFen };
    if (closed.includes(status)) return { status: 'closed', refundFen };
    throw mismatch(operation, this.#config.profile.fields.refundStatus);
  }

  #says(error: unknown, what: 'notFound' | 'noRefund'): boolean {
    return this.#config.profile.codes[what].includes(channelCodeOf(error) ?? '');
  }
}

/** Without what would give a signed text that repeats it two readings. */
function plain(text: string): string {
  return text.replace(/[&=]/gu, ' ');
}

function notPaid(status: string): PaymentError {
  return new PaymentError({
    code: 'payment.refused',
    message:
      'Bestpay received no money for this payment, so nothing can be refunded. Check the payment first.',
    context: { channel: 'bestpay', operation: 'refund', status },
  });
}
