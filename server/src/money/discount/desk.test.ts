import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { MemoryBudgets, MemoryCaps } from '../../testing/memory-discounts.ts';
import { MemoryRuleStore, sampleRule } from '../../testing/memory-rules.ts';
import { toldLog } from '../../testing/told-log.ts';
import { DiscountDesk, householdKey, type HouseholdKey } from './desk.ts';
import type { DiscountRule } from './rule.ts';

const NO = '260310120000000001';
const KEY: HouseholdKey = (grid, customerNo) => householdKey(Buffer.from('a secret'))(grid, customerNo);
const house = (): string => KEY('g', '65');

async function rig(...rules: DiscountRule[]) {
  const clock = new ManualClock(Date.parse('2026-03-10T12:00:00+08:00'));
  const [store, budgets, caps] = [new MemoryRuleStore(), new MemoryBudgets(), new MemoryCaps()];
  const { log, lines } = toldLog();
  const desk = new DiscountDesk({ rules: store, budgets, caps, key: KEY, clock, log });
  for (const rule of rules) {
    await store.insert(rule);
    await budgets.make(rule._id, rule.budgetFen);
  }
  const reserve = (orderNo = NO, over: { grid?: string; customerNo?: string; faceFen?: number } = {}) =>
    desk.reserve({ orderNo, grid: 'g', customerNo: '65', faceFen: 5000, ...over });
  const sums = (id = 'rule-1') => {
    const { leftFen = -1, heldFen = -1, spentFen = -1 } = budgets.kept(id) ?? {};
    return [leftFen, heldFen, spentFen];
  };
  return { clock, store, budgets, caps, lines, desk, reserve, sums };
}

const cap = (): string => `rule-1:${house()}:2026-03`;

describe('a discount for an order', () => {
  it('is what its rule offers, held in the budget and in the household’s cap of the month', async () => {
    const { reserve, sums, caps, budgets, clock } = await rig(sampleRule());
    const { names, funder } = sampleRule();
    expect(await reserve()).toEqual({ fen: 500, discount: { rule: 'rule-1', names, funder } });
    expect(sums()).toEqual([9500, 500, 0]);
    const at = new Date(clock.now());
    expect(await caps.get(cap())).toMatchObject({ leftFen: 500, holds: [{ orderNo: NO, fen: 500, at }] });
    expect(await budgets.holdsOf(NO, 'rule-1')).toMatchObject([{ orderNo: NO, fen: 500, at, capId: cap() }]);
  });

  it('is none without a rule, without an offer, or for another household', async () => {
    const { reserve } = await rig();
    expect(await reserve()).toBeUndefined();
    const tagged = await rig(sampleRule({ tag: 'elderly' }));
    expect(await tagged.reserve()).toBeUndefined();
    await tagged.store.setHousehold({ _id: house(), community: 'north', tags: ['elderly'] });
    expect(await tagged.reserve()).toMatchObject({ fen: 500 });
    expect(await tagged.reserve(NO, { customerNo: '66' })).toBeUndefined();
    expect(await tagged.reserve(NO, { grid: 'h' })).toBeUndefined();
    expect(tagged.lines).toEqual([]);
  });

  it('is the best of those that are offered, and of two alike always the same', async () => {
    const off = (fen: number) => ({ off: { kind: 'fixed', fen } }) as const;
    const { reserve } = await rig(
      ...[sampleRule({ _id: 'c', ...off(300) }), sampleRule({ _id: 'b', ...off(600) })],
      sampleRule({ _id: 'a', ...off(600) }),
    );
    expect((await reserve())?.discount.rule).toBe('a');
    const other = await rig(sampleRule({ _id: 'a', ...off(600) }), sampleRule({ _id: 'b', ...off(600) }));
    expect((await other.reserve())?.discount.rule).toBe('a');
  });

  it('is the next best one’s where the best has nothing left', async () => {
    const { reserve, sums } = await rig(
      sampleRule({ _id: 'rich', off: { kind: 'fixed', fen: 600 }, budgetFen: 600 }),
      sampleRule({ off: { kind: 'fixed', fen: 300 } }),
    );
    expect((await reserve())?.discount.rule).toBe('rich');
    expect(await reserve('260310120000000002')).toMatchObject({ fen: 300, discount: { rule: 'rule-1' } });
    expect(sums('rich')).toEqual([0, 600, 0]);
  });

  it('is no more than is left in the budget, and then none', async () => {
    const { reserve, sums } = await rig(sampleRule({ budgetFen: 700 }));
    const fens = [];
    for (let n = 1; n <= 3; n += 1) fens.push((await reserve(`o${n}`, { customerNo: String(n) }))?.fen);
    expect([fens, sums()]).toEqual([
      [500, 200, undefined],
      [0, 700, 0],
    ]);
  });

  it('is no more than a household’s cap of a month in China, which begins anew with the next', async () => {
    const { reserve, clock, caps } = await rig(sampleRule({ capFen: 700 }));
    const fens = [(await reserve('o1'))?.fen, (await reserve('o2'))?.fen, (await reserve('o3'))?.fen];
    expect(fens).toEqual([500, 200, undefined]);
    clock.jump(Date.parse('2026-03-31T15:59:59Z') - clock.now());
    expect(await reserve('o4')).toBeUndefined();
    const longer = await rig(sampleRule({ capFen: 700, to: new Date('2026-05-01T00:00:00Z') }));
    longer.clock.jump(Date.parse('2026-03-31T16:00:00Z') - longer.clock.now());
    expect((await longer.reserve())?.fen).toBe(500);
    expect([...longer.caps.caps.keys()]).toEqual([`rule-1:${house()}:2026-04`]);
    expect([...caps.caps.keys()]).toEqual([cap()]);
  });

  it('is none of a rule whose budget was never made', async () => {
    const { reserve, store } = await rig();
    await store.insert(sampleRule());
    expect(await reserve()).toBeUndefined();
  });
});

