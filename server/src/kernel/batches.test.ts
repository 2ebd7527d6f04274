import { describe, expect, it } from 'vitest';
import { Batches } from './batches.ts';

/** Each round trip, which the test ends by hand. */
function byHand(init: { most: number; atOnce: number }) {
  const trips: { items: readonly number[]; end: (fail?: Error) => void }[] = [];
  const batches = new Batches<number, number>(
    (items) =>
      new Promise((resolve, reject) => {
        const outcomes = items.map((item): PromiseSettledResult<number> => {
          if (item < 0) return { status: 'rejected', reason: new Error(`no ${item}`) };
          return { status: 'fulfilled', value: item * 10 };
        });
        trips.push({ items, end: (fail) => (fail === undefined ? resolve(outcomes) : reject(fail)) });
      }),
    init,
  );
  return { trips, batches };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('batches', () => {
  it('sends what is asked in one turn together, and gives each its own outcome', async () => {
    const { trips, batches } = byHand({ most: 10, atOnce: 1 });
    const asked = Promise.allSettled([batches.do(1), batches.do(-2), batches.do(3)]);
    await turn();
    expect(trips.map(({ items }) => items)).toEqual([[1, -2, 3]]);
    trips[0]?.end();
    expect((await asked).map((each) => (each.status === 'fulfilled' ? each.value : 'failed'))).toEqual([
      10,
      'failed',
      30,
    ]);
  });

  it('gathers what comes while as many are under way as may be, and cuts at the most', async () => {
    const { trips, batches } = byHand({ most: 2, atOnce: 1 });
    const first = batches.do(1);
    await turn();
    const rest = Promise.all([batches.do(2), batches.do(3), batches.do(4)]);
    await turn();
    expect(trips).toHaveLength(1);
    for (const nth of [0, 1, 2]) {
      trips[nth]?.end();
      await turn();
      await turn();
    }
    expect(await first).toBe(10);
    expect(await rest).toEqual([20, 30, 40]);
    expect(trips.map(({ items }) => items)).toEqual([[1], [2, 3], [4]]);
  });

  it('lets others go on while one hangs', async () => {
    const { trips, batches } = byHand({ most: 2, atOnce: 2 });
    void batches.do(1);
    await turn();
    const second = batches.do(2);
    await turn();
    trips[1]?.end();
    expect(await second).toBe(20);
  });

  it('fails each of a round trip that failed, and goes on', async () => {
    const { trips, batches } = byHand({ most: 2, atOnce: 1 });
    const failed = Promise.allSettled([batches.do(1), batches.do(2)]);
    await turn();
    trips[0]?.end(new Error('gone'));
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const after = batches.do(3);
    await turn();
    trips[1]?.end();
    expect(await after).toBe(30);
  });
});
