import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { DailyReconciliation } from './daily.ts';
import { DAY, rig, ordered, rowOf, lineOf } from '../../testing/reconciled-orders.ts';

export let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

describe('a day, three ways', () => {
  it('waits for a bill that is not there, refuses a bent one and a day that is not over', async () => {
    const { papers, reconciler, days, store, clock, log } = await rig(t);
    await store.insert(ordered(1, `${DAY}T12:00:00`));
    papers.ready = false;
    await expect(reconciler.run({ first: DAY, by: 'u9' })).rejects.toMatchObject({
      code: 'reconcile.not-ready',
    });
    expect(await days.get(DAY)).toMatchObject({ state: 'waiting', why: 'reconcile.not-ready' });
    papers.ready = true;
    const order = ordered(1, `${DAY}T12:00:00`);
    papers.rows.set(DAY, [rowOf(order)]);
    papers.lines.set(DAY, [lineOf(order)]);
    const ledger = { firstDay: () => Promise.resolve(DAY) };
    const daily = new DailyReconciliation({ reconciler, days, ledger, clock, log });
    await daily.look();
    expect((await days.list(DAY, '2026-03-09')).map(({ _id, state }) => [_id, state])).toEqual([
      [DAY, 'done'],
      ['2026-03-02', 'done'],
      ['2026-03-03', 'done'],
    ]);
    papers.lines.set(DAY, ['a,b']);
    await expect(reconciler.run({ first: DAY, by: 'u9' })).rejects.toMatchObject({
      code: 'reconcile.bill-unsound',
    });
    expect(await days.get(DAY)).toMatchObject({ state: 'done', why: 'reconcile.bill-unsound' });
    await expect(reconciler.run({ first: '2026-03-05', by: 'u9' })).rejects.toMatchObject({
      code: 'reconcile.day-open',
    });
  });

  it('is run by one at a time', async () => {
    const { days, reconciler, clock } = await rig(t);
    const now = new Date(clock.now());
    expect(await days.take(DAY, now, new Date(clock.now() + 1000))).toBe(true);
    await expect(reconciler.run({ first: DAY, by: 'u9' })).rejects.toMatchObject({
      code: 'reconcile.running',
    });
    clock.jump(1000);
    expect(await reconciler.run({ first: DAY, by: 'u9' })).toEqual([]);
  });
});
