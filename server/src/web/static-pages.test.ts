import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMetrics } from '../adapters/metrics/metrics.ts';
import { serve } from '../testing/app.ts';
import { testConfig } from '../testing/config.ts';
import { createApp } from './app.ts';
import { payerPages } from './payer-pages.ts';
import { portalPages } from './portal-pages.ts';
import type { RateLimiter } from '../adapters/redis/rate-limit.ts';

let folder: string;
let app: { url: string; close: () => Promise<void> };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pages-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  app = await serve(
    createApp({
      deps: { log: pino({ level: 'silent' }), config: testConfig() },
      routes: [],
      authenticators: {
        terminal: () => Promise.reject(new Error('Nobody is.')),
        admin: () => Promise.reject(new Error('Nobody is.')),
      },
      pages: [payerPages(folder), portalPages(folder)],
      limiter: { take: () => Promise.resolve() } as unknown as RateLimiter,
      metrics: createMetrics({ defaults: false }),
    }),
  );
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

it('an order’s page tells a wallet which site sends the payer, and never which order', async () => {
  const page = await fetch(`${app.url}/p/${'a'.repeat(22)}`);
  expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'strict-origin']);
  const elsewhere = await fetch(`${app.url}/p/nothing.js`);
  expect([elsewhere.status, elsewhere.headers.get('referrer-policy')]).toEqual([404, 'no-referrer']);
});

it('a portal’s page is served with its query, in no site’s frame, and tells no site where it came from', async () => {
  const page = await fetch(`${app.url}/portal/?entry=iptv2`);
  const { headers } = page;
  expect([page.status, headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  const bare = await fetch(`${app.url}/portal?entry=iptv2`, { redirect: 'manual' });
  expect(bare.headers.get('location')).toBe('/portal/?entry=iptv2');
  expect((await fetch(`${app.url}/portal/nothing.js`)).status).toBe(404);
});
