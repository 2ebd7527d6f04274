import { createVerify, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { AnsweringBook } from '../dialect.ts';
import type { Consents } from '../consents.ts';
import { payerCookie, payerOfBrowser } from '../consents.ts';
import type { Incoming } from '../http.ts';
import { sendJson } from '../http.ts';
import type { Trade } from '../model.ts';
import { H5_LIFE_MS, INVOKE_LIFE_S } from './constants.ts';
import type { WechatKeys } from './keys.ts';
import { appSecretOf } from './keys.ts';

export interface PagesContext {
  readonly book: AnsweringBook;
  readonly keys: WechatKeys;
  readonly consents: Consents;
  readonly now: () => number;
}

const CONSENT = '/connect/oauth2/authorize';
const TOKEN = '/sns/oauth2/access_token';
const LANDING = '/cgi-bin/mmpayweb-bin/checkmweb';
const INVOKED = '/wechat/pay';
const BRIDGE = '/wechat/bridge.js';

/** Whether a path is one that a phone opens at WeChat, or the one that tells a server who a payer is. */
export function isPage(path: string): boolean {
  return [CONSENT, TOKEN, LANDING, INVOKED, BRIDGE].includes(path);
}

/** The address that opens WeChat from a phone's browser. */
export function h5Url(baseUrl: string, prepayId: string): string {
  return `${baseUrl}${LANDING}?prepay_id=${prepayId}&package=${randomBytes(4).readUInt32BE()}`;
}

/** What WeChat opens for a prepared payment; a phone pays it as it pays a code. */
export function deepLink(prepayId: string): string {
  return `weixin://wap/pay?prepayid=${prepayId}`;
}

/** What a phone sees of WeChat besides codes: the silent consent, `getBrandWCPayRequest`, H5. */
export async function answerPage(
  context: PagesContext,
  incoming: Incoming,
  response: ServerResponse,
): Promise<void> {
  if (incoming.method !== 'GET') return refuse(response, 405, '只支持GET');
  switch (incoming.url.pathname) {
    case CONSENT:
      return consent(context, incoming, response);
    case TOKEN:
      return token(context, incoming, response);
    case LANDING:
      return landing(context, incoming, response);
    case INVOKED:
      return invoked(context, incoming, response);
    default:
      response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
      response.setHeader('Cache-Control', 'no-store');
      response.end(await readFile(new URL('./pages/bridge.js', import.meta.url)));
  }
}

/** `snsapi_base` asks nothing: the payer is who this browser was the last time. WeChat, "网页授权". */
function consent({ keys, consents, book }: PagesContext, incoming: Incoming, response: ServerResponse): void {
  const query = incoming.url.searchParams;
  const redirect = query.get('redirect_uri');
  // The real one matches the order of the parameters as well.
  const order = 'appid,redirect_uri,response_type,scope,state';
  const form = [...query.keys()].join() === order && query.get('response_type') === 'code';
  if (
    query.get('appid') !== keys.appid ||
    query.get('scope') !== 'snsapi_base' ||
    redirect === null ||
    !form
  ) {
    return refuse(response, 400, '该链接无法访问');
  }
  const payer = payerOfBrowser('wechat', incoming) ?? book.dialect.numbers.payer();
  const url = new URL(redirect);
  url.searchParams.set('code', consents.give(payer));
  url.searchParams.set('state', query.get('state') ?? '');
  response.setHeader('Set-Cookie', payerCookie('wechat', payer));
  go(response, url.href);
}

/** Who a code belongs to. Not signed, and not under `/v3/`: it is another platform of WeChat's. */
function token({ keys, consents, book }: PagesContext, incoming: Incoming, response: ServerResponse): void {
  const fault = book.faults.settings.outage ? 'error-before' : book.faults.takeApi('identity')?.kind;
  if (fault === 'timeout-before' || fault === 'timeout-after') return book.faults.onSilence();
  const query = incoming.url.searchParams;
  const known = query.get('appid') === keys.appid && query.get('secret') === appSecretOf(keys);
  const form = query.get('grant_type') === 'authorization_code';
  if (fault === 'frequency-limited')
    return sendJson(response, 200, wrong(45011, 'api minute-quota reach limit'));
  if (fault !== undefined) return sendJson(response, 200, wrong(-1, 'system error'));
  if (!known || !form) return sendJson(response, 200, wrong(40125, 'invalid appsecret'));
  const openid = consents.take(query.get('code') ?? '');
  if (openid === undefined) return sendJson(response, 200, wrong(40029, 'invalid code'));
  sendJson(response, 200, {
    access_token: randomBytes(48).toString('base64url'),
    expires_in: 7200,
    refresh_token: randomBytes(48).toString('base64url'),
    openid,
    scope: 'snsapi_base',
  });
}

function wrong(errcode: number, errmsg: string): { errcode: number; errmsg: string } {
  return { errcode, errmsg };
}

/** H5: the page between a phone's browser and WeChat. The merchant's page must be named as the referer. */
function landing({ book, now }: PagesContext, incoming: Incoming, response: ServerResponse): void {
  const query = incoming.url.searchParams;
  const trade = book.ledger.tradeOfCode(deepLink(query.get('prepay_id') ?? ''));
  if (trade?.tradeType !== 'MWEB') return refuse(response, 400, '支付请求参数错误');
  if (incoming.headers.referer === undefined)
    return refuse(response, 400, '商家参数格式有误，请联系商家解决');
  if (now() > trade.codeAt + H5_LIFE_MS) return refuse(response, 400, '支付请求已失效，请重新发起支付');
  phone(response, trade, { return_url: query.get('redirect_url') ?? '' });
}

/** `getBrandWCPayRequest`, opened by the bridge: the parameters as our page gave them. */
function invoked({ book, keys, now }: PagesContext, incoming: Incoming, response: ServerResponse): void {
  const query = incoming.url.searchParams;
  const value = (name: string): string => query.get(name) ?? '';
  const bundle = value('package');
  const message = `${value('appId')}\n${value('timeStamp')}\n${value('nonceStr')}\n${bundle}\n`;
  const genuine =
    value('signType') === 'RSA' &&
    value('appId') === keys.appid &&
    Math.abs(now() / 1000 - Number(value('timeStamp'))) <= INVOKE_LIFE_S &&
    createVerify('RSA-SHA256').update(message).verify(keys.merchant.publicKey, value('paySign'), 'base64');
  if (!genuine) return refuse(response, 400, '支付验证签名失败');
  const trade = book.ledger.tradeOfCode(deepLink(/^prepay_id=(\w+)$/u.exec(bundle)?.[1] ?? ''));
  if (trade?.tradeType !== 'JSAPI') return refuse(response, 400, '调用支付JSAPI缺少参数：prepay_id');
  if (payerOfBrowser('wechat', incoming) !== trade.payerId) {
    return refuse(response, 400, '下单账号与支付账号不一致，请核实后再支付');
  }
  phone(response, trade, { bridge: 'wechat' });
}

function phone(response: ServerResponse, { codeUrl }: Trade, more: Readonly<Record<string, string>>): void {
  go(response, `/phone?${new URLSearchParams({ code_url: codeUrl, ...more }).toString()}`);
}

function go(response: ServerResponse, location: string): void {
  response.statusCode = 302;
  response.setHeader('Location', location);
  response.setHeader('Cache-Control', 'no-store');
  response.end();
}

function refuse(response: ServerResponse, status: number, words: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(words);
}
