import fc from 'fast-check';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { BudgetStore, type HoldEnd } from '../money/discount/budget-store.ts';
import { CapStore } from '../money/discount/cap-store.ts';
import { openTestContext, type TestContext } from './context.ts';
import { MemoryBudgets, MemoryCaps } from './memory-discounts.ts';
import { type Call, alike } from './alike-stores.ts';

/** Each store in memory answers every call as the one in MongoDB does, whatever was called before. */

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

/** Such that what is left is often just enough. */
const fen = fc.constantFrom(20, 40, 60, 100);
const orderNo = fc.constantFrom('o1', 'o2');
const ends = fc.constantFrom<HoldEnd>('spent', 'left');
const at = new Date(Date.UTC(2026, 2, 1, 8));

describe('the stores in memory', () => {
  it('cap a household as the database does', async () => {
    type Caps = Call<MemoryCaps, CapStore>;
    await alike<MemoryCaps, CapStore>({
      memory: () => new MemoryCaps(),
      real: new CapStore(t.db),
      calls: [
        fc.constant<Caps>((store, run) => store.make(`${run}-cap`, 100)),
        fc.constant<Caps>((store, run) => store.get(`${run}-cap`)),
        fc.tuple(orderNo, fen).map(
          ([no, sum]): Caps =>
            (store, run) =>
              store.reserve(`${run}-cap`, { orderNo: no, fen: sum, at }),
        ),
        fc.tuple(orderNo, fen, ends).map(
          ([no, sum, as]): Caps =>
            (store, run) =>
              store.settle(`${run}-cap`, { orderNo: no, fen: sum }, as),
        ),
        orderNo.map(
          (no): Caps =>
            (store, run) =>
              store.bar(`${run}-cap`, no),
        ),
        // Whatever it holds.
        fc.tuple(orderNo, ends).map(([no, as]): Caps => async (store, run) => {
          const held = (await store.get(`${run}-cap`))?.holds.find((hold) => hold.orderNo === no);
          if (held !== undefined) await store.settle(`${run}-cap`, held, as);
        }),
      ],
    });
  });

  it('hold money of a budget as the database does', async () => {
    type Budgets = Call<MemoryBudgets, BudgetStore>;
    const real = new BudgetStore(t.db, new ManualClock());
    await real.prepare();
    const sums = fc.constant<Budgets>((store, run) => store.get(`${run}-budget`));
    await alike<MemoryBudgets, BudgetStore>({
      memory: () => new MemoryBudgets(),
      real,
      calls: [
        fc.constant<Budgets>((store, run) => store.make(`${run}-budget`, 100)),
        sums,
        fc.constant<Budgets>(async (store, run) => (await store.holding()).includes(`${run}-budget`)),
        orderNo.map(
          (no): Budgets =>
            (store, run) =>
              store.holdsOf(no, `${run}-budget`).then(inOrder),
        ),
        fc.tuple(orderNo, fen, fc.uuid()).map(([no, sum, id]): Budgets => async (store, run) => {
          // An order's further hold is refused only while its first is just arriving, of which memory knows nothing.
          await store.holdsOf(no, `${run}-budget`);
          const hold = { _id: `${run}-${id}`, orderNo: no, fen: sum, at, capId: 'cap' };
          return store.reserve(`${run}-budget`, hold);
        }),
        fc.tuple(orderNo, ends).map(
          ([no, as]): Budgets =>
            (store, run) =>
              store.end(`${run}-budget`, (holds) =>
                Promise.resolve(holds.filter((hold) => hold.orderNo === no).map((hold) => ({ hold, as }))),
              ),
        ),
        // Twice: the second time they have ended.
        fc.tuple(orderNo, ends).map(([no, as]): Budgets => async (store, run) => {
          const holds = await store.holdsOf(no, `${run}-budget`);
          const ended = holds.map((hold) => ({ hold, as }));
          const first = await store.endThose(`${run}-budget`, ended);
          return [first, await store.endThose(`${run}-budget`, ended)];
        }),
      ],
    });
  });
});

function inOrder<T extends { readonly _id: string }>(found: readonly T[]): Omit<T, 'budget' | 'open'>[] {
  // The database also keeps what it finds them by.
  const bare = found.map(
    (each) => Object.fromEntries(Object.entries(each).filter(([name]) => !OWN.has(name))) as T,
  );
  return bare.sort((a, b) => (a._id < b._id ? -1 : 1));
}
const OWN = new Set(['budget', 'open']);
