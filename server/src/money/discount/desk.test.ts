import { describe, expect, it } from 'vitest';
import { sampleRule } from '../../testing/memory-rules.ts';
import { householdKey } from './desk.ts';
import { KEY, NO, cap, house, deskWith } from '../../testing/discount-desk.ts';

describe('a discount for an order', () => {
  it('is what its rule offers, held in the budget and in the household’s cap of the month', async () => {
    const { reserve, sums, caps, budgets, clock } = await deskWith(sampleRule());
    const { names, funder } = sampleRule();
    expect(await reserve()).toEqual({ fen: 500, discount: { rule: 'rule-1', names, funder } });
    expect(sums()).toEqual([9500, 500, 0]);
    const at = new Date(clock.now());
    expect(await caps.get(cap())).toMatchObject({ leftFen: 500, holds: [{ orderNo: NO, fen: 500, at }] });
    expect(await budgets.holdsOf(NO, 'rule-1')).toMatchObject([{ orderNo: NO, fen: 500, at, capId: cap() }]);
  });

  it('is none without a rule, without an offer, or for another household', async () => {
    const { reserve } = await deskWith();
    expect(await reserve()).toBeUndefined();
    const tagged = await deskWith(sampleRule({ tag: 'elderly' }));
    expect(await tagged.reserve()).toBeUndefined();
    await tagged.store.setHousehold({ _id: house(), community: 'north', tags: ['elderly'] });
    expect(await tagged.reserve()).toMatchObject({ fen: 500 });
    expect(await tagged.reserve(NO, { customerNo: '66' })).toBeUndefined();
    expect(await tagged.reserve(NO, { grid: 'h' })).toBeUndefined();
    expect(tagged.lines).toEqual([]);
  });

  it('is the best of those that are offered, and of two alike always the same', async () => {
    const off = (fen: number) => ({ off: { kind: 'fixed', fen } }) as const;
    const { reserve } = await deskWith(
      ...[sampleRule({ _id: 'c', ...off(300) }), sampleRule({ _id: 'b', ...off(600) })],
      sampleRule({ _id: 'a', ...off(600) }),
    );
    expect((await reserve())?.discount.rule).toBe('a');
    const other = await deskWith(
      sampleRule({ _id: 'a', ...off(600) }),
      sampleRule({ _id: 'b', ...off(600) }),
    );
    expect((await other.reserve())?.discount.rule).toBe('a');
  });

  it('is the next best one’s where the best has nothing left', async () => {
    const { reserve, sums } = await deskWith(
      sampleRule({ _id: 'rich', off: { kind: 'fixed', fen: 600 }, budgetFen: 600 }),
      sampleRule({ off: { kind: 'fixed', fen: 300 } }),
    );
    expect((await reserve())?.discount.rule).toBe('rich');
    expect(await reserve('260310120000000002')).toMatchObject({ fen: 300, discount: { rule: 'rule-1' } });
    expect(sums('rich')).toEqual([0, 600, 0]);
  });

  it('is no more than is left in the budget, and then none', async () => {
    const { reserve, sums } = await deskWith(sampleRule({ budgetFen: 700 }));
    const fens = [];
    for (let n = 1; n <= 3; n += 1) fens.push((await reserve(`o${n}`, { customerNo: String(n) }))?.fen);
    expect([fens, sums()]).toEqual([
      [500, 200, undefined],
      [0, 700, 0],
    ]);
  });

  it('leaves the payer whole jiao, also where a budget’s or a cap’s last is taken', async () => {
    const few = await deskWith(sampleRule({ budgetFen: 707 }));
    const fens = [];
    for (let n = 1; n <= 3; n += 1) fens.push((await few.reserve(`o${n}`, { customerNo: String(n) }))?.fen);
    expect([fens, few.sums()]).toEqual([
      [500, 200, undefined],
      [7, 700, 0],
    ]);
    const { reserve } = await deskWith(sampleRule({ capFen: 509 }));
    expect([(await reserve('o1'))?.fen, await reserve('o2')]).toEqual([500, undefined]);
  });

  it('is no more than a household’s cap of a month in China, which begins anew with the next', async () => {
    const { reserve, clock, caps } = await deskWith(sampleRule({ capFen: 700 }));
    const fens = [(await reserve('o1'))?.fen, (await reserve('o2'))?.fen, (await reserve('o3'))?.fen];
    expect(fens).toEqual([500, 200, undefined]);
    clock.jump(Date.parse('2026-03-31T15:59:59Z') - clock.now());
    expect(await reserve('o4')).toBeUndefined();
    const longer = await deskWith(sampleRule({ capFen: 700, to: new Date('2026-05-01T00:00:00Z') }));
    longer.clock.jump(Date.parse('2026-03-31T16:00:00Z') - longer.clock.now());
    expect((await longer.reserve())?.fen).toBe(500);
    expect([...longer.caps.caps.keys()]).toEqual([`rule-1:${house()}:2026-04`]);
    expect([...caps.caps.keys()]).toEqual([cap()]);
  });

  it('is none of a rule whose budget was never made', async () => {
    const { reserve, store } = await deskWith();
    await store.insert(sampleRule());
    expect(await reserve()).toBeUndefined();
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
