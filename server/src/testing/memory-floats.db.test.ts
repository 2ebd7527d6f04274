import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { FloatStore } from '../money/float/float-store.ts';
import type { CommitteeFloat, FloatEntry } from '../money/float/float.ts';
import type { Shift } from '../money/float/shift.ts';
import { openTestContext, type TestContext } from './context.ts';
import { MemoryFloatStore } from './memory-floats.ts';
import { type Call, alike } from './alike-stores.ts';

/** Each store in memory answers every call as the one in MongoDB does, whatever was called before. */

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

/** Such that what is left is often just enough. */
const fen = fc.constantFrom(20, 40, 60, 100);

const at = new Date(Date.UTC(2026, 2, 1, 8));
const shiftOf = (run: string, staff: string): Shift => ({
  ...{ id: `${run}-${staff}`, staff, number: staff, terminalId: `${run}-t1`, orgPath: ['province'] },
  ...{ openedAt: at, openingFen: 0, takenFen: 5, times: 1, backFen: 0, backTimes: 0 },
});

describe('the stores in memory', () => {
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
        fc
          .tuple(fc.constantFrom('u1', 'u2'), fc.boolean())
          .map(([staff, open]): Floats => async (store, run) => {
            const known = await store.get(`${run}-float`);
            if (known === null) return 'none';
            const shifts = open ? [shiftOf(run, staff)] : [];
            return store.replace(known, { ...known, shifts, version: known.version + 1 });
          }),
        fc.constantFrom('u1', 'u2').map(
          (staff): Floats =>
            (store, run) =>
              store.withShift({ staff, terminalId: `${run}-t1` }),
        ),
        fc.constantFrom(0, 1).map((after): Floats => async (store, run) => {
          const found = await store.shiftsBefore(new Date(at.getTime() + after));
          return found.filter(({ float }) => float === `${run}-float`);
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
});
