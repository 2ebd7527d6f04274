import type { IncomingHttpHeaders } from 'node:http';
import { LIMITS } from '../../../kernel/limits.ts';
import type { Deadline } from '../../../kernel/deadline.ts';
import type {
  Acknowledgement,
  ChannelBill,
  ChannelNotification,
  CreatePayment,
  PayerIdentity,
  PaymentChannel,
  PaymentEvidence,
  PaymentHandle,
  PaymentProduct,
  RefundEvidence,
  RefundRequest,
} from '../contract.ts';
import { requireProduct } from '../handle.ts';
import { yuanOfFen } from '../yuan.ts';
import { downloadAlipayBill } from './bill.ts';
import { Client } from './client.ts';
import { createCode, createInBrowser, createInWallet } from './creating.ts';
import { channelCodeOf, refusedAt } from '../answered.ts';
import { mismatch } from './failure.ts';
import { trustOf } from './keys.ts';
import { openNotification } from './notification.ts';
import type { NotificationTrust } from './notification.ts';
import { payerIdentity } from './payer.ts';
import { Signer } from './request.ts';
import { FormTransport } from '../form-transport.ts';
import { closeAnswer, queryAnswer, refundAnswer, refundQueryAnswer } from './wire.ts';

export interface AlipayChannelConfig {
  /** `https://openapi.alipay.com/gateway.do`. */
  readonly gateway: string;
  /** `https://openauth.alipay.com/oauth2/publicAppAuthorize.htm`. */
  readonly consentUrl: string;
  readonly appId: string;
  /** Ours as a seller, 2088…. */
  readonly sellerId: string;
  /** The application's: PEM or bare base64. */
  readonly privateKey: string;
  /** Alipay's key of public-key mode: PEM or bare base64. */
  readonly publicKey?: string;
  /** Certificate mode: our requests carry the numbers of the first two; Alipay's may be several. All PEM. */
  readonly certificates?: { readonly app: string; readonly root: string; readonly alipay: string };
  /** What this merchant's contract with Alipay allows. */
  readonly products: readonly PaymentProduct[];
  /** How long an answer may take, ms; 10,000 by default. */
  readonly timeoutMs?: number;
  /** Only for tests; otherwise the machine's time. */
  readonly deadline?: Deadline | undefined;
  readonly clock: { now(): number };
}

const NOT_THERE = 'ACQ.TRADE_NOT_EXIST';
const MAX_REASON = 256;

/** Alipay's gateway: codes on a screen, pages inside Alipay, and pages in a phone's browser. */
export function createAlipayChannel(config: AlipayChannelConfig): PaymentChannel {
  return new AlipayChannel(config);
}

class AlipayChannel implements PaymentChannel {
  readonly channel = 'alipay';
  readonly bills = true;
  readonly products: ReadonlySet<PaymentProduct>;
  readonly payerIdentity: PayerIdentity;
  readonly #config: AlipayChannelConfig;
  readonly #signer: Signer;
  readonly #transport: FormTransport;
  readonly #trust: NotificationTrust;
  readonly #client: Client;

