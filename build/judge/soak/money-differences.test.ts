import { seededRandom } from '@bianmin/card/testing/random';
import { describe, expect, it } from 'vitest';
import { compareFindings, drawLies, shownUntold, type Finding } from './money-differences.ts';

const lacks: Finding = { kind: 'ORDER_ONLY', orderNo: '1' };
const more: Finding = { kind: 'CHANNEL_ONLY', orderNo: '1' };
const other: Finding = { kind: 'ORDER_ONLY', orderNo: '2' };

describe('what was told beside what was found', () => {
  it.each([
    ['nothing', [], [], [], []],
    ['all of it, in another order', [lacks, more], [more, lacks], [], []],
    ['one was missed', [lacks, other], [other], [lacks], []],
    ['one is not there', [lacks], [lacks, other], [], [other]],
    ['another kind of the same order is another', [lacks], [more], [lacks], [more]],
    ['one of two alike was missed', [lacks, lacks], [lacks], [lacks], []],
    ['one was found once too often', [lacks], [lacks, lacks], [], [lacks]],
  ])('%s', (...[, told, found, missed, wrong]) => {
    expect(compareFindings(told, found)).toEqual({ missed, false: wrong });
  });
});

const numberOf = (n: number): string => `2611261200${String(n).padStart(8, '0')}`;
const payments = Array.from({ length: 120 }, (_, n) => ({
  wallet: (['wechat', 'alipay', 'bestpay'] as const)[n % 3] ?? 'wechat',
  ...{ outTradeNo: `${numberOf(n)}p1`, totalFen: 5_000 },
  transactions: [{ id: `t${n}`, totalFen: 5_000, refundedFen: 0 }],
}));
const refunds = [1, 2, 3].map((n) => ({
  ...{ wallet: 'wechat' as const, outTradeNo: `${numberOf(3 * n)}p1`, outRefundNo: `${numberOf(3 * n)}p1r3` },
  ...{ refundFen: 5_000, status: 'SUCCESS' },
}));
const sales = Array.from({ length: 60 }, (_, n) => numberOf(n));
const draw = (over: Partial<Parameters<typeof drawLies>[0]> = {}) =>
  drawLies({ payments, refunds, sales, isCalm: () => true, random: seededRandom(1), ...over });

describe('lies that bills are told', () => {
  it('are of each kind at each wallet, and what each shows as is known', () => {
    const { byWallet, grid, told } = draw();
    for (const wallet of ['wechat', 'alipay', 'bestpay'] as const) {
      const kinds = byWallet.get(wallet)?.map(({ kind }) => kind);
      expect(kinds?.toSorted()).toEqual(['amount', 'late', 'missing', 'stranger', 'twice']);
    }
    expect(grid.map(({ kind }) => kind).toSorted()).toEqual([
      'amount',
      'late',
      'missing',
      'stranger',
      'twice',
    ]);
    // A line that is in the next day's bill is no difference.
    const shown = { AMOUNT_DIFF: 4, CHANNEL_ONLY: 3, DUPLICATE: 4, GRID_ONLY: 1, ORDER_ONLY: 4 };
    for (const [kind, times] of Object.entries(shown)) {
      expect(
        told.filter((each) => each.kind === kind),
        kind,
      ).toHaveLength(times);
    }
    expect(told).toHaveLength(16);
  });

  it('are the same of the same seed', () => {
    expect(draw()).toEqual(draw());
    expect(draw({ random: seededRandom(2) })).not.toEqual(draw());
  });

  it('are about orders of which nothing else is to be found, one for each', () => {
    const { byWallet, grid } = draw({ isCalm: (orderNo) => Number(orderNo.slice(-2)) % 2 === 0 });
    const numbers = [...[...byWallet.values()].flat(), ...grid].map(({ number }) => number.slice(0, 18));
    expect(numbers.every((number) => Number(number.slice(-2)) % 2 === 0)).toBe(true);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('are not about what was never paid, or twice on one number', () => {
    const odd = payments.map((each, n) => ({
      ...each,
      transactions: n % 2 === 0 ? [] : [...each.transactions, ...each.transactions],
    }));
    expect(draw({ payments: odd, refunds: [], sales: [] }).told).toEqual([]);
  });

  it('of a refund’s stranger are of the order that its payment names', () => {
    const only = draw({ payments: [], refunds, sales: [] });
    const strangers = (only.byWallet.get('wechat') ?? []).filter(({ kind }) => kind === 'stranger');
    const own = only.told.filter(({ kind }) => kind === 'CHANNEL_ONLY').map(({ orderNo }) => orderNo);
    expect(own).toEqual(strangers.map(({ number }) => number.slice(0, 18)));
  });
});

describe('money that a bill alone tells of', () => {
  const [first] = payments;
  const twice = { ...first, transactions: [...(first?.transactions ?? []), ...(first?.transactions ?? [])] };

  it('is a payment that the order calls unpaid, or one beside the payment that it knows', () => {
    expect(shownUntold(numberOf(0), payments)).toEqual({ kind: 'STATUS_DIFF', orderNo: numberOf(0) });
    const beside = [twice as (typeof payments)[number], ...payments.slice(1)];
    expect(shownUntold(numberOf(0), beside)).toEqual({ kind: 'CHANNEL_ONLY', orderNo: numberOf(0) });
    expect(shownUntold(numberOf(1), beside)).toEqual({ kind: 'STATUS_DIFF', orderNo: numberOf(1) });
  });
});
