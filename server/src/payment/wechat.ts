import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { Wechatpay } from 'wechatpay-axios-plugin';
import type { z } from 'zod';
import type { Config } from '../config.ts';
import type {
  ChannelNotification,
  CreatePayment,
  PaymentChannel,
  PaymentEvidence,
  RefundEvidence,
  RefundRequest,
} from './contract.ts';
import { PaymentError } from './error.ts';
import { channelCodeOf, wechatFailure } from './wechat-failure.ts';
import { loadPlatformKeys, openNotification } from './wechat-notification.ts';
import { createAnswer, refundAnswer, tradeAnswer } from './wechat-wire.ts';
import type { WechatRefundStatus } from './wechat-wire.ts';

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
  /** Where results of refunds are sent; absent: where the merchant's console at the channel says. */
  readonly refundNotifyUrl?: string;
  /** Judges the age of notifications. */
  readonly clock: { now(): number };
}

/** WeChat Pay API v3, "Native 下单". */
const MAX_DESCRIPTION = 127;
const MAX_ATTACH = 128;
const MAX_REASON = 80;
const MAX_ANSWER = 1_048_576;

const NOT_THERE: readonly (string | undefined)[] = [
  'ORDER_NOT_EXIST',
  'ORDERNOTEXIST',
  'RESOURCE_NOT_EXISTS',
];
// The channel spells these both ways, in v2 and in v3.
const PAID: readonly (string | undefined)[] = ['ORDERPAID', 'ORDER_PAID'];
const CLOSED: readonly (string | undefined)[] = ['ORDER_CLOSED', 'ORDERCLOSED'];

/** The channel as the environment configures it. */
export function wechatChannelFrom(config: Config, clock: { now(): number }): PaymentChannel {
  return createWechatChannel({
    baseUrl: config.WECHAT_BASE_URL,
    appid: config.WECHAT_APPID,
    mchid: config.WECHAT_MCHID,
    serial: config.WECHAT_SERIAL,
    privateKey: config.WECHAT_PRIVATE_KEY,
    platformKeys: config.WECHAT_PLATFORM_KEYS,
    apiV3Key: config.WECHAT_APIV3_KEY,
    refundNotifyUrl: `${config.PUBLIC_URL.replace(/\/$/, '')}/v1/notify/wechat`,
    clock,
  });
}

/** WeChat Pay API v3, Native: a code on the screen that a phone scans. */
export function createWechatChannel(config: WechatChannelConfig): PaymentChannel {
  return new WechatChannel(config);
}

class WechatChannel implements PaymentChannel {
  readonly channel = 'wechat';
  readonly #config: WechatChannelConfig;
  readonly #http: AxiosInstance;
  readonly #platformKeys: ReturnType<typeof loadPlatformKeys>;