  constructor(config: AlipayChannelConfig) {
    const { appId, sellerId, certificates } = config;
    this.#config = config;
    this.products = new Set(config.products);
    this.#signer = new Signer(config);
    this.#transport = new FormTransport(config.timeoutMs ?? LIMITS.channel, config.deadline);
    this.#trust = { ...trustOf(config.publicKey, certificates?.alipay), appId, sellerId };
    this.#client = new Client({ signer: this.#signer, transport: this.#transport, trust: this.#trust });
    this.payerIdentity = payerIdentity({ client: this.#client, appId, consentUrl: config.consentUrl });
  }

  async create(request: CreatePayment): Promise<PaymentHandle> {
    const product = request.product ?? 'code';
    requireProduct(this, product);
    const { sellerId, clock } = this.#config;
    const init = { client: this.#client, signer: this.#signer, sellerId, clock };
    switch (product) {
      case 'code':
        return createCode(init, request);
      case 'in-wallet':
        return createInWallet(init, request);
      case 'browser':
        return createInBrowser(init, request);
    }
  }

  async query(paymentNo: string): Promise<PaymentEvidence> {
    try {
      const trade = await this.#client.ask({
        operation: 'query',
        method: 'alipay.trade.query',
        answer: queryAnswer,
        content: { out_trade_no: paymentNo },
      });
      if (trade.out_trade_no !== paymentNo) throw mismatch('query', 'payment number');
      const { trade_status: status, send_pay_date: paidAt } = trade;
      if (status === 'WAIT_BUYER_PAY') return { status: 'pending' };
      // Closed is also how a trade ends that was paid and given back in full: the money did come.
      if (status === 'TRADE_CLOSED' && paidAt === undefined) return { status: 'closed' };
      return {
        status: 'succeeded',
        transactionId: trade.trade_no,
        amountFen: trade.total_amount,
        // That it succeeded is proof enough; without a time, it is when we learned of it.
        paidAt: paidAt ?? new Date(this.#config.clock.now()),
      };
    } catch (error) {
      // Before the code is scanned there is no trade at all: it can still be paid until the code has expired.
      if (channelCodeOf(error) === NOT_THERE) return { status: 'not-found', at: refusedAt(error) };
      throw error;
    }
  }

  /** Never `alipay.trade.cancel`: that one gives a paid trade back by itself, whatever was sold for it. */
  async close(paymentNo: string): Promise<'closed' | 'paid'> {
    try {
      const answer = await this.#client.ask({
        operation: 'close',
        method: 'alipay.trade.close',
        answer: closeAnswer,
        content: { out_trade_no: paymentNo },
      });
      if ((answer.out_trade_no ?? paymentNo) !== paymentNo) throw mismatch('close', 'payment number');
      return 'closed';
    } catch (error) {
      const code = channelCodeOf(error);
      if (code === undefined || code === NOT_THERE) throw error;
      // `TRADE_STATUS_ERROR` is said of a paid trade and of a closed one alike: ask.
      const { status } = await this.query(paymentNo);
      if (status === 'succeeded') return 'paid';
      if (status === 'closed') return 'closed';
      throw error;
    }
  }

  async refund(request: RefundRequest): Promise<RefundEvidence> {
    const { paymentNo, refundNo, refundFen, transactionId } = request;
    const answer = await this.#client.ask({
      operation: 'refund',
      method: 'alipay.trade.refund',
      answer: refundAnswer,
      content: {
        out_trade_no: paymentNo,
        ...(transactionId === undefined ? {} : { trade_no: transactionId }),
        refund_amount: yuanOfFen(refundFen),
        out_request_no: refundNo,
        refund_reason: request.reason.slice(0, MAX_REASON),
      },
    });
    if (answer.out_trade_no !== paymentNo) throw mismatch('refund', 'payment number');
    // The answer's own sum is of all refunds of the trade, so it is not compared.
    if (answer.fund_change === 'Y') return { status: 'done', refundFen };
    const evidence = await this.queryRefund(refundNo, paymentNo);
    return evidence.status === 'not-found' ? { status: 'sent', refundFen } : evidence;
  }

  async queryRefund(refundNo: string, paymentNo: string): Promise<RefundEvidence | { status: 'not-found' }> {
    try {
      const answer = await this.#client.ask({
        operation: 'query-refund',
        method: 'alipay.trade.fastpay.refund.query',
        answer: refundQueryAnswer,
        content: { out_trade_no: paymentNo, out_request_no: refundNo },
      });
      // Without a status: not received, failed, or too fresh to say. The same number again is safe in each case.
      if (answer.refund_status === undefined) return { status: 'not-found' };
      if (answer.out_request_no !== refundNo) throw mismatch('query-refund', 'refund number');
      if (answer.refund_amount === undefined) throw mismatch('query-refund', 'refund_amount');
      const status = answer.refund_status === 'REFUND_SUCCESS' ? 'done' : 'sent';
      return { status, refundFen: answer.refund_amount };
    } catch (error) {
      if (channelCodeOf(error) === NOT_THERE) return { status: 'not-found' };
      throw error;
    }
  }

  async parseNotification(_headers: IncomingHttpHeaders, rawBody: Buffer): Promise<ChannelNotification> {
    return openNotification(this.#trust, rawBody);
  }

  /** Alipay takes nothing but the word `success` for an answer, whatever the status. */
  acknowledge(accepted: boolean): Acknowledgement {
    return {
      status: accepted ? 200 : 500,
      contentType: 'text/plain; charset=utf-8',
      body: accepted ? 'success' : 'fail',
    };
  }

  downloadBill(day: string): Promise<ChannelBill> {
    const { clock, gateway } = this.#config;
    return downloadAlipayBill({ client: this.#client, transport: this.#transport, clock, gateway }, day);
  }
}
