import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { DayStore, type DayOutcome, type DayState } from '../money/reconcile/day-store.ts';
import { dayPlus } from '../kernel/china-time.ts';
import { openTestContext, type TestContext } from './context.ts';
import { MemoryDays } from './memory-days.ts';
import { alike, type Call } from './alike-stores.ts';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

type Days = Call<MemoryDays, DayStore>;
/** Three days of each run's own. */
const dayOf = (run: string, n: number): string => dayPlus('2026-03-01', 10 * Number(run.slice(4)) + n);
const at = (second: number): Date => new Date(Date.UTC(2026, 2, 5, 2, 0, second));

const n = fc.nat(2);
const second = fc.nat(5);
const state = fc.constantFrom<DayState[]>('waiting', 'failed', 'done');
const outcome = fc.record({
  state,
  why: fc.option(fc.constant('reconcile.not-ready'), { nil: undefined }),
  notCompared: fc.option(fc.constant(['channel:bestpay']), { nil: undefined }),
  caseIds: fc.subarray(['c1', 'c2']),
});

function outcomeOf(of: typeof outcome extends fc.Arbitrary<infer T> ? T : never): DayOutcome {
  const { why, notCompared, ...rest } = of;
  return {
    ...rest,
    ...(why === undefined ? {} : { why }),
    ...(notCompared === undefined ? {} : { notCompared }),
    sources: [{ source: 'channel:wechat', day: 'd', sha256: 'aa', totals: { paidFen: 1 } }],
    counts: { ORDER_ONLY: rest.caseIds.length },
    carried: [],
  };
}

describe('days in memory', () => {
  it('are kept as the database keeps them', async () => {
    await alike<MemoryDays, DayStore>({
      memory: () => new MemoryDays(),
      real: new DayStore(t.db),
      calls: [
        fc.tuple(n, second, second).map(
          ([of, now, until]): Days =>
            (store, run) =>
              store.take(dayOf(run, of), at(now), at(until)),
        ),
        fc.tuple(n, second, outcome).map(
          ([of, now, found]): Days =>
            (store, run) =>
              store.end(dayOf(run, of), outcomeOf(found), { at: at(now), by: 'u9' }),
        ),
        fc.tuple(n, second, state).map(
          ([of, now, to]): Days =>
            (store, run) =>
              store.giveUp(dayOf(run, of), { state: to, why: 'w', at: at(now), by: 'u9' }),
        ),
        n.map(
          (of): Days =>
            (store, run) =>
              store.markStale(dayOf(run, of)),
        ),
        n.map(
          (of): Days =>
            (store, run) =>
              store.get(dayOf(run, of)),
        ),
        fc.tuple(n, n).map(
          ([from, to]): Days =>
            (store, run) =>
              store.list(dayOf(run, from), dayOf(run, to)),
        ),
      ],
    });
  });
});
