import { AxiosError } from 'axios';
import { describe, expect, it } from 'vitest';
import type { ApiError } from './client-error.ts';
import { ORDER_NO, ORDER, setup, problem, failure } from '../testing/fake-api-server.ts';
import type { Answer } from '../testing/fake-api-server.ts';

describe('a call that fails', () => {
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
});
