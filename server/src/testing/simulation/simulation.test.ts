import { describe, expect, it } from 'vitest';
import { runs, runSeed } from '@bianmin/card/testing/property-runs';
import type { Town } from './town.ts';
import { simulate } from './simulation.ts';

describe('orders under one seeded scheduler', () => {
  it('buy electricity or give the money back, once, and end, in whatever order turns are taken', async () => {
    for (let nth = 0; nth < runs(60); nth += 1) {
      const seed = runSeed() + nth;
      const { correctness, liveness } = await simulate({ seed });
      expect({ seed, correctness, liveness }).toEqual({ seed, correctness: [], liveness: [] });
    }
  });

  it('go the same way with the same seed, and another with another', async () => {
    const { trace, ...first } = await simulate({ seed: 17 });
    expect(await simulate({ seed: 17 })).toEqual({ ...first, trace });
    expect(first.turns).toBeGreaterThan(100);
    expect((await simulate({ seed: 18 })).trace).not.toBe(trace);
  });
});

describe('the judge of a simulation', () => {
  /** What it says of a run in which all went well, after something was changed behind everybody's back. */
  async function judged(spoil: (town: Town) => void): Promise<readonly string[]> {
    const { correctness, liveness } = await simulate({ seed: 36, spoil });
    return [...correctness, ...liveness];
  }
  const first = <T>(all: Iterable<T>): T => {
    const [found] = all;
    if (found === undefined) throw new Error('This seed has none.');
    return found;
  };

  it('finds nothing where nothing was changed', async () => {
    expect(await judged(() => undefined)).toEqual([]);
  });

  it.each<[string, RegExp, (town: Town) => void]>([
    [
      'money that a wallet took and nobody knows of',
      /fen were kept, what was bought cost/u,
      ({ channels }) => {
        const [wallet, trades] = [first(channels.values()), first(channels.values()).trades];
        wallet.payRegardless(first(trades.keys()));
      },
    ],
    [
      'electricity that nobody sold',
      /sold \d+ fen, credited \d+/u,
      ({ grid }) => {
        first(grid.meters.values()).creditedFen += 100;
      },
    ],
    [
      'an order for another meter than its household meant',
      /was meant for meter elsewhere, and is for/u,
      ({ meant, grid }) => {
        const sale = [...grid.sales.values()].find(({ status }) => status === 'sold');
        if (sale !== undefined) meant.set(sale.orderNo, 'elsewhere');
      },
    ],
    [
      'a sale that is undone behind an order that is done',
      /is done, and the grid holds no sale/u,
      ({ grid }) => {
        const sale = [...grid.sales.values()].find(({ status }) => status === 'sold');
        if (sale !== undefined) sale.status = 'reversed';
      },
    ],
    [
      'a commission on a sale that does not stand',
      /account commission:\w+: -\d+ fen in the ledger, -?\d+ earned/u,
      ({ grid }) => {
        const sale = [...grid.sales.values()].find(({ status }) => status === 'sold');
        if (sale !== undefined) sale.status = 'reversed';
      },
    ],
    [
      'cash that a float has taken and no order knows of',
      /account float:committee/u,
      ({ floats, turns }) => {
        const float = first(floats.floats.values());
        const taken = { float: float._id, kind: 'taken', debit: '', credit: '', by: 'carla' } as const;
        const entry = { ...taken, _id: 'nobody', fen: 100, at: new Date(turns.now()) };
        floats.floats.set(float._id, { ...float, recent: [...float.recent, entry] });
      },
    ],
    [
      'an order that waits for ever',
      /rests in paying/u,
      ({ kept }) => {
        const order = first(kept.all());
        void kept.replace(order, { ...order, version: order.version + 1, state: 'paying' });
      },
    ],
    [
      'a person who is told of an order for nothing',
      /was told to a person as stuck/u,
      ({ cases, kept }) => {
        const { _id: orderNo, createdAt: at } = first(kept.all());
        cases.cases.set('c', {
          ...{
            _id: 'c',
            kind: 'stuck',
            orderNo,
            key: '',
            facts: { fact: 'sale' },
            status: 'open',
            owner: null,
          },
          ...{ notes: [], resolution: null, openedAt: at, updatedAt: at, reopened: 0, version: 1 },
        });
      },
    ],
  ])('finds %s', async (_, sentence, spoil) => {
    expect((await judged(spoil)).join('\n')).toMatch(sentence);
  });
});
