import { describe, expect, it } from 'vitest';
import { equationFen, equationOf, moneyByOrder, type OrderFacts, type SoldSale } from './money-books.ts';

const NO = '261126120000000001';
const FACE = 5_000;
const payment = (outTradeNo: string, totalFen: number, ...refundedFen: number[]) => ({
  ...{ wallet: 'wechat' as const, outTradeNo, totalFen },
  transactions: refundedFen.map((fen, n) => ({ id: `${outTradeNo}t${n}`, totalFen, refundedFen: fen })),
});
const facts = (over: Partial<OrderFacts> = {}): OrderFacts => ({
  ...{ faceFen: FACE, offFen: 0, untold: false, givenFen: 0 },
  ...over,
});
const sale = (over: Partial<SoldSale> = {}): SoldSale => ({
  ...{ orderNo: NO, status: 'sold', faceFen: FACE, creditFen: FACE, arrearsFen: 0, feeFen: 0 },
  ...over,
});

interface Example {
  readonly payments?: readonly ReturnType<typeof payment>[];
  readonly fact?: Partial<OrderFacts>;
  readonly cash?: { takenFen: number; refundedFen: number };
  readonly found?: boolean;
}
const moneyOf = ({ payments = [], fact, cash, found = false }: Example) =>
  moneyByOrder({
    ...{ payments, found, facts: new Map([[NO, facts(fact)]]) },
    cash: new Map(cash === undefined ? [] : [[NO, cash]]),
  });

const EXAMPLES: readonly (readonly [string, Example, object])[] = [
  ['one payment', { payments: [payment(`${NO}p1`, FACE, 0)] }, { takenFen: FACE, refundedFen: 0 }],
  [
    'two wallets, one of them given back',
    { payments: [payment(`${NO}p1`, FACE, 0), payment(`${NO}p2`, FACE, FACE)] },
    { takenFen: 2 * FACE, refundedFen: FACE },
  ],
  [
    'twice on one number',
    { payments: [payment(`${NO}p1`, FACE, 0, FACE)] },
    { takenFen: 2 * FACE, refundedFen: FACE },
  ],
  [
    'two wallets, one of them given back by other means',
    { payments: [payment(`${NO}p1`, FACE, 0), payment(`${NO}p2`, FACE, 0)], fact: { elsewhereFen: FACE } },
    { takenFen: 2 * FACE, refundedFen: FACE },
  ],
  [
    'less the discount',
    { payments: [payment(`${NO}p1`, 4_000, 0)], fact: { offFen: 1_000 } },
    { takenFen: 4_000, discountFen: 1_000 },
  ],
  [
    'a discount of another sum is none',
    { payments: [payment(`${NO}p1`, 4_500, 0)], fact: { offFen: 1_000 } },
    { discountFen: 0 },
  ],
  ['a discount for nobody is none', { payments: [payment(`${NO}p1`, 4_000, 0)] }, { discountFen: 0 }],
  [
    'cash, of which some was handed back',
    { cash: { takenFen: FACE, refundedFen: 300 }, fact: { givenFen: 300 } },
    { takenFen: FACE, refundedFen: 300, givenFen: 300 },
  ],
  [
    'of which a bill alone tells',
    { payments: [payment(`${NO}p1`, FACE, 0)], fact: { untold: true } },
    { untoldFen: FACE },
  ],
];

describe('the money of an order', () => {
  it.each(EXAMPLES)('%s', (_, example, want) => {
    expect(moneyOf(example).get(NO)).toMatchObject(want);
  });

  it('is everybody’s once the bill was read', () => {
    const payments = [payment(`${NO}p1`, FACE, 0)];
    expect(moneyOf({ payments, fact: { untold: true }, found: true }).get(NO)).not.toHaveProperty(
      'untoldFen',
    );
  });

  it('of a number that is none of ours stands under that number', () => {
    expect(moneyOf({ payments: [payment('stranger', FACE, 0)] }).get('stranger')).toEqual({
      ...{ takenFen: FACE, refundedFen: 0 },
    });
  });
});

/** Payments, staff's gifts, sales and a meter, and by how much they do not come out even. */
const SUMS: readonly (readonly [string, Example, SoldSale, number, number])[] = [
  ['paid and credited', { payments: [payment(`${NO}p1`, FACE, 0)] }, sale(), FACE, 0],
  [
    'arrears and a fee were taken',
    { payments: [payment(`${NO}p1`, FACE, 0)] },
    sale({ creditFen: 4_000, arrearsFen: 990, feeFen: 10 }),
    ...([4_000, 0] as const),
  ],
  [
    'somebody else paid a part',
    { payments: [payment(`${NO}p1`, 4_000, 0)], fact: { offFen: 1_000 } },
    sale(),
    ...([FACE, 0] as const),
  ],
  [
    'a discount of a sale that was undone is nobody’s money',
    { payments: [payment(`${NO}p1`, 4_000, 4_000)], fact: { offFen: 1_000 } },
    sale({ status: 'reversed' }),
    ...([0, 0] as const),
  ],
  [
    'staff gave some back',
    { payments: [payment(`${NO}p1`, FACE, 700)], fact: { givenFen: 700 } },
    sale(),
    ...([FACE, 0] as const),
  ],
  ['paid and kept', { payments: [payment(`${NO}p1`, FACE, 0)] }, sale({ status: 'rejected' }), 0, FACE],
  ['given back and credited', { payments: [payment(`${NO}p1`, FACE, FACE)] }, sale(), FACE, -FACE],
  ['credited twice', { payments: [payment(`${NO}p1`, FACE, 0)] }, sale(), 2 * FACE, -FACE],
  ['given back without anybody’s word', { payments: [payment(`${NO}p1`, FACE, 1)] }, sale(), FACE, -1],
];

describe('payments and discounts less refunds are credits, arrears and fees', () => {
  it.each(SUMS)('%s', (...[, example, one, creditedFen, want]) => {
    const equation = equationOf({ money: moneyOf(example), sales: [one], meters: [{ creditedFen }] });
    expect(equationFen(equation)).toBe(want);
  });
});
