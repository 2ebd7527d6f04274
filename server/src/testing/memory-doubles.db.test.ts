import fc from 'fast-check';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import { BudgetStore, type HoldEnd } from '../money/discount/budget-store.ts';
import { CapStore } from '../money/discount/cap-store.ts';
import { FloatStore } from '../money/float/float-store.ts';
import type { CommitteeFloat, FloatEntry } from '../money/float/float.ts';
import { ReadingStore, type Reading } from '../people/staff/readings-store.ts';
import { ApprovalStore, type Approval } from '../access/store/approvals.ts';
import { openTestContext, type TestContext } from './context.ts';
import { MemoryApprovals, MemoryReadings } from './memory-approvals.ts';
import { MemoryBudgets, MemoryCaps } from './memory-discounts.ts';
import { MemoryFloatStore } from './memory-floats.ts';

/** Each store in memory answers every call as the one in MongoDB does, whatever was called before. */

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

type Call<Memory, Real> = (store: Memory | Real, run: string) => Promise<unknown>;

/** Tries calls in every order; names of two runs differ, so that one database serves all. */
async function alike<Memory, Real>(of: {
  readonly memory: () => Memory;
  readonly real: Real;
  readonly calls: readonly fc.Arbitrary<Call<Memory, Real>>[];
}): Promise<void> {
  let runs = 0;
  const steps = fc.array(fc.oneof(...of.calls), { minLength: 20, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(steps, async (calls) => {
      const [memory, run] = [of.memory(), `run-${(runs += 1)}`];
      for (const [n, call] of calls.entries()) {
        expect(await call(memory, run), `call ${n}`).toEqual(await call(of.real, run));
      }
    }),
  );
}

/** Such that what is left is often just enough. */
const fen = fc.constantFrom(20, 40, 60, 100);
const orderNo = fc.constantFrom('o1', 'o2');
const ends = fc.constantFrom<HoldEnd>('spent', 'left');
const moment = fc.constantFrom(0, 10, 20).map((minutes) => new Date(Date.UTC(2026, 2, 1, 8, minutes)));
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

  it('keep a float and its book as the database does', async () => {
    type Floats = Call<MemoryFloatStore, FloatStore>;
    const real = new FloatStore(t.db);
    await real.prepare();
    const entryOf = (run: string, id: string): FloatEntry => ({
      ...{ _id: `${run}-${id}`, float: `${run}-float`, kind: 'handed-out', fen: 5, debit: 'a', credit: 'b' },
      ...{ by: 'u1', slip: `slip-${id}`, at },
    });
    const first = (run: string): CommitteeFloat => ({
      ...{ _id: `${run}-float`, name: 'Committee', terminals: [`${run}-t1`], balanceFen: 500 },
      ...{ dayLimitFen: 1_000, day: '2026-03-01', dayFen: 0, recent: [], version: 1 },
    });
    const id = fc.constantFrom('e1', 'e2');
    await alike<MemoryFloatStore, FloatStore>({
      memory: () => new MemoryFloatStore(),
      real,
      calls: [
        fc.constant<Floats>(async (store, run) => {
          if (store instanceof FloatStore) await store.insert(first(run));
          else if (!store.floats.has(`${run}-float`)) store.floats.set(`${run}-float`, first(run));
        }),
        fc.constant<Floats>((store, run) => store.get(`${run}-float`)),
        fc.constantFrom('t1', 't2').map(
          (of): Floats =>
            (store, run) =>
              store.byTerminal(`${run}-${of}`),
        ),
        // Of the version that is there, of one that was, and of one that never was.
        fc.tuple(fc.constantFrom(-1, 0, 1), id).map(([behind, of]): Floats => async (store, run) => {
          const known = await store.get(`${run}-float`);
          const before = { ...(known ?? first(run)), version: (known?.version ?? 1) + behind };
          const after = { ...before, balanceFen: before.balanceFen + 1, version: before.version + 1 };
          return store.replace(before, { ...after, recent: [entryOf(run, of)] });
        }),
        id.map(
          (of): Floats =>
            (store, run) =>
              store.booked(`${run}-${of}`),
        ),
        id.map(
          (of): Floats =>
            (store, run) =>
              store.hasSlip(`${run}-float`, `slip-${of}`),
        ),
        fc.tuple(id, fen).map(
          ([of, sum]): Floats =>
            (store, run) =>
              store.book([{ ...entryOf(run, of), fen: sum }]),
        ),
      ],
    });
  });

  it('decide and carry out an approval as the database does', async () => {
    type Approvals = Call<MemoryApprovals, ApprovalStore>;
    const real = new ApprovalStore(t.db);
    await real.prepare();
    const person = fc.constantFrom({ id: 'u1', name: 'One' }, { id: 'u2', name: 'Two' });
    const made = (run: string): Approval => ({
      ...{ _id: `${run}-approval`, kind: 'role.change', content: { role: 'r' }, status: 'open' },
      ...{ maker: { id: 'u1', name: 'One' }, createdAt: at },
    });
    const own = (run: string, found: readonly Approval[]): Approval[] =>
      found.filter(({ _id }) => _id === `${run}-approval`);
    await alike<MemoryApprovals, ApprovalStore>({
      memory: () => new MemoryApprovals(),
      real,
      calls: [
        fc.constant<Approvals>((store, run) => store.insert(made(run))),
        fc.constant<Approvals>((store, run) => store.get(`${run}-approval`)),
        fc.tuple(fc.constantFrom('accepted' as const, 'refused' as const), person, moment).map(
          ([to, by, when]): Approvals =>
            (store, run) =>
              store.decide(`${run}-approval`, to, by, when),
        ),
        fc.tuple(moment, moment).map(
          ([from, until]): Approvals =>
            (store, run) =>
              store.startRun(`${run}-approval`, from, until),
        ),
        fc.tuple(fc.constantFrom('done' as const, 'failed' as const), fc.boolean(), moment).map(
          ([status, hasCode, when]): Approvals =>
            (store, run) =>
              store.endRun(`${run}-approval`, { status, ...(hasCode ? { failure: 'x' } : {}), at: when }),
        ),
        fc.constant<Approvals>((store, run) => store.releaseRun(`${run}-approval`)),
        fc.constantFrom('open' as const, 'accepted' as const, undefined).map(
          (status): Approvals =>
            async (store, run) =>
              own(run, await store.list(status, WHOLE_PROVINCE)),
        ),
        moment.map(
          (when): Approvals =>
            async (store, run) =>
              own(run, await store.acceptedNotRunning(when)),
        ),
      ],
    });
  });

  it('fill the reading of a card once, as the database does', async () => {
    type Readings = Call<MemoryReadings, ReadingStore>;
    const asked = (run: string): Reading => ({
      ...{ _id: `${run}-nonce`, orderNo: 'o1', terminalId: 't1', by: 'u1', createdAt: at, expiresAt: at },
    });
    await alike<MemoryReadings, ReadingStore>({
      memory: () => new MemoryReadings(),
      real: new ReadingStore(t.db),
      calls: [
        fc.constant<Readings>(async (store, run) => {
          // A nonce is drawn once.
          if ((await store.get(`${run}-nonce`)) === null) await store.insert(asked(run));
        }),
        fc.constant<Readings>((store, run) => store.get(`${run}-nonce`)),
        fen.map(
          (count): Readings =>
            (store, run) =>
              store.fill(`${run}-nonce`, {
                ...{ at, serial: '0011223344556677', imageDigest: 'd', sameHousehold: true },
                ...{ cardCount: count, soldCount: count, creditedCount: null },
              }),
        ),
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
