import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '@bianmin/card/node/free-port';
import { askRaw, walkSpellings } from '../../../../server/src/testing/spellings.ts';
import { openTestWeb, type TestWeb } from '../../../../server/src/testing/web.ts';
import { openEdge, type Edge } from '../../../run/dev/edge.ts';

/** The real web behind the real HAProxy and nginx, and before it us, whose word about addresses it takes. */
let dir: string;
let edge: Edge;
let url: string;
let s: TestWeb;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bianmin-spellings-'));
  s = await openTestWeb({ TRUSTED_PROXIES: 1 });
  const port = await freePort();
  const webs = [Number(new URL(s.web.url).port)];
  edge = await openEdge({ dir, port, webs, beforeProxy: ['127.0.0.1'] });
  url = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  await edge.stop();
  await s.close();
  await rm(dir, { recursive: true, force: true });
});

it('every route has one spelling through nginx, too, which changes none on its way', async () => {
  const { routes } = s.web;
  expect(routes.length).toBeGreaterThan(100);
  // An address for each: what one may ask for is not the subject.
  const headers = (index: number) => ({ 'x-forwarded-for': `198.18.${index >> 8}.${index & 0xff}` });
  const faults = await walkSpellings(url, { routes, metrics: s.metrics, headers });
  // HAProxy asks both all the time, by their one spelling.
  const asked = /^GET \/(?:healthz|readyz) answered [1-9]\d* times$/;
  expect(faults.filter((fault) => !asked.test(fault))).toEqual([]);
});

it.each(['/metrics', '/METRICS', '/metrics/', '//metrics', '/./metrics', '/%6Detrics', '/v1/../metrics'])(
  'measurements are not at %s',
  async (target) => {
    expect([400, 404]).toContain(await askRaw(url, { method: 'GET', target }));
  },
);
