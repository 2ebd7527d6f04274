import { AxiosError } from 'axios';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../clock.ts';
import { ApiClient, type TerminalIdentity } from './client.ts';
import { ApiError } from './client-error.ts';
import type { HttpCall } from './http-call.ts';
import type { OrderView } from './order.ts';

const ORDER_NO = '260115100000000001';
const ORDER: OrderView = {
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
type Answer = { status: number; body?: unknown; headers?: Record<string, string> } | Error;

/** A server of answers: tokens are numbered, everything else is what `answer` says. */
function setup(answer: (call: Call, n: number) => Answer, tokenAnswer?: (n: number) => Answer) {
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

function problem(code: string, status: number, more: Record<string, unknown> = {}): Answer {
  const body = { type: 'x', title: 'Title', status, code, traceId: 'ab', retryable: false, ...more };
  return { status, body, headers: { date: new Date(Date.UTC(2026, 0, 15, 2)).toUTCString() } };
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  if (error instanceof ApiError) return error;
  throw new Error(`It was no ApiError: ${String(error)}`);
}

describe('the client of the API', () => {
  it('calls with a token and a proof of exactly this request', async () => {
    const { client, calls } = setup(() => ({ status: 201, body: { ...ORDER, more: 'undeclared' } }));
    const request = {
      idempotencyKey: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
      cardSession: 's',
      faceFen: 5000,
      entry: 'kiosk',
    } as const;
    expect(await client.createOrder(request)).toEqual(ORDER);
    expect(calls).toEqual([
      {
        method: 'POST',
        url: 'http://api.test/v1/terminal/orders',
        body: request,
        authorization: 'DPoP token-1',
        proof: `POST http://api.test/v1/terminal/orders token-1 @${Date.UTC(2026, 0, 15, 2) / 1000}`,
      },
    ]);
  });

  it('describes a household and buys for it with its proof, and nothing of the proof is in the address', async () => {
    const customer = { name: '张*', address: '天山区**小区3号楼', customerNo: '****1001' };
    const meter = { balanceFen: null, readAt: null, arrearsFen: 0 };
    const limits = { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [5000] };
    const home = { customer, meter, limits, blocked: 'meter.not-remote' } as const;
    const { client, calls } = setup(({ url }) =>
      url.endsWith('/describe') ? { status: 200, body: home } : { status: 201, body: ORDER },
    );
    const proven = { customerNo: '650100001001', proof: '042917' };
    expect(await client.describeRemote(proven)).toEqual(home);
    const idempotencyKey = '7d444840-9dc0-11d1-b245-5ffdce74fad2';
    const request = { ...proven, idempotencyKey, faceFen: 5000, entry: 'kiosk' } as const;
    expect(await client.createRemoteOrder(request)).toEqual(ORDER);
    expect(calls.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', 'http://api.test/v1/terminal/remote/describe', proven],
      ['POST', 'http://api.test/v1/terminal/remote/orders', request],
    ]);
  });

  it('says what becomes of an order whose credit failed, and hands a refusal on', async () => {
    const remote = {
      ...ORDER,
      state: 'refunding',
      kind: 'remote',
      credit: { status: 'failed', balanceFen: null, creditedAt: null },
      choices: [],
    };
    const { client, calls } = setup((_, n) =>
      n === 1 ? { status: 200, body: remote } : problem('order.no-choice', 409, { orderNo: ORDER_NO }),
    );
    expect(await client.choose(ORDER_NO, { choice: 'refund' })).toEqual(remote);
    expect(calls[0]).toMatchObject({
      url: `http://api.test/v1/terminal/orders/${ORDER_NO}/choose`,
      body: { choice: 'refund' },
    });
    expect(await failure(client.choose(ORDER_NO, { choice: 'card' }))).toMatchObject({
      code: 'order.no-choice',
      orderNo: ORDER_NO,
    });
  });

  it('asks for one token for many calls, and for another shortly before it ends', async () => {
    const { client, time, tokens } = setup(() => ({ status: 200, body: ORDER }));
    await Promise.all([client.order(ORDER_NO), client.order(ORDER_NO), client.order(ORDER_NO)]);
    expect(tokens()).toBe(1);
    time.monotonic += 539_999;
    await client.order(ORDER_NO);
    expect(tokens()).toBe(1);
    time.monotonic += 1;
    await Promise.all([client.order(ORDER_NO), client.order(ORDER_NO)]);
    expect(tokens()).toBe(2);
  });

  it('tries a token again after it could not be had', async () => {
    const { client } = setup(
      () => ({ status: 200, body: ORDER }),
      (n) => (n === 1 ? problem('terminal.pending', 403) : undefined) as Answer,
    );
    expect((await failure(client.order(ORDER_NO))).code).toBe('terminal.pending');
    expect(await client.order(ORDER_NO)).toEqual(ORDER);
  });

  it.each(['auth.expired', 'auth.required'])(
    'repeats a call once with a new token after %s',
    async (code) => {
      const { client, calls, tokens } = setup((call) =>
        call.authorization === 'DPoP token-1' ? problem(code, 401) : { status: 200, body: ORDER },
      );
      expect(await client.order(ORDER_NO)).toEqual(ORDER);
      expect([calls.length, tokens()]).toEqual([2, 2]);
      const always = setup(() => problem(code, 401));
      expect((await failure(always.client.order(ORDER_NO))).code).toBe(code);
      expect(always.calls).toHaveLength(2);
    },
  );

  it('asks for a token anew once it is told to forget the one it has', async () => {
    const { client, tokens } = setup(() => ({ status: 200, body: ORDER }));
    await client.order(ORDER_NO);
    await client.order(ORDER_NO);
    expect(tokens()).toBe(1);
    client.forgetToken();
    await client.order(ORDER_NO);
    expect(tokens()).toBe(2);
  });

  it('goes by the server’s clock once its own made a proof stale', async () => {
    const { client, calls, time } = setup((_call, n) =>
      n === 1 ? problem('terminal.bad-proof', 401) : { status: 200, body: ORDER },
    );
    time.now -= 3_600_000;
    expect(await client.order(ORDER_NO)).toEqual(ORDER);
    expect(calls.map(({ proof }) => proof.split('@')[1])).toEqual([
      String(Date.UTC(2026, 0, 15, 1) / 1000),
      String(Date.UTC(2026, 0, 15, 2) / 1000),
    ]);
    const right = setup(() => problem('terminal.bad-proof', 401));
    expect((await failure(right.client.order(ORDER_NO))).code).toBe('terminal.bad-proof');
    expect(right.calls).toHaveLength(1);
  });

  it('goes by the server’s clock with each of several calls that were under way when it was found to be off', async () => {
    const right = Date.UTC(2026, 0, 15, 2) / 1000;
    const { client, calls, time } = setup(({ proof }) =>
      Number(proof.split('@')[1]) === right
        ? { status: 200, body: ORDER }
        : problem('terminal.bad-proof', 401),
    );
    time.now -= 3_600_000;
    expect(await Promise.all([1, 2, 3].map(() => client.order(ORDER_NO)))).toEqual([ORDER, ORDER, ORDER]);
    expect(calls).toHaveLength(6);
  });

  it('follows a server whose clock is set right meanwhile, or whose nodes differ, and gives up after a few', async () => {
    const hours = [0, 3, 5, 2, 7];
    const at = (n: number): Answer => ({
      ...problem('terminal.bad-proof', 401),
      headers: { date: new Date(Date.UTC(2026, 0, 15, hours[n])).toUTCString() },
    });
    const { client, calls } = setup((_call, n) => (n <= 2 ? at(n) : { status: 200, body: ORDER }));
    expect(await client.order(ORDER_NO)).toEqual(ORDER);
    expect(calls.map(({ proof }) => new Date(Number(proof.split('@')[1]) * 1000).getUTCHours())).toEqual([
      2, 3, 5,
    ]);
    const never = setup((_call, n) => at(n));
    expect((await failure(never.client.order(ORDER_NO))).code).toBe('terminal.bad-proof');
    expect(never.calls).toHaveLength(4);
  });

  it('gives a problem as it was said, and repeats nothing that may have happened', async () => {
    const { client, calls } = setup(() =>
      problem('meter.order-open', 409, { detail: 'Open.', retryable: true, orderNo: ORDER_NO }),
    );
    expect(await failure(client.cancel(ORDER_NO))).toMatchObject({
      code: 'meter.order-open',
      message: 'Open.',
      status: 409,
      retryable: true,
      orderNo: ORDER_NO,
      traceId: 'ab',
    });
    expect(calls).toHaveLength(1);
  });

  it.each<[string, Answer, Partial<ApiError>]>([
    [
      'no answer',
      new AxiosError('reset', 'ECONNRESET'),
      { code: 'server.unavailable', status: 0, retryable: true },
    ],
    [
      'a proxy’s page',
      { status: 502, body: '<html>' },
      { code: 'server.unavailable', status: 502, retryable: true },
    ],
    ['a page that is no answer', { status: 404, body: '<html>' }, { code: 'server.internal', status: 404 }],
    [
      'an answer that is not JSON',
      { status: 200, body: '{"orderNo":' },
      { code: 'server.internal', status: 200 },
    ],
    [
      'an answer of another form',
      { status: 200, body: { ...ORDER, paidFen: 0.5 } },
      { code: 'server.internal' },
    ],
    [
      'a problem of a newer server',
      problem('card.from-the-future', 422),
      { code: 'server.internal', status: 422 },
    ],
    [
      'too many requests',
      { status: 429, body: '', headers: { 'Retry-After': '7' } },
      { code: 'server.unavailable', retryAfterMs: 7000 },
    ],
  ])('makes an ApiError of %s', async (_name, answer, expected) => {
    const { client, calls } = setup(() => answer);
    expect(await failure(client.order(ORDER_NO))).toMatchObject(expected);
    expect(calls).toHaveLength(1);
  });

  it('shows nothing of the request in an error', async () => {
    const { client } = setup((call) => {
      const error = new AxiosError('timeout', 'ECONNABORTED');
      return Object.assign(error, { config: { data: call.body, headers: { dpop: call.proof } } });
    });
    const error = await failure(client.claim(ORDER_NO, { lease: 1, result: 'failed', reason: 'S3CRET' }));
    expect(JSON.stringify([error, error.cause, error.context])).not.toContain('S3CRET');
    expect(error.context).toEqual({ network: 'ECONNABORTED' });
  });

  it('makes the address of a stream, with the last event where there is one', async () => {
    const { client } = setup(() => ({ status: 200, body: { ticket: 'a+b' } }));
    expect(await client.streamUrl()).toBe('http://api.test/v1/terminal/stream?ticket=a%2Bb');
    expect(await client.streamUrl('42')).toBe(
      'http://api.test/v1/terminal/stream?ticket=a%2Bb&lastEventId=42',
    );
  });

  it('enrols without a token', async () => {
    const { client, tokens } = setup(() => ({ status: 200, body: { terminalId: 't1', status: 'pending' } }));
    const answer = await client.enrol((at) => Promise.resolve(`jws@${at}`));
    expect(answer).toEqual({ terminalId: 't1', status: 'pending' });
    expect(tokens()).toBe(0);
  });
});
