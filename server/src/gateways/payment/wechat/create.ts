import { Formatter, Rsa } from 'wechatpay-axios-plugin';
import type { CreatePayment, PaymentHandle, PaymentProduct } from '../contract.ts';
import { cut } from '../cut.ts';
import { PaymentError } from '../error.ts';
import type { WechatClient } from './client.ts';
import { codeAnswer, h5Answer, prepayAnswer } from './wire.ts';
import { chinaClock } from '../../../kernel/china-time.ts';

export interface CreateInit {
  readonly client: WechatClient;
  readonly appid: string;
  readonly mchid: string;
  /** PEM. */
  readonly privateKey: string;
  readonly clock: { now(): number };
}

/** WeChat Pay API v3, "Native 下单", "JSAPI/小程序下单", "H5 下单". */
const MAX_DESCRIPTION = 127;
const MAX_ATTACH = 128;

/** Native: a code that another phone scans. */
export async function createCode(init: CreateInit, request: CreatePayment): Promise<PaymentHandle> {
  const answer = await init.client.call('create', codeAnswer, {
    method: 'POST',
    url: 'v3/pay/transactions/native',
    data: terms(init, request),
  });
  return { kind: 'code', codeUrl: answer.code_url };
}

/** JSAPI: parameters for `getBrandWCPayRequest` on our page inside WeChat. Needs the payer's openid. */
export async function createInWallet(init: CreateInit, request: CreatePayment): Promise<PaymentHandle> {
  const openid = needed(request.payerId, 'in-wallet', 'payerId');
  const answer = await init.client.call('create', prepayAnswer, {
    method: 'POST',
    url: 'v3/pay/transactions/jsapi',
    data: { ...terms(init, request), payer: { openid } },
  });
  return { kind: 'invoke', method: 'wechat-jsapi', parameters: invocation(init, answer.prepay_id) };
}

/** H5: an address that opens WeChat from a phone's browser. Needs the address that the phone calls from. */
export async function createInBrowser(init: CreateInit, request: CreatePayment): Promise<PaymentHandle> {
  const payerIp = needed(request.payerIp, 'browser', 'payerIp');
  const answer = await init.client.call('create', h5Answer, {
    method: 'POST',
    url: 'v3/pay/transactions/h5',
    data: {
      ...terms(init, request),
      scene_info: { payer_client_ip: payerIp, h5_info: { type: 'Wap' } },
    },
  });
  const back = request.returnUrl;
  const url =
    back === undefined ? answer.h5_url : `${answer.h5_url}&redirect_url=${encodeURIComponent(back)}`;
  return { kind: 'redirect', url };
}

/** WeChat Pay API v3, "JSAPI 调起支付": signed with our key over four lines, the last one ended as well. */
function invocation({ appid, privateKey, clock }: CreateInit, prepayId: string): Record<string, string> {
  const timeStamp = String(Math.floor(clock.now() / 1000));
  const nonceStr = Formatter.nonce();
  const bundle = `prepay_id=${prepayId}`;
  const paySign = Rsa.sign(Formatter.joinedByLineFeed(appid, timeStamp, nonceStr, bundle), privateKey);
  return { appId: appid, timeStamp, nonceStr, package: bundle, signType: 'RSA', paySign };
}

function terms({ appid, mchid }: CreateInit, request: CreatePayment): Record<string, unknown> {
  return {
    appid,
    mchid,
    description: cut(request.description, MAX_DESCRIPTION),
    out_trade_no: request.paymentNo,
    time_expire: chinaTime(request.expiresAt),
    attach: cut(request.terminalId, MAX_ATTACH),
    notify_url: request.notifyUrl,
    amount: { total: request.amountFen, currency: 'CNY' },
  };
}

function needed(value: string | undefined, product: PaymentProduct, what: string): string {
  if (value !== undefined && value !== '') return value;
  throw new PaymentError({
    code: 'payment.refused',
    message: `WeChat Pay takes no ${product} payment without ${what}. Nothing was sent; ask for it first.`,
    context: { channel: 'wechat', operation: 'create', product, what },
  });
}

/** RFC 3339 in China's time, whole seconds, rounded down: never later than what the screen says. */
function chinaTime(at: Date): string {
  return `${chinaClock(at)}+08:00`;
}
