import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '@bianmin/card/testing/property-runs';
import { applyChange } from '../../orders/model/change.ts';
import type { Order, OrderEvent } from '../../orders/model/order.ts';
import { accruedBy, ruleOf } from '../../testing/commission-judge.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { NOW, POLICY, STEPS } from '../../testing/order-steps.ts';
import { accrualKindOf, kindOf } from '../ledger/accounts.ts';
import { checkAccounts } from '../ledger/check.ts';
import { drawsOf } from '../ledger/deposit-draws.ts';
import { postingsOf } from '../ledger/order-postings.ts';
import { imbalanceOf, turnoverOf } from '../ledger/posting.ts';
import { accrualPostingsOf, accrualsOf } from './accruals.ts';

const SHOP = 'c00000000000000a1';
const PATH = ['province', '650100', SHOP];
const AT = new Date('2026-03-01T04:00:00Z');
const NEXT = new Date('2026-03-02T04:00:00Z');
const PARTS = { creditFen: 4000, arrearsFen: 990, feeFen: 10 };
const event = (n: number, name: OrderEvent['name'], data?: OrderEvent['data'], at = AT): OrderEvent => ({
  ...{ n, name, at, by: 'grid' },
  ...(data === undefined ? {} : { data }),
});
const sold = (n: number, parts = PARTS, at = AT) => event(n, 'sale.sold', parts, at);
const undone = (n: number, at = AT) => event(n, 'sale.undone', { reason: 'requested' }, at);
const order = (events: OrderEvent[], over: Partial<Order> = {}) =>
  sampleOrder({
    orgPath: PATH,
    payments: [samplePayment({ status: 'succeeded', funds: true })],
    ...{ events, ...over },
  });
const RULES = [
  ruleOf({ id: 'c', basisPoints: 100 }),
  ruleOf({ id: 'a', kind: 'agency', perOrderFen: 30, basisPoints: 0 }),
];
const fens = (of: Order, rules = RULES) =>
  accrualsOf(of, rules).map(({ kind, sales, faceFen, fen, posting }) => [
    posting.n,
    kind,
    sales,
    faceFen,
    fen,
  ]);

describe('what an order’s sale earns', () => {
  it('is posted apart from its money, and of nobody’s terminal or meter', () => {
    expect(accrualPostingsOf(order([sold(2)]), RULES)).toEqual([
      {
        ...{
          source: '260301100000000001',
          n: 2,
          group: 'agency',
          name: 'sale.sold',
          at: AT,
          day: '2026-03-01',
        },
        legs: [
          { account: 'agency:collection-v1', fen: 30 },
          { account: 'income:agency', fen: -30 },
        ],
      },
      {
        ...{ source: '260301100000000001', n: 2, group: 'commission', name: 'sale.sold' },
        ...{ at: AT, day: '2026-03-01' },
        legs: [
          { account: 'cost:commission', fen: 50 },
          { account: `commission:${SHOP}`, fen: -50 },
        ],
      },
    ]);
  });

  it('is taken back when the sale is undone, once, on the day on which it is', () => {
    const events = [sold(2), undone(3, NEXT), undone(4, NEXT)];
    expect(fens(order(events))).toEqual([
      [2, 'agency', 1, 5000, 30],
      [2, 'commission', 1, 5000, 50],
      [3, 'agency', -1, -5000, -30],
      [3, 'commission', -1, -5000, -50],
    ]);
    expect(accrualPostingsOf(order(events), RULES).map(({ day }) => day)).toEqual([
      ...['2026-03-01', '2026-03-01', '2026-03-02', '2026-03-02'],
    ]);
    expect(fens(order([undone(1)]))).toEqual([]);
  });

  it('goes by what the grid says last, and by the rules of the day on which it said it first', () => {
    const less = { ...PARTS, creditFen: 3000 };
    const later = ruleOf({ id: 'later', basisPoints: 1000, from: '2026-03-02' });
    const first = ruleOf({ id: 'first', basisPoints: 100, until: '2026-03-01' });
    const events = [sold(2), sold(3, less, NEXT), undone(4, NEXT), sold(5, PARTS, NEXT)];
    expect(fens(order(events), [first, later])).toEqual([
      [2, 'commission', 1, 5000, 50],
      [3, 'commission', 0, -1000, -10],
      [4, 'commission', -1, -4000, -40],
      [5, 'commission', 1, 5000, 500],
    ]);
    expect(fens(order([sold(2), sold(3)]))).toHaveLength(2);
  });

  it('is by the payment that funds it', () => {
    const cash = ruleOf({ id: 'cash', channel: 'cash' });
    const payments = [
      samplePayment({ status: 'succeeded' }),
      samplePayment({ no: 'x', channel: 'cash', float: 'f', status: 'succeeded', funds: true }),
    ];
    expect(fens(order([sold(2)], { payments }), [cash])).toEqual([[2, 'commission', 1, 5000, 50]]);
    expect(fens(order([sold(2)]), [cash])).toEqual([]);
    expect(fens(order([sold(2)], { payments: [] }), [cash])).toEqual([]);
  });

  it('is nothing where there is no rule, and of an event that says nothing unreadable', () => {
    expect(fens(order([sold(2)]), [])).toEqual([]);
    expect(() => fens(order([event(2, 'sale.sold')]))).toThrow('has no usable creditFen');
  });
});

