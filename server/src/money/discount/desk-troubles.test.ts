import { describe, expect, it } from 'vitest';
import { sampleRule } from '../../testing/memory-rules.ts';
import { NO, cap, deskWith } from '../../testing/discount-desk.ts';

describe('another order that is quicker', () => {
  it('leaves less in the budget, which is looked at again', async () => {
    const { reserve, budgets, sums } = await deskWith(sampleRule({ budgetFen: 700 }));
    const real = budgets.reserve.bind(budgets);
    let tries = 0;
    budgets.reserve = async (id, hold) => {
      tries += 1;
      if (tries === 1) await real(id, { ...hold, _id: 'other', orderNo: 'o9', fen: 400 });
      return real(id, hold);
    };
    expect((await reserve())?.fen).toBe(300);
    expect([tries, sums()]).toEqual([2, [0, 700, 0]]);
  });

  it('leaves less in the cap: what the budget held is left again, and it is tried anew', async () => {
    const { reserve, caps, sums, clock } = await deskWith(sampleRule({ capFen: 700 }));
    const real = caps.reserve.bind(caps);
    let tries = 0;
    caps.reserve = async (id, hold) => {
      tries += 1;
      if (tries === 1) await real(id, { orderNo: 'o9', fen: 400, at: new Date(clock.now()) });
      return real(id, hold);
    };
    expect((await reserve())?.fen).toBe(300);
    expect([tries, sums()]).toEqual([2, [9700, 300, 0]]);
  });

  it('is given way to after three tries, with nothing held', async () => {
    for (const quick of ['budgets', 'caps'] as const) {
      const w = await deskWith(sampleRule());
      let tries = 0;
      w[quick].reserve = () => {
        tries += 1;
        return Promise.resolve(false);
      };
      expect(await w.reserve()).toBeUndefined();
      expect([quick, tries, w.sums()]).toEqual([quick, 3, [10_000, 0, 0]]);
    }
  });
});

describe('a desk that stood still', () => {
  const stands = async (ms: number) => {
    const w = await deskWith(sampleRule());
    const real = w.caps.reserve.bind(w.caps);
    w.caps.reserve = (id, hold) => {
      w.clock.jump(ms);
      return real(id, hold);
    };
    return { given: await w.reserve(), sums: w.sums(), cap: await w.caps.get(cap()) };
  };

  it('for twenty minutes gives nothing and holds nothing: the order may be taken for dead', async () => {
    const { given, sums, cap } = await stands(20 * 60_000);
    expect([given, sums]).toEqual([undefined, [10_000, 0, 0]]);
    expect(cap).toMatchObject({ leftFen: 1000, spentFen: 0, holds: [] });
  });

  it('for less than that gives what it gives', async () => {
    const { given, sums } = await stands(20 * 60_000 - 1);
    expect([given?.fen, sums]).toEqual([500, [9500, 500, 0]]);
  });
});

describe('a discount that cannot be looked for', () => {
  it('is none, and is told in the log: the household pays the face amount', async () => {
    const { reserve, store, lines } = await deskWith(sampleRule());
    store.active = () => Promise.reject(new Error('The database is gone.'));
    expect(await reserve()).toBeUndefined();
    expect(lines).toMatchObject([
      {
        ...{ level: 50, orderNo: NO, msg: 'no discount could be looked for' },
        err: { message: 'The database is gone.' },
      },
    ]);
  });
});

describe('an order that was not made after all', () => {
  it('gives back what it holds, in budget and cap, once; others keep theirs', async () => {
    const { reserve, desk, sums, caps } = await deskWith(sampleRule());
    await reserve('o1');
    await reserve('o2', { customerNo: '66' });
    await desk.release('o1', 'rule-1');
    await desk.release('o1', 'rule-1');
    await desk.release('o3', 'rule-1');
    expect(sums()).toEqual([9500, 500, 0]);
    expect(await caps.get(cap())).toMatchObject({ leftFen: 1000, holds: [] });
  });
});
