import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { BudgetStore, type EndedHold, type Hold, type HoldEnd } from './budget-store.ts';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

const clock = new ManualClock();
const at = new Date('2026-03-10T04:00:00Z');
const hold = (n: number, fen = 100, orderNo = `o${n}`): Hold => ({
  _id: `h${n}`,
  orderNo,
  fen,
  at,
  capId: 'c',
});

interface Stored {
  readonly _id: string;
  readonly [field: string]: unknown;
}

async function opened(fen = 1000) {
  const db = t.another();
  const store = new BudgetStore(db, clock);
  await store.prepare();
  await store.make('r', fen);
  const kept = (id = 'r') => db.collection<Stored>('discountbudgets').findOne({ _id: id });
  const holds = () => db.collection<Stored>('discountholds').find({}).sort({ _id: 1 }).toArray();
  const sums = async () => {
    const { leftFen, heldFen, spentFen } = (await store.get('r')) ?? {};
    return [leftFen, heldFen, spentFen];
  };
  return { db, store, kept, holds, sums };
}
/** As a process left the budget that died. */
const half = async (db: Connection, change: Readonly<Record<string, unknown>>): Promise<void> => {
  await db.collection<Stored>('discountbudgets').updateOne({ _id: 'r' }, { $set: change });
};
const endAs =
  (as: HoldEnd, ...ids: string[]) =>
  (open: readonly Hold[]): Promise<EndedHold[]> =>
    Promise.resolve(open.filter(({ _id }) => ids.includes(_id)).map((each) => ({ hold: each, as })));

describe('a budget', () => {
  it('is made once with all that it gives', async () => {
    const { store, kept } = await opened();
    await store.make('r', 5);
    expect(await kept()).toEqual({
      ...{ _id: 'r', leftFen: 1000, heldFen: 0, spentFen: 0, arriving: [], ending: [], round: 0 },
    });
    expect(await store.get('r')).toEqual({ _id: 'r', leftFen: 1000, heldFen: 0, spentFen: 0 });
    expect(await store.get('none')).toBeNull();
  });

  it('holds what is left and no more, and an order’s second hold not while its first arrives', async () => {
    const { store, kept, holds, sums } = await opened();
    expect(await store.reserve('r', hold(1, 600))).toBe(true);
    expect(await store.reserve('r', hold(2, 100, 'o1'))).toBe(false);
    expect(await store.reserve('r', hold(2, 401))).toBe(false);
    expect(await store.reserve('r', hold(2, 400))).toBe(true);
    expect(await store.reserve('none', hold(3, 1))).toBe(false);
    expect([await sums(), (await kept())?.['arriving'], await holds()]).toEqual([
      [0, 1000, 0],
      [hold(1, 600), hold(2, 400)],
      [],
    ]);
  });

  it('is among those that hold something as long as it does', async () => {
    const { store } = await opened();
    await store.make('s', 1000);
    expect(await store.holding()).toEqual([]);
    await store.reserve('r', hold(1));
    expect(await store.holding()).toEqual(['r']);
    await store.end('r', endAs('spent', 'h1'));
    expect(await store.holding()).toEqual([]);
  });

  it('moves what arrives out with the thirty-second hold', async () => {
    const { store, kept, holds } = await opened(10_000);
    for (let n = 1; n <= 31; n += 1) await store.reserve('r', hold(n));
    expect([(await kept())?.['arriving'], await holds()]).toMatchObject([{ length: 31 }, []]);
    await store.reserve('r', hold(32));
    expect([(await kept())?.['arriving'], await holds()]).toMatchObject([[], { length: 32 }]);
    expect((await holds())[0]).toEqual({ ...hold(1), budget: 'r', open: true });
  });
});

describe('what an order holds', () => {
  it('is found in its budget, also where it has just arrived, and not once it has ended', async () => {
    const { store } = await opened();
    await store.make('s', 1000);
    await store.reserve('r', hold(1));
    await store.reserve('r', hold(2));
    await store.reserve('s', hold(3, 100, 'o1'));
    expect(await store.holdsOf('o1', 'r')).toMatchObject([hold(1)]);
    expect(await store.holdsOf('o1', 's')).toMatchObject([hold(3, 100, 'o1')]);
    expect(await store.holdsOf('o1', 'none')).toEqual([]);
    await store.endThose('r', [{ hold: hold(1), as: 'left' }]);
    expect(await store.holdsOf('o1', 'r')).toEqual([]);
  });
});

