import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { BookError } from '../book-error.ts';
import { payerCookie, payerOfBrowser } from '../consents.ts';
import type { Incoming } from '../http.ts';
import { checkedCaller, fieldsIn } from './gateway.ts';
import type { GatewayContext } from './gateway.ts';
import { beginInBrowser } from './new-trade.ts';
import { Refusal } from './refusal.ts';

const FILES: Readonly<Record<string, { file: string; type: string }>> = {
  '/alipay/cashier': { file: 'cashier.html', type: 'text/html; charset=utf-8' },
  '/alipay/cashier.css': { file: 'cashier.css', type: 'text/css; charset=utf-8' },
  '/alipay/cashier.js': { file: 'cashier.js', type: 'text/javascript; charset=utf-8' },
  '/alipay/bridge.js': { file: 'bridge.js', type: 'text/javascript; charset=utf-8' },
};

/** Whether a path is one of Alipay's that a phone opens. */
export function isPage(path: string): boolean {
  return (
    path.startsWith('/alipay/') || path.startsWith('/qr/bax') || path === '/oauth2/publicAppAuthorize.htm'
  );
}

/** What a phone sees of Alipay: codes, the consent, the cashier; and the download of bills. */
export async function answerPage(
  context: GatewayContext,
  incoming: Incoming,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = incoming.url;
  const file = FILES[pathname];
  if (incoming.method !== 'GET') return refuse(response, 404);
  if (file !== undefined) {
    response.setHeader('Content-Type', file.type);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Security-Policy', "default-src 'self'; img-src 'self' data:");
    response.end(await readFile(new URL(`./pages/${file.file}`, import.meta.url)));
    return;
  }
  if (pathname === '/alipay/bill') {
    const packed = context.bills.take(searchParams.get('token'));
    if (packed === undefined) return refuse(response, 404);
    response.setHeader('Content-Type', 'application/zip');
    response.end(packed);
    return;
  }
  if (pathname.startsWith('/qr/')) {
    // A camera that is no wallet's opens the code's address: show the wallet.
    const code = `${context.baseUrl()}${pathname}`;
    return go(response, `/phone?code_url=${encodeURIComponent(code)}`);
  }
  if (pathname === '/oauth2/publicAppAuthorize.htm') return consent(context, incoming, response);
  if (pathname === '/gateway.do') return browserPayment(context, incoming, response);
  refuse(response, 404);
}

/** The silent consent: nothing is asked. The payer is who this browser was the last time. */
function consent({ consents, keys }: GatewayContext, incoming: Incoming, response: ServerResponse): void {
  const query = incoming.url.searchParams;
  const redirect = query.get('redirect_uri');
  if (query.get('app_id') !== keys.appId || query.get('scope') !== 'auth_base' || redirect === null) {
    return refuse(response, 400);
  }
  const payer = payerOfBrowser('alipay', incoming) ?? randomBytes(16).toString('base64url');
  const url = new URL(redirect);
  url.searchParams.set('app_id', keys.appId);
  url.searchParams.set('source', 'alipay_wallet');
  url.searchParams.set('scope', 'auth_base');
  url.searchParams.set('auth_code', consents.give(payer));
  const state = query.get('state');
  if (state !== null) url.searchParams.set('state', state);
  response.setHeader('Set-Cookie', payerCookie('alipay', payer));
  go(response, url.href);
}

/** `alipay.trade.wap.pay`: the trade begins when the address is opened. */
function browserPayment(context: GatewayContext, incoming: Incoming, response: ServerResponse): void {
  try {
    const fields = checkedCaller(context, fieldsIn(incoming));
    if (fields.get('method') !== 'alipay.trade.wap.pay') throw new Refusal('isv.invalid-method');
    const { trade, returnUrl } = beginInBrowser(fields, context);
    const cashier = new URLSearchParams({ code_url: trade.codeUrl });
    if (returnUrl !== undefined) cashier.set('return_url', returnUrl);
    go(response, `/alipay/cashier?${cashier.toString()}`);
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof BookError)) throw error;
    // The real one shows a page of its own with the reason.
    response.statusCode = 400;
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.end(error.message);
  }
}

function go(response: ServerResponse, location: string): void {
  response.statusCode = 302;
  response.setHeader('Location', location);
  response.setHeader('Cache-Control', 'no-store');
  response.end();
}

function refuse(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}
