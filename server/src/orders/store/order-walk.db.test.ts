import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newOrderNo } from '../model/order-no.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { OrderWalk } from './order-walk.ts';

const HOUR_MS = 3_600_000;
const START = new Date('2026-03-01T02:00:00Z');
const NUMBERS = Array.from({ length: 5 }, (_, n) =>
  newOrderNo(new Date(START.getTime() + n * HOUR_MS), () => n),
);
/** After the first four. */
const BEFORE = new Date(START.getTime() + 4 * HOUR_MS);
let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  for (const name of ['orders', 'retentionmarks']) await t.db.collection(name).deleteMany({});
  await t.db
    .collection<{ _id: string; meterNo: string }>('orders')
    .insertMany([...NUMBERS].reverse().map((_id) => ({ _id, meterNo: 'm' })));
});

type Walked = { readonly _id: string; readonly meterNo?: string };
const walk = (mark: string): OrderWalk<Walked> =>
  new OrderWalk(t.db, { collection: 'orders', mark, projection: { _id: 1 } });
const numbersOf = (batch: readonly Walked[]): string[] => batch.map(({ _id }) => _id);
const round = (mark: string, limit = 3): Promise<string[]> =>
  walk(mark).next(BEFORE, limit, (batch) => Promise.resolve(numbersOf(batch)));

describe('a walk over old orders', () => {
  it('takes them in the order of time, a batch a round, and begins again at the end', async () => {
    expect(await round('one')).toEqual(NUMBERS.slice(0, 3));
    expect(numbersOf(await walk('one').peek(BEFORE, 3))).toEqual(NUMBERS.slice(3, 4));
    expect(await round('one')).toEqual(NUMBERS.slice(3, 4));
    expect(await round('one')).toEqual(NUMBERS.slice(0, 3));
  });

  it('begins again, too, where the last batch was full', async () => {
    const rounds = [await round('one', 2), await round('one', 2), await round('one', 2)];
    expect(rounds).toEqual([NUMBERS.slice(0, 2), NUMBERS.slice(2, 4), []]);
    expect(await round('one', 2)).toEqual(NUMBERS.slice(0, 2));
  });

  it('meets a batch again whose work failed', async () => {
    await expect(
      walk('one').next(BEFORE, 3, () => Promise.reject(new Error('The database is away.'))),
    ).rejects.toThrow('The database is away.');
    expect(await round('one')).toEqual(NUMBERS.slice(0, 3));
  });

  it('goes its own way beside another, and reads what it is told to', async () => {
    await round('one');
    expect(await round('other')).toEqual(NUMBERS.slice(0, 3));
    expect(await walk('third').peek(BEFORE, 1)).toEqual([{ _id: NUMBERS[0] }]);
    const whole = new OrderWalk<Walked>(t.db, { collection: 'orders', mark: 'whole' });
    expect(await whole.peek(BEFORE, 1)).toEqual([{ _id: NUMBERS[0], meterNo: 'm' }]);
  });
});
