import { describe, expect, it } from 'vitest';
import { judge, type JudgedOrder, type JudgedSale } from './grid-judge.ts';

const FACE = 5000;
const order = (over: Partial<JudgedOrder> = {}): JudgedOrder => ({
  orderNo: '1',
  meterNo: 'm',
  state: 'done',
  takenFen: FACE,
  refundedFen: 0,
  ...over,
});
const sale = (over: Partial<JudgedSale> = {}): JudgedSale => ({
  orderNo: '1',
  status: 'sold',
  meterNo: 'm',
  faceFen: FACE,
  creditFen: FACE,
  count: 2,
  ...over,
});
const meter = (creditedFen: number, count: number) => ({ meterNo: 'm', creditedFen, count });

describe('an order that waits for a person', () => {
  const waiting = order({ state: 'attention', refundedFen: 4_900, waits: true });

  it('is told of, and neither it nor its meter is judged', () => {
    const found = judge({ orders: [waiting], sales: [sale()], meters: [meter(0, 1)] });
    expect(found).toMatchObject({ lost: 0, doubled: 0, unknown: 0, waits: ['1'], findings: [] });
  });

  it('covers no other order of the household', () => {
    const other = order({ orderNo: '2', state: 'closed' });
    const found = judge({ orders: [waiting, other], sales: [], meters: [meter(0, 1)] });
    expect(found).toMatchObject({ lost: 1, waits: ['1'] });
  });
});

describe('a household is judged by wallet, grid and meter', () => {
  it.each([
    ['paid, sold and credited', [order()], [sale()], meter(FACE, 2), {}],
    [
      'paid, not sold, paid back',
      [order({ state: 'refunded', refundedFen: FACE })],
      [sale({ status: 'reversed' })],
      meter(0, 1),
      {},
    ],
    [
      'paid twice, credited once, one paid back',
      [order({ takenFen: 2 * FACE, refundedFen: FACE })],
      [sale()],
      meter(FACE, 2),
      {},
    ],
    ['arrears were taken', [order()], [sale({ creditFen: 4000 })], meter(4000, 2), {}],
    ['paid and sold, never on the meter', [order()], [sale()], meter(0, 1), { lost: 1 }],
    ['paid and never sold', [order({ state: 'closed' })], [], meter(0, 1), { lost: 1 }],
    ['credited and paid back', [order({ refundedFen: FACE })], [sale()], meter(FACE, 2), { doubled: 1 }],
    [
      'paid back twice',
      [order({ state: 'refunded', refundedFen: 2 * FACE })],
      [],
      meter(0, 1),
      { doubled: 1 },
    ],
    ['credited twice', [order()], [sale()], meter(2 * FACE, 2), { doubled: 1 }],
    ['credited less', [order()], [sale()], meter(100, 2), { lost: 1 }],
    ['still asking', [order({ state: 'grid-silent', refundedFen: FACE })], [], meter(0, 1), { unknown: 1 }],
    [
      'sold for an order that is over',
      [order({ state: 'refunded', refundedFen: FACE })],
      [sale({ count: 3 })],
      meter(0, 1),
      { unknown: 1 },
    ],
    [
      'paid, and no meter is known of it',
      [order({ meterNo: 'none', state: null })],
      [],
      meter(0, 1),
      { lost: 1 },
    ],
    [
      'somebody else paid a part',
      [order({ takenFen: 4000, discountFen: 1000 })],
      [sale()],
      meter(FACE, 2),
      {},
    ],
    [
      'a discount for what was not sold is no money',
      [order({ state: 'refunded', takenFen: 4000, refundedFen: 4000, discountFen: 1000 })],
      [sale({ status: 'reversed' })],
      meter(0, 1),
      {},
    ],
    ['staff gave some back', [order({ refundedFen: 700, givenFen: 700 })], [sale()], meter(FACE, 2), {}],
    [
      'more went back than staff gave',
      [order({ refundedFen: 701, givenFen: 700 })],
      [sale()],
      meter(FACE, 2),
      { doubled: 1 },
    ],
    ['what staff gave never came', [order({ givenFen: 700 })], [sale()], meter(FACE, 2), { lost: 1 }],
    [
      'paid late, and only the bill tells',
      [order({ state: 'closed', untoldFen: FACE })],
      [],
      meter(0, 1),
      { untold: ['1'] },
    ],
    [
      'paid twice, and only the bill tells of one',
      [order({ takenFen: 2 * FACE, untoldFen: FACE })],
      [sale()],
      meter(FACE, 2),
      { untold: ['1'] },
    ],
    [
      'another sum than the bill alone tells',
      [order({ state: 'closed', untoldFen: 100 })],
      [],
      meter(0, 1),
      { lost: 1 },
    ],
    ['sold, and nobody knows the order', [], [sale({ count: 3 })], meter(0, 1), { unknown: 1 }],
  ] as const)('%s', (...[, orders, sales, one, want]) => {
    expect(judge({ orders, sales, meters: [one] })).toMatchObject({
      lost: 0,
      doubled: 0,
      unknown: 0,
      untold: [],
      ...want,
    });
  });
});

describe('the right meter', () => {
  const [shown, other] = ['1001', '1002'];
  const wrong = (over: Partial<JudgedOrder>, ofSale: Partial<JudgedSale> = {}): number =>
    judge({
      orders: [order({ meterNo: '000026001001', ...over })],
      sales: [sale({ meterNo: '000026001001', ...ofSale })],
      meters: [],
    }).wrongMeter;

  it('is the one that the household meant, that the grid sold for, and that the screen said', () => {
    expect(wrong({ shownTail: shown })).toBe(0);
    expect(wrong({})).toBe(0);
    expect(wrong({ shownTail: other })).toBe(1);
    expect(wrong({ shownTail: null })).toBe(1);
    expect(wrong({ shownTail: shown }, { meterNo: '000026001002' })).toBe(1);
  });

  it('is not asked for of what was not sold, or is none of ours', () => {
    const elsewhere = { meterNo: '000026001002' } as const;
    expect(wrong({}, { ...elsewhere, status: 'reversed' })).toBe(0);
    expect(wrong({}, { ...elsewhere, status: 'rejected' })).toBe(0);
    expect(wrong({}, { meterNo: null })).toBe(0);
    expect(wrong({}, { ...elsewhere, orderNo: '2' })).toBe(0);
  });
});