describe('accruals, whatever was done to an order', () => {
  it('are what its sale that stands earns, on both sides, and change no other posting', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('card' as const, 'remote' as const),
        fc.array(fc.tuple(fc.nat(STEPS.length - 1), fc.nat(11)), { maxLength: 40 }),
        (kind, walk) => {
          let made = sampleOrder({ kind, orgPath: PATH });
          for (const [step, pick] of walk) {
            const change = STEPS[step]?.(made, pick);
            if (change !== undefined) made = applyChange(made, change, { now: NOW, policy: POLICY });
          }
          const accruals = accrualPostingsOf(made, RULES);
          for (const posting of accruals) expect(imbalanceOf(posting)).toBe(0);
          const { status, creditFen = 0, arrearsFen = 0, feeFen = 0 } = made.sale;
          const faceFen = status === 'sold' ? creditFen + arrearsFen + feeFen : 0;
          const day = '2026-03-01';
          const sale = { ...made, day, channel: 'wechat' as const, faceFen };
          const sums = turnoverOf(accruals);
          expect(new Map([...sums].filter(([, fen]) => fen !== 0))).toEqual(
            accruedBy(faceFen === 0 ? [] : [sale], RULES),
          );
          for (const account of sums.keys()) {
            expect(kindOf(account)).toBeDefined();
            expect(accrualKindOf(account)).toBeDefined();
          }
          const money = [...postingsOf(made), ...drawsOf(made, new Date(0))];
          const names = new Set(money.map(({ source, n, group }) => `${source}:${n}:${group}`));
          for (const { source, n, group } of accruals) expect(names).not.toContain(`${source}:${n}:${group}`);
          expect(money.flatMap(({ legs }) => legs).filter(({ account }) => accrualKindOf(account))).toEqual(
            [],
          );
          const checks = checkAccounts(sums, { channels: {}, grids: {}, meters: {} }, { atRest: false });
          expect(checks.filter(({ differenceFen }) => differenceFen !== 0)).toEqual([]);
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it('that owe what nobody earned are found', () => {
    const turnover = new Map([
      ['agency:g', 100],
      ['income:agency', -99],
      ['payer:held', -1],
    ]);
    expect(checkAccounts(turnover, { channels: {}, grids: {}, meters: {} }, { atRest: false })).toEqual([
      {
        ...{ account: 'income:agency', against: 'accruals', ledgerFen: -99 },
        ...{ outsideFen: -100, differenceFen: 1 },
      },
    ]);
  });
});
