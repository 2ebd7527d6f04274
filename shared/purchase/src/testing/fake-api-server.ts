import type { Clock } from '@bianmin/card/clock';
import { ApiClient } from '../api/client.ts';
import type { TerminalIdentity } from '../api/terminal-calls.ts';
import { ApiError } from '../api/client-error.ts';
import type { HttpCall } from '../api/http-call.ts';
import type { OrderView } from '../api/order.ts';

export const ORDER_NO = '260115100000000001';
export const ORDER: OrderView = {
  orderNo: ORDER_NO,
  version: 1,
  state: 'created',
  entry: 'kiosk',
  faceFen: 5000,
  discountFen: 0,
  paidFen: 5000,
  createdAt: '2026-01-15T02:00:00.000Z',
  payment: null,
  receiptCode: null,
  refund: null,
};

interface Call {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly authorization: string;
  readonly proof: string;
}
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> } | Error;

/** A server of answers: tokens are numbered, everything else is what `answer` says. */
export function setup(answer: (call: Call, n: number) => Answer, tokenAnswer?: (n: number) => Answer) {
  const calls: Call[] = [];
  let tokens = 0;
  const time = { now: Date.UTC(2026, 0, 15, 2), monotonic: 0 };
  const clock: Clock = {
    now: () => time.now,
    monotonic: () => time.monotonic,
    sleep: () => Promise.resolve(),
  };
  const identity: TerminalIdentity = {
    terminalId: 't',
    signAssertion: (at) => Promise.resolve(`assertion@${at}`),
    proof: ({ method, url, accessToken, at }) => Promise.resolve(`${method} ${url} ${accessToken} @${at}`),
  };
  const reply = (call: Call): Answer => {
    if (call.url.endsWith('/token')) {
      tokens += 1;
      const body = { accessToken: `token-${tokens}`, tokenType: 'DPoP', expiresIn: 600 };
      return tokenAnswer?.(tokens) ?? { status: 200, body };
    }
    calls.push(call);
    return answer(call, calls.length);
  };
  const http: HttpCall = ({ method, url, headers, body }) => {
    const given = reply({
      method,
      url,
      body: body === undefined ? undefined : JSON.parse(body),
      authorization: headers['Authorization'] ?? '',
      proof: headers['DPoP'] ?? '',
    });
    if (given instanceof Error) return Promise.reject(given);
    return Promise.resolve({
      status: given.status,
      headers: given.headers ?? {},
      body: typeof given.body === 'string' ? given.body : (JSON.stringify(given.body) ?? ''),
    });
  };
  const client = new ApiClient({ baseUrl: 'http://api.test/', identity, clock, http });
  return { client, calls, time, tokens: () => tokens };
}

export function problem(code: string, status: number, more: Record<string, unknown> = {}): Answer {
  const body = { type: 'x', title: 'Title', status, code, traceId: 'ab', retryable: false, ...more };
  return { status, body, headers: { date: new Date(Date.UTC(2026, 0, 15, 2)).toUTCString() } };
}

export async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (error instanceof ApiError) return error;
  throw new Error(`It was no ApiError: ${String(error)}`);
}
