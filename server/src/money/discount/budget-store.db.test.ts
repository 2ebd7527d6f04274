import fc from 'fast-check';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { Mutex } from '@bianmin/purchase/purchase/mutex';
import type { Scheduler } from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { Killed } from '../../testing/crashing-store.ts';
import { racedDatabase } from '../../testing/raced-database.ts';
import { BudgetStore, type EndedHold, type Hold } from './budget-store.ts';

const BUDGET_FEN = 10_000;
const clock = new ManualClock();

/** So that the sums are looked at between two writes. */
const oneByOne = new Mutex();

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
  await new BudgetStore(t.db, clock).prepare();
});
afterAll(() => t.close());

interface StoredBudget {
  _id: string;
  leftFen: number;
  heldFen: number;
  spentFen: number;
  arriving: { _id: string; fen: number }[];
  ending: { hold: string }[];
}
type StoredHold = Hold & { budget: string; open?: true; as?: 'spent' | 'left' };

/** Budget and holds at this very moment, whatever is half done: each sum stands in one place. */
async function judge(id: string): Promise<void> {
  const budget = await t.db.collection<StoredBudget>('discountbudgets').findOne({ _id: id });
  if (budget === null) throw new Error('It is there.');
  expect(budget.leftFen + budget.heldFen + budget.spentFen).toBe(BUDGET_FEN);
  const holds = await t.db.collection<StoredHold>('discountholds').find({ budget: id, open: true }).toArray();
  const ended = new Set(budget.ending.map(({ hold }) => hold));
  const held = new Map([...budget.arriving, ...holds].map(({ _id, fen }) => [_id, fen]));
  // One that arrived and ended again: the second half of arriving was still to come.
  const known = await t.db
    .collection<StoredHold>('discountholds')
    .find({ budget: id, open: { $exists: false } })
    .toArray();
  for (const _id of [...ended, ...known.map((hold) => hold._id)]) held.delete(_id);
  expect([...held.values()].reduce((sum, fen) => sum + fen, 0)).toBe(budget.heldFen);
}

/** A process's store: after each of its calls the sums are looked at. */
function storeOf(scheduler: Scheduler, { id, diesAt }: { id: string; diesAt: number | null }): BudgetStore {
  const run = (call: () => Promise<unknown>): Promise<unknown> =>
    oneByOne.run(async () => {
      try {
        return await call();
      } finally {
        await judge(id);
      }
    });
  return new BudgetStore(racedDatabase(t.db, { scheduler, diesAt, run }), clock);
}

/** As the orders say: the same to everybody who asks. */
const endOf = ({ orderNo }: Hold): 'spent' | 'left' | undefined =>
  ([undefined, 'spent', 'left'] as const)[Number(orderNo.slice(-1)) % 3];
const ended = (holds: readonly Hold[]): Promise<EndedHold[]> =>
  Promise.resolve(
    holds.flatMap((hold) => {
      const as = endOf(hold);
      return as === undefined ? [] : [{ hold, as }];
    }),
  );

let made = 0;
it('left, held and spent are the budget after every write of anybody, and each hold ends once', async () => {
  const fens = fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 5 });
  const diesAt = fc.option(fc.integer({ min: 1, max: 14 }), { freq: 2 });
  const process = fc.record({ work: fc.constantFrom('hold', 'end', 'end'), fens, diesAt });
  const processes = fc.array(process, { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), processes, fens, async (scheduler, each, before) => {
      made += 1;
      const id = `rule-${made}`;
      const plain = new BudgetStore(t.db, clock);
      await plain.make(id, BUDGET_FEN);
      const got: Hold[] = [];
      const tried: Hold[] = [];
      let holds = 0;
      const hold = async (store: BudgetStore, fen: number): Promise<void> => {
        holds += 1;
        const at = new Date(clock.now());
        const wanted = {
          _id: `${id}-${holds}`,
          orderNo: `2601011000000000${10 + holds}`,
          fen,
          at,
          capId: 'c',
        };
        tried.push(wanted);
        if (await store.reserve(id, wanted)) got.push(wanted);
      };
      for (const fen of before) await hold(plain, fen);
      const run = async ({ work, fens: all, diesAt: end }: (typeof each)[number]): Promise<void> => {
        const store = storeOf(scheduler, { id, diesAt: end });
        try {
          if (work === 'hold') for (const fen of all) await hold(store, fen);
          else await store.end(id, ended);
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
        }
      };
      await scheduler.waitFor(Promise.all(each.map(run)));
      await plain.end(id, ended);
      await judge(id);
      // The hold of a process that died is there or not; every other is, and has ended as its order says.
      const stored = await t.db.collection<StoredHold>('discountholds').find({ budget: id }).toArray();
      const byId = new Map(stored.map((each_) => [each_._id, each_]));
      for (const { _id } of got) expect(byId.has(_id)).toBe(true);
      for (const each_ of stored) {
        expect(tried.map(({ _id }) => _id)).toContain(each_._id);
        expect(each_.as).toBe(endOf(each_));
        expect(each_.open).toBe(endOf(each_) === undefined ? true : undefined);
      }
      const spent = stored.reduce((sum, { as, fen }) => sum + (as === 'spent' ? fen : 0), 0);
      expect((await plain.get(id))?.spentFen).toBe(spent);
    }),
    { numRuns: 60 },
  );
});

it('a budget stays small however much is held, and ends it in batches', async () => {
  const store = new BudgetStore(t.db, clock);
  await store.make('many', 1_000_000);
  const at = new Date(clock.now());
  const most: number[] = [];
  for (let n = 0; n < 450; n += 1) {
    await store.reserve('many', { _id: `m${n}`, orderNo: `o${n}`, fen: 10, at, capId: 'c' });
    const found = await t.db.collection<StoredBudget>('discountbudgets').findOne({ _id: 'many' });
    most.push(found?.arriving.length ?? 0);
  }
  expect(Math.max(...most)).toBeLessThanOrEqual(32);
  const all = await store.end('many', (holds) =>
    Promise.resolve(holds.map((hold) => ({ hold, as: 'spent' }))),
  );
  expect(all).toBe(450);
  expect(await store.get('many')).toMatchObject({ leftFen: 995_500, heldFen: 0, spentFen: 4_500 });
});
