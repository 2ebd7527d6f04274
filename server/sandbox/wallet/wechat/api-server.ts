import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ApiAnswer, ApiContext, ApiRoute } from './api-route.ts';
import { API_ROUTES } from './api.ts';
import { answerWithFault } from '../api-fault.ts';
import type { ApiFault } from '../faults-request.ts';
import type { Incoming } from '../http.ts';
import type { WechatKeys } from './keys.ts';
import { WalletRefusal, refusalOf } from './refusal.ts';
import { signPlatform, verifyMerchant } from './signing.ts';

export interface ApiServerInit extends ApiContext {
  readonly keys: WechatKeys;
  /** Time that signatures carry and are checked against, ms. */
  readonly wireNow: () => number;
}

const OLD_CLOCK_MS = 10 * 60 * 1000;

/** Answers one request under `/v3/`: verify, do, sign, and go wrong where a knob says so. */
export async function answerApi(
  init: ApiServerInit,
  incoming: Incoming,
  response: ServerResponse,
): Promise<void> {
  const found = route(incoming);
  if (init.book.faults.settings.outage) {
    send(init, response, decide(init, incoming, found, 'error-before'), undefined);
    return;
  }
  const call = { operation: found?.route.operation ?? 'any', incoming, response } as const;
  const given = await answerWithFault(init.book, call, (fault) => decide(init, incoming, found, fault));
  if (given !== undefined) send(init, response, given.answer, given.fault);
}

interface Found {
  readonly route: ApiRoute;
  readonly params: readonly string[];
}

function route({ method, url }: Incoming): Found | undefined {
  for (const each of API_ROUTES) {
    const match = method === each.method ? each.path.exec(url.pathname) : null;
    if (match !== null) return { route: each, params: match.slice(1).map(decoded) };
  }
  return undefined;
}

/** A number that is not well encoded is the number of nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function decide(
  init: ApiServerInit,
  incoming: Incoming,
  found: Found | undefined,
  fault: ApiFault | undefined,
): ApiAnswer {
  try {
    if (fault === 'error-before') throw new WalletRefusal('SYSTEM_ERROR', '系统异常，请稍后重试');
    if (fault === 'frequency-limited') throw new WalletRefusal('FREQUENCY_LIMITED', '频率超限');
    if (fault === 'not-enough') throw new WalletRefusal('NOT_ENOUGH', '商户余额不足');
    verifyMerchant(
      {
        method: incoming.method,
        target: incoming.target,
        body: incoming.body,
        authorization: incoming.headers.authorization,
      },
      init.keys,
      init.wireNow(),
    );
    if (found === undefined) throw new WalletRefusal('RESOURCE_NOT_EXISTS', '无可用的接口');
    const answer = found.route.handle(
      {
        params: found.params,
        query: incoming.url.searchParams,
        body: incoming.body,
        behind: fault === 'behind',
      },
      init,
    );
    if (fault === 'error-after') throw new WalletRefusal('SYSTEM_ERROR', '系统异常，请稍后重试');
    return fault === 'other-payment' ? aboutAnother(answer) : answer;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    const { code, message, detail, status } = refusal;
    return { status, body: { code, message, ...(detail === undefined ? {} : { detail }) } };
  }
}

/** A genuine answer about another payment. */
function aboutAnother(answer: ApiAnswer): ApiAnswer {
  if (answer.body === undefined || Buffer.isBuffer(answer.body)) return answer;
  return {
    ...answer,
    body: { ...answer.body, out_trade_no: 'another0000001', out_refund_no: 'another0000001r1' },
  };
}

function send(
  init: ApiServerInit,
  response: ServerResponse,
  answer: ApiAnswer,
  fault: ApiFault | undefined,
): void {
  response.statusCode = answer.status;
  response.setHeader('Request-ID', randomBytes(16).toString('hex').toUpperCase());
  if (Buffer.isBuffer(answer.body)) {
    // Files are not signed: their digest came in a signed answer. WeChat Pay API v3, "下载账单".
    response.setHeader('Content-Type', 'application/octet-stream');
    response.end(answer.body);
    return;
  }
  const body = answer.body === undefined ? '' : JSON.stringify(answer.body);
  if (fault !== 'unsigned') {
    const headers = signPlatform({
      keys: init.keys,
      mode: init.book.faults.settings.signWith,
      nowMs: init.wireNow() - (fault === 'old-clock' ? OLD_CLOCK_MS : 0),
      body: fault === 'bad-signature' ? `${body} ` : body,
    });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (fault === 'unknown-serial') response.setHeader('Wechatpay-Serial', 'PUB_KEY_ID_0999999999');
  }
  if (body !== '') response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(body === '' ? undefined : body);
}
