import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { MarkStore } from './marks.ts';

const NOON = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
let t: TestContext;
let clock: ManualClock;
let marks: MarkStore;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(() => {
  clock = new ManualClock(NOON);
  marks = new MarkStore(t.another(), clock);
});

const at = (ms: number) => ({ at: new Date(ms), orderNo: 'an order' });

it('a mark goes on and never back', async () => {
  expect((await marks.get('ledger')).at).toEqual(new Date(0));
  await marks.advance('ledger', at(NOON - HOUR));
  await marks.advance('ledger', at(NOON - 2 * HOUR));
  expect(await marks.get('ledger')).toEqual(at(NOON - HOUR));
});

it('a mark never goes past now: what a wrong clock stamped ahead is seen again until its time', async () => {
  await marks.advance('ledger', at(NOON + 48 * HOUR));
  expect(await marks.get('ledger')).toEqual({ at: new Date(NOON), orderNo: '' });
  clock.jump(49 * HOUR);
  await marks.advance('ledger', at(NOON + 48 * HOUR));
  expect(await marks.get('ledger')).toEqual(at(NOON + 48 * HOUR));
});

it('a mark that another clock has put into the future hides nothing: it goes back, once', async () => {
  await new MarkStore(t.db, { now: () => NOON + 72 * HOUR }).advance('invoices', at(NOON + 48 * HOUR));
  const mine = new MarkStore(t.db, clock);
  expect((await mine.reached()).get('invoices')).toEqual(new Date(NOON - 48 * HOUR));
  expect((await mine.get('invoices')).at).toEqual(new Date(NOON - 48 * HOUR));
  await mine.advance('invoices', at(NOON));
  expect(await mine.get('invoices')).toEqual(at(NOON));
});
