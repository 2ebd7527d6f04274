import { afterAll, beforeAll, expect, it } from 'vitest';
import { walkSpellings } from './testing/spellings.ts';
import { openTestWeb, type TestWeb } from './testing/web.ts';

let s: TestWeb;
beforeAll(async () => {
  s = await openTestWeb();
});
afterAll(() => s.close());

it('every route has one spelling', async () => {
  expect(s.web.routes.length).toBeGreaterThan(100);
  expect(await walkSpellings(s.web.url, { routes: s.web.routes, metrics: s.metrics })).toEqual([]);
});