  constructor(config: WechatChannelConfig) {
    this.#config = config;
    this.#platformKeys = loadPlatformKeys(config.platformKeys);
    const client = new Wechatpay({
      baseURL: config.baseUrl.endsWith('/') ? config.baseUrl : `${config.baseUrl}/`,
      mchid: config.mchid,
      serial: config.serial,
      privateKey: config.privateKey,
      certs: { ...config.platformKeys },
      timeout: config.timeoutMs ?? 10_000,
      maxRedirects: 0,
      maxContentLength: MAX_ANSWER,
      // A proxy named by the environment must not come between us and the channel unasked.
      proxy: false,
      httpAgent: new HttpAgent({ keepAlive: true, maxSockets: 64 }),
      httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: 64 }),
    });
    this.#http = client.client.v3;
  }

  async create(request: CreatePayment): Promise<{ codeUrl: string }> {
    const answer = await this.#call('create', createAnswer, {
      method: 'POST',
      url: 'v3/pay/transactions/native',
      data: {
        appid: this.#config.appid,
        mchid: this.#config.mchid,
        description: cut(request.description, MAX_DESCRIPTION),
        out_trade_no: request.paymentNo,
        time_expire: chinaTime(request.expiresAt),
        attach: cut(request.terminalId, MAX_ATTACH),
        notify_url: request.notifyUrl,
        amount: { total: request.amountFen, currency: 'CNY' },
      },
    });
    return { codeUrl: answer.code_url };
  }

  async query(paymentNo: string): Promise<PaymentEvidence> {
    try {
      const trade = await this.#call('query', tradeAnswer, {
        method: 'GET',
        url: `${this.#tradePath(paymentNo)}?mchid=${encodeURIComponent(this.#config.mchid)}`,
      });
      this.#check('query', trade.out_trade_no === paymentNo, 'payment number');
      this.#check('query', trade.mchid === this.#config.mchid, 'merchant');
      this.#check('query', trade.appid === this.#config.appid, 'application');
      switch (trade.trade_state) {
        case 'SUCCESS':
        case 'REFUND':
          this.#check('query', trade.amount.currency === 'CNY', 'currency');
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
        return { status: 'not-found' };
      }
      throw error;
    }
  }

  async close(paymentNo: string): Promise<'closed' | 'paid'> {
    try {
      await this.#call('close', undefined, {
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
    const answer = await this.#call('refund', refundAnswer, {
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
    this.#check('refund', answer.amount.refund === request.refundFen, 'amount');
    return this.#refundEvidence('refund', request.refundNo, answer);
  }

  async queryRefund(refundNo: string): Promise<RefundEvidence | { status: 'not-found' }> {
    try {
      const answer = await this.#call('query-refund', refundAnswer, {
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

  async parseNotification(headers: IncomingHttpHeaders, rawBody: Buffer): Promise<ChannelNotification> {
    const { appid, mchid, apiV3Key, clock } = this.#config;
    const trust = { appid, mchid, apiV3Key, platformKeys: this.#platformKeys };
    return openNotification(trust, clock.now(), headers, rawBody);
  }

  #refundEvidence(
    operation: string,
    refundNo: string,
    answer: z.output<typeof refundAnswer>,
  ): RefundEvidence {
    this.#check(operation, answer.out_refund_no === refundNo, 'refund number');
    this.#check(operation, answer.amount.currency === 'CNY', 'currency');
    return { status: REFUND_STATUS[answer.status], refundFen: answer.amount.refund };
  }

  #tradePath(paymentNo: string): string {
    return `v3/pay/transactions/out-trade-no/${encodeURIComponent(paymentNo)}`;
  }

  async #call<Schema extends z.ZodType>(
    operation: string,
    schema: Schema | undefined,
    request: AxiosRequestConfig,
  ): Promise<z.output<Schema>> {
    let data: unknown;
    try {
      ({ data } = await this.#http.request<unknown>(request));
    } catch (error) {
      throw wechatFailure(error, operation);
    }
    if (schema === undefined) return undefined as z.output<Schema>;
    const result = schema.safeParse(data);
    if (result.success) return result.data;
    throw this.#mismatch(operation, result.error.issues[0]?.path.map(String).join('.') ?? 'form');
  }

  #check(operation: string, holds: boolean, what: string): void {
    if (!holds) throw this.#mismatch(operation, what);
  }

  #mismatch(operation: string, what: string): PaymentError {
    const context = { channel: 'wechat', operation, reason: 'mismatch', what };
    if (operation === 'create' || operation === 'refund') {
      return new PaymentError({
        code: 'payment.unknown',
        message:
          'WeChat Pay answered about something else. It may have been done: query before anything else.',
        context,
      });
    }
    return new PaymentError({
      code: 'payment.mismatch',
      message:
        'WeChat Pay answered something that does not belong to this request. Nothing was taken from it.',
      context,
    });
  }
}

const REFUND_STATUS: Readonly<Record<WechatRefundStatus, RefundEvidence['status']>> = {
  PROCESSING: 'sent',
  SUCCESS: 'done',
  ABNORMAL: 'abnormal',
  CLOSED: 'closed',
};

/** At most `max` UTF-16 units, without half a character at the end. */
function cut(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '');
}

/** RFC 3339 in China's time, whole seconds, rounded down: never later than what the screen says. */
function chinaTime(at: Date): string {
  return `${new Date(at.getTime() + 8 * 60 * 60 * 1000).toISOString().slice(0, 19)}+08:00`;
}
