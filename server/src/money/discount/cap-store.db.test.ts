import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { CapStore } from './cap-store.ts';

let t: TestContext;
let caps: CapStore;
beforeAll(async () => {
  t = await openTestContext();
  caps = new CapStore(t.db);
});
afterAll(() => t.close());

const at = new Date('2026-03-10T04:00:00Z');
const hold = (orderNo: string, fen: number) => ({ orderNo, fen, at });

describe('a household’s cap', () => {
  it('is made once, and is none before', async () => {
    expect(await caps.get('once')).toBeNull();
    await caps.make('once', 1000);
    await caps.make('once', 5);
    expect(await caps.get('once')).toEqual({ _id: 'once', leftFen: 1000, spentFen: 0, holds: [] });
    expect(await t.db.collection<{ _id: string }>('discountcaps').countDocuments({ _id: 'once' })).toBe(1);
  });

  it('holds what is left, for each order once', async () => {
    await caps.make('holds', 1000);
    expect(await caps.reserve('holds', hold('o1', 600))).toBe(true);
    expect(await caps.reserve('holds', hold('o1', 100))).toBe(false);
    expect(await caps.reserve('holds', hold('o2', 401))).toBe(false);
    expect(await caps.reserve('holds', hold('o2', 400))).toBe(true);
    expect(await caps.reserve('none', hold('o2', 1))).toBe(false);
    expect(await caps.get('holds')).toEqual({
      ...{ _id: 'holds', leftFen: 0, spentFen: 0, holds: [hold('o1', 600), hold('o2', 400)] },
    });
  });

  it('has what was held spent, or left again, once; not another order’s, nor another sum', async () => {
    await caps.make('ends', 1000);
    for (const [no, fen] of [
      ['o1', 300],
      ['o2', 200],
      ['o3', 100],
    ] as const) {
      await caps.reserve('ends', hold(no, fen));
    }
    await caps.settle('ends', hold('o1', 299), 'spent');
    await caps.settle('ends', hold('o9', 300), 'spent');
    await caps.settle('none', hold('o1', 300), 'spent');
    expect(await caps.get('ends')).toMatchObject({ leftFen: 400, spentFen: 0 });
    for (let again = 0; again < 2; again += 1) {
      await caps.settle('ends', hold('o1', 300), 'spent');
      await caps.settle('ends', hold('o2', 200), 'left');
    }
    expect(await caps.get('ends')).toEqual({
      ...{ _id: 'ends', leftFen: 600, spentFen: 300, holds: [hold('o3', 100)] },
    });
  });

  it('bars an order that counts as never made: it holds nothing more, and what it held can still end', async () => {
    await caps.make('bars', 1000);
    await caps.bar('bars', 'o1');
    await caps.bar('bars', 'o1');
    expect(await caps.reserve('bars', hold('o1', 100))).toBe(false);
    await caps.reserve('bars', hold('o2', 300));
    await caps.bar('bars', 'o2');
    await caps.settle('bars', hold('o2', 300), 'left');
    expect(await caps.get('bars')).toEqual({
      ...{ _id: 'bars', leftFen: 1000, spentFen: 0, holds: [], barred: ['o1', 'o2'] },
    });
    await caps.bar('none', 'o1');
    expect(await caps.get('none')).toBeNull();
  });
});
