import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Deadline } from '../../../kernel/deadline.ts';
import type {
  Acknowledgement,
  ChannelBill,
  ChannelNotification,
  ComplaintNotice,
  CreatePayment,
  PaymentChannel,
  PaymentEvidence,
  PaymentHandle,
  PaymentProduct,
  PayerIdentity,
  RefundEvidence,
  RefundRequest,
} from '../contract.ts';
import { cut } from '../cut.ts';
import { PaymentError } from '../error.ts';
import { requireProduct } from '../handle.ts';
import { downloadTradeBill } from './bill.ts';
import type { WechatOperation } from './client.ts';
import { WechatClient, check } from './client.ts';
import { createCode, createInBrowser, createInWallet } from './create.ts';
import { channelCodeOf, refusedAt } from '../answered.ts';
import type { IdentityInit } from './identity.ts';
import { wechatIdentity } from './identity.ts';
import { loadPlatformKeys, openNotification } from './notification.ts';
import { refundAnswer, tradeAnswer } from './wire.ts';
import type { WechatRefundStatus } from './wire.ts';

export interface WechatChannelConfig {
  /** `https://api.mch.weixin.qq.com/`, or its second host `api2.`; with a trailing slash. */
  readonly baseUrl: string;
  readonly appid: string;
  readonly mchid: string;
  /** Of the merchant's certificate, and its private key, PEM. */
  readonly serial: string;
  readonly privateKey: string;
  /** Platform public keys (`PUB_KEY_ID_…`) and platform certificates by serial, PEM, side by side. */
  readonly platformKeys: Readonly<Record<string, string>>;
  readonly apiV3Key: string;
  /** How long an answer may take, ms; 10,000 by default. */
  readonly timeoutMs?: number;
  /** Only for tests; otherwise the machine's time. */
  readonly deadline?: Deadline | undefined;
  /** Where results of refunds are sent; absent: where the merchant's console at the channel says. */
  readonly refundNotifyUrl?: string;
  /** What our contract with WeChat Pay allows; `code` by default. `in-wallet` needs `identity` besides. */
  readonly products?: readonly PaymentProduct[];
  readonly identity?: Omit<IdentityInit, 'appid'> | undefined;
  /** Judges the age of notifications. */
  readonly clock: { now(): number };
}

const MAX_REASON = 80;

const CREATE = { code: createCode, 'in-wallet': createInWallet, browser: createInBrowser } as const;

const NOT_THERE: readonly (string | undefined)[] = [
  'ORDER_NOT_EXIST',
  'ORDERNOTEXIST',
  'RESOURCE_NOT_EXISTS',
];
// The channel spells these both ways, in v2 and in v3.
const PAID: readonly (string | undefined)[] = ['ORDERPAID', 'ORDER_PAID'];
const CLOSED: readonly (string | undefined)[] = ['ORDER_CLOSED', 'ORDERCLOSED'];

/** WeChat Pay API v3: Native, JSAPI and H5. */
export function createWechatChannel(config: WechatChannelConfig): PaymentChannel {
  return new WechatChannel(config);
}

class WechatChannel implements PaymentChannel {
  readonly channel = 'wechat';
  readonly bills = true;
  readonly products: ReadonlySet<PaymentProduct>;
  readonly payerIdentity: PayerIdentity | undefined;
  readonly #config: WechatChannelConfig;
  readonly #client: WechatClient;
  readonly #platformKeys: ReturnType<typeof loadPlatformKeys>;

  constructor(config: WechatChannelConfig) {
    this.#config = config;
    this.#platformKeys = loadPlatformKeys(config.platformKeys);
    this.#client = new WechatClient(config);
    this.payerIdentity = config.identity && wechatIdentity({ appid: config.appid, ...config.identity });
    const { products = ['code'] } = config;
    // Without `identity` no payer can be asked who they are, which `in-wallet` needs.
    this.products = new Set(products.filter((each) => each !== 'in-wallet' || config.identity !== undefined));
  }

