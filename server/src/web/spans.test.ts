import { pino } from 'pino';
import { z } from 'zod';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { traceHeaders } from '@bianmin/purchase/node/trace';
import { createMetrics } from '../adapters/metrics/metrics.ts';
import { serve } from '../testing/app.ts';
import { testConfig } from '../testing/config.ts';
import type { FinishedSpan } from '../adapters/tracing/span.ts';
import { createApp } from './app.ts';
import { ProblemError } from '../kernel/problem.ts';
import { defineRoute } from '../route/route.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const told: FinishedSpan[] = [];
let sent: string | undefined;
let app: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  const routes = [
    defineRoute({
      ...{ method: 'get', path: '/v1/things/:code', summary: 'One', tag: 'system', auth: 'none' },
      params: z.object({ code: z.string() }),
      query: z.object({ secret: z.string().optional() }),
      response: z.object({}),
      handler: ({ params }) => {
        sent = traceHeaders().traceparent;
        const { code } = params;
        if (code === 'none') throw new ProblemError({ code: 'request.not-found', message: 'None.' });
        if (code === 'broken') throw new Error('a mistake about S3CRET');
        return Promise.resolve({});
      },
    }),
    defineRoute({
      ...{ method: 'get', path: '/healthz', summary: 'Up', tag: 'system', auth: 'none' },
      response: z.object({}),
      handler: () => Promise.resolve({}),
    }),
  ];
  const nobody = () => Promise.reject(new Error('Nobody is.'));
  app = await serve(
    createApp({
      deps: {
        ...{ log: pino({ level: 'silent' }), config: testConfig() },
        spans: (span) => void told.push(span),
      },
      ...{
        routes,
        authenticators: { terminal: nobody, admin: nobody },
        metrics: createMetrics({ defaults: false }),
      },
      limiter: { take: () => Promise.resolve() } as never,
    }),
  );
});
beforeEach(() => {
  told.length = 0;
});
afterAll(() => app.close());

const ask = async (path: string): Promise<FinishedSpan | undefined> => {
  await fetch(app.url + path, {
    headers: { traceparent: `00-${TRACE}-${PARENT}-01`, authorization: 'DPoP S3CRET' },
  });
  await expect.poll(() => told.length).toBe(1);
  return told[0];
};

it('a request is a span under the one that asked, by its route and nothing that was in its address', async () => {
  const span = await ask('/v1/things/R7K2?secret=S3CRET');
  expect(span).toMatchObject({
    ...{ traceId: TRACE, parentId: PARENT, name: 'GET /v1/things/:code', kind: 'server', failed: false },
    facts: {
      ...{ 'http.request.method': 'GET', 'http.route': '/v1/things/:code' },
      'http.response.status_code': 200,
    },
  });
  // What it asks of others is under it.
  expect(sent).toBe(`00-${TRACE}-${span?.spanId ?? ''}-01`);
  expect(JSON.stringify(told)).not.toMatch(/R7K2|S3CRET/);
});

it('a refusal has its code, and a fault of ours is failed', async () => {
  expect(await ask('/v1/things/none')).toMatchObject({
    ...{ failed: false, facts: { 'error.type': 'request.not-found', 'http.response.status_code': 404 } },
  });
  told.length = 0;
  expect(await ask('/v1/things/broken')).toMatchObject({
    ...{ failed: true, facts: { 'error.type': 'server.internal', 'http.response.status_code': 500 } },
  });
  expect(JSON.stringify(told)).not.toContain('S3CRET');
});

it('who watches us, and what is no route of ours, is none', async () => {
  await fetch(`${app.url}/healthz`);
  await fetch(`${app.url}/p/r/S3CRET`);
  expect((await ask('/v1/things/a'))?.name).toBe('GET /v1/things/:code');
});