describe('another order that is quicker', () => {
  it('leaves less in the budget, which is looked at again', async () => {
    const { reserve, budgets, sums } = await rig(sampleRule({ budgetFen: 700 }));
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
    const { reserve, caps, sums, clock } = await rig(sampleRule({ capFen: 700 }));
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
      const w = await rig(sampleRule());
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
    const w = await rig(sampleRule());
    const real = w.caps.reserve.bind(w.caps);
    w.caps.reserve = (id, hold) => {
      w.clock.jump(ms);
      return real(id, hold);
    };
    return { given: await w.reserve(), sums: w.sums(), cap: await w.caps.get(cap()) };
  };

  it('for five minutes gives nothing and holds nothing: the order may be taken for dead', async () => {
    const { given, sums, cap } = await stands(5 * 60_000);
    expect([given, sums]).toEqual([undefined, [10_000, 0, 0]]);
    expect(cap).toMatchObject({ leftFen: 1000, spentFen: 0, holds: [] });
  });

  it('for less than that gives what it gives', async () => {
    const { given, sums } = await stands(5 * 60_000 - 1);
    expect([given?.fen, sums]).toEqual([500, [9500, 500, 0]]);
  });
});

describe('a discount that cannot be looked for', () => {
  it('is none, and is told in the log: the household pays the face amount', async () => {
    const { reserve, store, lines } = await rig(sampleRule());
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
    const { reserve, desk, sums, caps } = await rig(sampleRule());
    await reserve('o1');
    await reserve('o2', { customerNo: '66' });
    await desk.release('o1', 'rule-1');
    await desk.release('o1', 'rule-1');
    await desk.release('o3', 'rule-1');
    expect(sums()).toEqual([9500, 500, 0]);
    expect(await caps.get(cap())).toMatchObject({ leftFen: 1000, holds: [] });
  });
});

describe('a household’s key', () => {
  it('is the same for the same household, and tells nothing of it', () => {
    expect(KEY('g', '650100000001')).toBe(KEY('g', '650100000001'));
    expect(KEY('g', '650100000001')).toMatch(/^[\w-]{43}$/u);
    const others = [
      KEY('h', '650100000001'),
      KEY('g', '650100000002'),
      householdKey(Buffer.from('b'))('g', '65'),
    ];
    expect(new Set([house(), KEY('g', '650100000001'), ...others]).size).toBe(5);
  });
});