  async create(request: CreatePayment): Promise<PaymentHandle> {
    const product = request.product ?? 'code';
    requireProduct(this, product);
    return CREATE[product]({ ...this.#config, client: this.#client }, request);
  }

  async query(paymentNo: string): Promise<PaymentEvidence> {
    try {
      const trade = await this.#client.call('query', tradeAnswer, {
        method: 'GET',
        url: `${this.#tradePath(paymentNo)}?mchid=${encodeURIComponent(this.#config.mchid)}`,
      });
      check('query', trade.out_trade_no === paymentNo, 'payment number');
      check('query', trade.mchid === this.#config.mchid, 'merchant');
      check('query', trade.appid === this.#config.appid, 'application');
      switch (trade.trade_state) {
        case 'SUCCESS':
        case 'REFUND':
          check('query', trade.amount.currency === 'CNY', 'currency');
          return {
            status: 'succeeded',
            transactionId: trade.transaction_id,
            amountFen: trade.amount.total,
            paidAt: trade.success_time,
          };
        case 'CLOSED':
        case 'REVOKED':
          return { status: 'closed' };
        case 'NOTPAY':
        case 'USERPAYING':
        case 'ACCEPT':
        // A payer whose attempt failed may try the same code again.
        case 'PAYERROR':
          return { status: 'pending' };
      }
    } catch (error) {
      if (error instanceof PaymentError && NOT_THERE.includes(channelCodeOf(error))) {
        return { status: 'not-found', at: refusedAt(error) };
      }
      throw error;
    }
  }

  async close(paymentNo: string): Promise<'closed' | 'paid'> {
    try {
      await this.#client.call('close', undefined, {
        method: 'POST',
        url: `${this.#tradePath(paymentNo)}/close`,
        data: { mchid: this.#config.mchid },
      });
      return 'closed';
    } catch (error) {
      const code = error instanceof PaymentError ? channelCodeOf(error) : undefined;
      if (PAID.includes(code)) return 'paid';
      if (CLOSED.includes(code)) return 'closed';
      if (code === undefined || NOT_THERE.includes(code)) throw error;
      // Some refusals (INVALID_REQUEST, TRADE_ERROR) do not say which of the two it was: ask.
      const { status } = await this.query(paymentNo);
      if (status === 'succeeded') return 'paid';
      if (status === 'closed') return 'closed';
      throw error;
    }
  }

  async refund(request: RefundRequest): Promise<RefundEvidence> {
    const { refundNotifyUrl } = this.#config;
    const answer = await this.#client.call('refund', refundAnswer, {
      method: 'POST',
      url: 'v3/refund/domestic/refunds',
      data: {
        ...(request.transactionId === undefined
          ? { out_trade_no: request.paymentNo }
          : { transaction_id: request.transactionId, out_trade_no: request.paymentNo }),
        out_refund_no: request.refundNo,
        reason: cut(request.reason, MAX_REASON),
        ...(refundNotifyUrl === undefined ? {} : { notify_url: refundNotifyUrl }),
        amount: { refund: request.refundFen, total: request.totalFen, currency: 'CNY' },
      },
    });
    check('refund', answer.amount.refund === request.refundFen, 'amount');
    return this.#refundEvidence('refund', request.refundNo, answer);
  }

  async queryRefund(refundNo: string): Promise<RefundEvidence | { status: 'not-found' }> {
    try {
      const answer = await this.#client.call('query-refund', refundAnswer, {
        method: 'GET',
        url: `v3/refund/domestic/refunds/${encodeURIComponent(refundNo)}`,
      });
      return this.#refundEvidence('query-refund', refundNo, answer);
    } catch (error) {
      if (error instanceof PaymentError && NOT_THERE.includes(channelCodeOf(error))) {
        return { status: 'not-found' };
      }
      throw error;
    }
  }

  async parseNotification(
    headers: IncomingHttpHeaders,
    rawBody: Buffer,
  ): Promise<ChannelNotification | ComplaintNotice> {
    const { appid, mchid, apiV3Key, clock } = this.#config;
    const trust = { appid, mchid, apiV3Key, platformKeys: this.#platformKeys };
    return openNotification(trust, clock.now(), headers, rawBody);
  }

  /** WeChat Pay API v3, "支付通知": 200 with FAIL would count as accepted. */
  acknowledge(accepted: boolean): Acknowledgement {
    const body = accepted ? '' : JSON.stringify({ code: 'FAIL', message: 'refused' });
    return { status: accepted ? 204 : 500, contentType: 'application/json', body };
  }

  downloadBill(day: string): Promise<ChannelBill> {
    return downloadTradeBill(this.#client, day);
  }

  #refundEvidence(
    operation: WechatOperation,
    refundNo: string,
    answer: z.output<typeof refundAnswer>,
  ): RefundEvidence {
    check(operation, answer.out_refund_no === refundNo, 'refund number');
    check(operation, answer.amount.currency === 'CNY', 'currency');
    return { status: REFUND_STATUS[answer.status], refundFen: answer.amount.refund };
  }

  #tradePath(paymentNo: string): string {
    return `v3/pay/transactions/out-trade-no/${encodeURIComponent(paymentNo)}`;
  }
}

const REFUND_STATUS: Readonly<Record<WechatRefundStatus, RefundEvidence['status']>> = {
  PROCESSING: 'sent',
  SUCCESS: 'done',
  ABNORMAL: 'abnormal',
  CLOSED: 'closed',
};
