import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { problemSchema, type Problem } from '@bianmin/purchase/api/problem';
import type { Principal } from '../kernel/principal.ts';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import { createLogger } from '../adapters/log/log.ts';
import { createMetrics } from '../adapters/metrics/metrics.ts';
import { serve } from '../testing/app.ts';
import { READY } from '../testing/staff-world.ts';
import { testConfig } from '../testing/config.ts';
import { createApp, type AppInit } from './app.ts';
import { BODY_LIMIT_BYTES } from './body.ts';
import { ProblemError } from '../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';
import type { RateLimiter } from '../adapters/redis/rate-limit.ts';

const ADMIN: Principal = {
  kind: 'admin',
  userId: 'u',
  name: 'n',
  permissions: new Set(['order:read']),
  scope: WHOLE_PROVINCE,
  session: READY,
};

const routes: AnyRoute[] = [
  defineRoute({
    method: 'post',
    path: '/things/:id',
    summary: 'Makes a thing',
    tag: 'system',
    auth: 'none',
    params: z.strictObject({ id: z.string().regex(/^\d+$/) }),
    query: z.strictObject({ times: z.coerce.number().int().max(9).default(1) }),
    body: z.strictObject({ 'a/b': z.int(), list: z.array(z.strictObject({ c: z.string() })).default([]) }),
    status: 201,
    response: z.object({ id: z.string(), times: z.number() }),
    handler: ({ params, query, body }) =>
      Promise.resolve({ id: params.id, times: query.times, secret: body['a/b'] }),
  }),
  defineRoute({
    method: 'get',
    path: '/broken',
    summary: 'Answers what it did not declare',
    tag: 'system',
    auth: 'none',
    response: z.object({ n: z.int() }),
    handler: () => Promise.resolve({ n: 'secret-value' as unknown as number }),
  }),
  defineRoute({
    method: 'get',
    path: '/thrown',
    summary: 'Throws',
    tag: 'system',
    auth: 'none',
    handler: () => Promise.reject(new Error('connect to 10.0.0.7 with hunter2')),
  }),
  defineRoute({
    method: 'get',
    path: '/refused',
    summary: 'Refuses',
    tag: 'system',
    auth: 'none',
    handler: () =>
      Promise.reject(
        new ProblemError({ code: 'meter.order-open', message: 'Open.', orderNo: '260115100000000001' }),
      ),
  }),
  defineRoute({
    method: 'get',
    path: '/unproven',
    summary: 'Takes no proof',
    tag: 'terminal',
    auth: 'none',
    handler: () => Promise.reject(new ProblemError({ code: 'terminal.bad-proof', message: 'Stale.' })),
  }),
  defineRoute({
    method: 'get',
    path: '/permitted',
    summary: 'Needs a permission that is there',
    tag: 'admin',
    auth: 'admin',
    permission: 'order:read',
    handler: ({ principal }) => {
      expect(principal).toBe(ADMIN);
      return Promise.resolve(undefined);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/forbidden',
    summary: 'Needs a permission that is not there',
    tag: 'admin',
    auth: 'admin',
    permission: 'audit:read',
    handler: () => Promise.reject(new Error('must not run')),
  }),
  defineRoute({
    method: 'post',
    path: '/raw',
    summary: 'Takes bytes',
    tag: 'payment',
    auth: 'none',
    rawBody: true,
    response: z.object({ length: z.int() }),
    handler: ({ rawBody }) => Promise.resolve({ length: rawBody.length }),
  }),
];

describe('the web application', () => {
  const lines: string[] = [];
  const log = createLogger({
    level: 'info',
    process: 'web',
    destination: { write: (line: string) => void lines.push(line) },
  });
  const init: AppInit = {
    deps: { log, config: testConfig() },
    routes,
    authenticators: { admin: () => Promise.resolve(ADMIN), terminal: () => Promise.resolve(ADMIN) },
    limiter: { take: () => Promise.resolve() } as unknown as RateLimiter,
    metrics: createMetrics({ defaults: false }),
  };
  let server: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    server = await serve(createApp(init));
  });
  afterAll(() => server.close());

  async function problem(response: Response): Promise<Problem> {
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const body = problemSchema.parse(await response.json());
    expect(body.status).toBe(response.status);
    expect(body.traceId).toBe(response.headers.get('trace-id'));
    return body;
  }
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it('gives a handler what its schemas made of the request, and the caller only what is declared', async () => {
    const response = await post('/things/7?times=3', { 'a/b': 1 });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ id: '7', times: 3 });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each(['', '%20', '%205', '0x1', '1e0', '1.0', '+1', '1&times=2', '%E4%B8%80'])(
    'takes only digits for a number in an address, not “%s”',
    async (times) => {
      const response = await post(`/things/7?times=${times}`, { 'a/b': 1 });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        errors: [{ pointer: '/query/times', detail: 'must be digits' }],
      });
    },
  );

  it('names every field at fault as a JSON pointer', async () => {
    const response = await post('/things/x?times=99&more=1', { 'a/b': 'no', list: [{ c: 1, 'd~e': 2 }] });
    const body = await problem(response);
    expect(body.code).toBe('request.malformed');
    expect(body.errors?.map((error) => error.pointer).toSorted()).toEqual([
      '/body/a~1b',
      '/body/list/0/c',
      '/body/list/0/d~0e',
      '/params/id',
      '/query/more',
      '/query/times',
    ]);
  });

  it.each([
    ['text that is not JSON', '{"a/b":', { 'Content-Type': 'application/json' }, 'request.malformed'],
    ['60,000 nested arrays', '['.repeat(60_000), {}, 'request.malformed'],
    ['60,000 nested objects', '{"list":'.repeat(30_000), {}, 'request.malformed'],
    ['bytes that are no UTF-8', '"\uD800"', {}, 'request.malformed'],
    ['another media type', '{}', { 'Content-Type': 'text/plain' }, 'request.unsupported-media'],
    ['compression', '{}', { 'Content-Encoding': 'gzip' }, 'request.unsupported-media'],
    ['a body that is too large', ' '.repeat(BODY_LIMIT_BYTES + 1), {}, 'request.too-large'],
  ])('refuses %s', async (_name, body, headers, code) => {
    expect((await problem(await post('/things/1', body, headers))).code).toBe(code);
  });

  it('stops reading a body of undeclared length at the limit', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(`${server.url}/raw`, { method: 'POST' }, (response) => {
        resolve(response.statusCode);
        response.destroy();
      });
      request.on('error', reject);
      request.write(Buffer.alloc(BODY_LIMIT_BYTES));
      request.write('x');
      request.flushHeaders();
    });
    expect(status).toBe(413);
  });

  it('tells a terminal whose proof is stale the time of this moment, also just after the clock was set', async () => {
    await fetch(`${server.url}/refused`);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2030, 0, 1) });
    try {
      const { headers } = await fetch(`${server.url}/unproven`);
      expect(headers.get('date')).toBe('Tue, 01 Jan 2030 00:00:00 GMT');
    } finally {
      vi.useRealTimers();
    }
  });

  it('hands raw bytes over as they came', async () => {
    const response = await fetch(`${server.url}/raw`, { method: 'POST', body: new Uint8Array([0, 255, 13]) });
    expect(await response.json()).toEqual({ length: 3 });
  });

  it('refuses a body where none is expected', async () => {
    const response = await fetch(`${server.url}/raw`, { method: 'GET' });
    expect((await problem(response)).code).toBe('request.method');
    expect(response.headers.get('allow')).toContain('POST');
  });

  it('says 404 and 405 as problems', async () => {
    expect((await problem(await fetch(`${server.url}/nowhere`))).code).toBe('request.not-found');
    expect((await problem(await fetch(`${server.url}/raw`, { method: 'DELETE' }))).code).toBe(
      'request.method',
    );
  });

  it('keeps to itself what it did not foresee', async () => {
    for (const path of ['/broken', '/thrown']) {
      const response = await fetch(server.url + path);
      const text = JSON.stringify(await problem(response));
      expect(response.status).toBe(500);
      expect(text).not.toMatch(/hunter2|10\.0\.0\.7|secret-value|node_modules/);
    }
    expect(lines.join('')).not.toContain('secret-value');
  });

  it('carries the order that stands in the way, and an empty answer as 204', async () => {
    const refused = await problem(await fetch(`${server.url}/refused`));
    expect(refused).toMatchObject({
      code: 'meter.order-open',
      retryable: true,
      orderNo: '260115100000000001',
    });
    expect((await fetch(`${server.url}/permitted`)).status).toBe(204);
    expect((await problem(await fetch(`${server.url}/forbidden`))).code).toBe('auth.forbidden');
  });

  it('keeps the caller’s trace, in the answer and in the log', async () => {
    const traceId = 'a1'.repeat(16);
    const response = await fetch(`${server.url}/refused?ticket=not-for-logs`, {
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });
    expect(response.headers.get('trace-id')).toBe(traceId);
    await response.text();
    await expect.poll(() => lines.filter((line) => line.includes(traceId)).length).toBeGreaterThan(0);
    const line = JSON.parse(lines.find((text) => text.includes(traceId)) ?? '{}') as Record<string, unknown>;
    expect(line).toMatchObject({
      'bianmin.route': '/refused',
      'http.request.method': 'GET',
      'http.response.status_code': 409,
      'bianmin.problem': 'meter.order-open',
      'trace.id': traceId,
    });
    expect(lines.join('')).not.toContain('not-for-logs');
  });

  it('names the route in its log and never the address, which may be all that its holder needs', async () => {
    const secret = '4711'.repeat(6);
    const spelt = [`/things/${secret}`, `//things/${secret}`, `/Things/${secret}/x`, `/nowhere/${secret}`];
    const before = lines.length;
    for (const path of spelt) await (await fetch(server.url + path)).text();
    await expect.poll(() => lines.length).toBe(before + spelt.length);
    expect(lines.join('')).not.toContain(secret);
    const said = lines.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(said.map((line) => line['bianmin.route'])).toContain('none');
  });

  it('counts what it answered, by route and not by address', async () => {
    const text = await init.metrics.registry.metrics();
    expect(text).toContain('bianmin_http_problems_total{code="meter.order-open"}');
    expect(text).toContain('route="/things/:id"');
    expect(text).not.toContain('route="/things/7"');
  });
});