describe('holds that end', () => {
  it('are spent or left again, once, and say so for who finds them later', async () => {
    const { store, sums, holds, kept } = await opened();
    for (const n of [1, 2, 3]) await store.reserve('r', hold(n, 100 * n));
    expect(
      await store.endThose('r', [
        { hold: hold(1), as: 'spent' },
        { hold: hold(2, 200), as: 'left' },
      ]),
    ).toBe(2);
    expect(await sums()).toEqual([600, 300, 100]);
    expect(await store.endThose('r', [{ hold: hold(1), as: 'left' }])).toBe(0);
    expect(await store.endThose('r', [])).toBe(0);
    expect(await store.endThose('none', [{ hold: hold(1), as: 'left' }])).toBe(0);
    expect(await sums()).toEqual([600, 300, 100]);
    const endedAt = new Date(clock.now());
    expect(await holds()).toEqual([
      { ...hold(1), budget: 'r', as: 'spent', endedAt },
      { ...hold(2, 200), budget: 'r', as: 'left', endedAt },
      { ...hold(3, 300), budget: 'r', open: true },
    ]);
    expect(await kept()).toMatchObject({ arriving: [], ending: [], round: 2 });
  });

  it('are asked about in batches of two hundred, each once, in the order of their ids', async () => {
    const { db, store, sums } = await opened();
    const all = Array.from({ length: 401 }, (_, n) => hold(1000 + n));
    // As so many calls would have left them.
    const kept = all.toReversed().map((each) => ({ ...each, budget: 'r', open: true }));
    await db.collection<Stored>('discountholds').insertMany(kept);
    await half(db, { leftFen: 59_900, heldFen: 40_100 });
    const batches: string[][] = [];
    const ended = await store.end('r', (open) => {
      batches.push(open.map(({ _id }) => _id));
      return endAs('spent', 'h1000', 'h1200', 'h1400')(open);
    });
    expect(batches.map(({ length }) => length)).toEqual([200, 200, 1]);
    expect(batches.flat()).toEqual(all.map(({ _id }) => _id));
    expect([ended, await sums()]).toEqual([3, [59_900, 39_800, 300]]);
  });

  it('are none of a budget that there is not', async () => {
    const { store } = await opened();
    expect(await store.end('none', endAs('spent', 'h1'))).toBe(0);
  });

  it('do not end where others ended meanwhile: they are left to the next time', async () => {
    const { store, sums } = await opened();
    for (const n of [1, 2]) await store.reserve('r', hold(n));
    const ended = await store.end('r', async (open) => {
      await store.endThose('r', [{ hold: hold(1), as: 'spent' }]);
      return endAs('left', 'h1', 'h2')(open);
    });
    expect([ended, await sums()]).toEqual([0, [800, 100, 100]]);
    expect([await store.end('r', endAs('left', 'h2')), await sums()]).toEqual([1, [900, 0, 100]]);
  });
});

describe('what a process that died left half done', () => {
  it('is brought to its end: holds that ended are marked so, and those that arrived are kept as they are', async () => {
    const { db, store, holds, kept } = await opened();
    for (const n of [1, 2]) await store.reserve('r', hold(n));
    await store.holdsOf('o1', 'r');
    await half(db, {
      ending: [{ hold: 'h1', as: 'spent' }],
      arriving: [{ ...hold(1), fen: 7 }, hold(3)],
      round: 5,
    });
    expect(await store.holdsOf('o1', 'r')).toEqual([]);
    expect(await holds()).toMatchObject([
      { _id: 'h1', fen: 100, as: 'spent' },
      { _id: 'h2', open: true },
      { _id: 'h3', open: true },
    ]);
    expect(await kept()).toMatchObject({ arriving: [], ending: [], round: 6 });
  });

  it('is not ended a second time where it was done already', async () => {
    const { db, store, holds } = await opened();
    await store.reserve('r', hold(1));
    await store.end('r', endAs('left', 'h1'));
    await half(db, { ending: [{ hold: 'h1', as: 'spent' }] });
    await store.holdsOf('o1', 'r');
    expect(await holds()).toMatchObject([{ _id: 'h1', as: 'left' }]);
  });
});

describe('what the version before held inside its budgets', () => {
  it('arrives like new holds, with its sum, and once', async () => {
    const { db, store, kept, holds } = await opened();
    const { _id: _, ...old } = hold(1, 300);
    const budgets = db.collection<Stored>('discountbudgets');
    await budgets.insertOne({
      _id: 'old',
      leftFen: 700,
      spentFen: 0,
      holds: [old, { ...old, orderNo: 'o2', fen: 20 }],
    });
    await budgets.updateOne({ _id: 'r' }, { $set: { holds: [], ending: [{ hold: 'h9', as: 'left' }] } });
    await store.takeOver();
    await store.takeOver();
    expect(await kept('old')).toEqual({
      ...{ _id: 'old', leftFen: 700, spentFen: 0, heldFen: 320, round: 0, ending: [] },
      arriving: [
        { ...old, _id: 'old:o1' },
        { ...old, orderNo: 'o2', fen: 20, _id: 'old:o2' },
      ],
    });
    expect(await kept()).toMatchObject({ heldFen: 0, arriving: [], ending: [{ hold: 'h9', as: 'left' }] });
    expect(await kept()).not.toHaveProperty('holds');
    expect(await store.end('old', endAs('left', 'old:o1'))).toBe(1);
    expect(await store.get('old')).toMatchObject({ leftFen: 1000, heldFen: 20 });
    expect(await holds()).toMatchObject([
      { _id: 'old:o1', as: 'left' },
      { _id: 'old:o2', open: true },
    ]);
  });
});
