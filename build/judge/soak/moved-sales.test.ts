import { expect, it } from 'vitest';
import type { JudgedOrder, JudgedSale } from './grid-judge.ts';
import { judge } from './grid-judge.ts';
import { atPresentMeters } from './moved-sales.ts';

const order: JudgedOrder = {
  ...{ orderNo: '1', meterNo: 'old', shownTail: 'old', state: 'done', takenFen: 5000, refundedFen: 0 },
};
const sale: JudgedSale = {
  ...{ orderNo: '1', status: 'sold', meterNo: 'old', faceFen: 5000, creditFen: 5000, count: 9 },
};
const moved = { ...sale, movedToMeter: { meterNo: 'new', count: 1 } };
const meters = (newFen: number) => [
  { meterNo: 'old', creditedFen: 0, count: 8 },
  { meterNo: 'new', creditedFen: newFen, count: newFen === 0 ? 0 : 1 },
];
const judged = (sales: readonly JudgedSale[], exchanged: [string, string][], newFen = 5000) =>
  judge({
    ...atPresentMeters({ orders: [order], sales, exchanged: new Map(exchanged) }),
    meters: meters(newFen),
  });

it('judges what the grid moved at the meter that took the place of the former one', () => {
  expect(judged([moved], [['old', 'new']])).toMatchObject({
    lost: 0,
    doubled: 0,
    wrongMeter: 0,
    findings: [],
  });
  expect(judged([moved], [['old', 'new']], 0)).toMatchObject({ lost: 1, wrongMeter: 0 });
});

it('believes no grid that moves it to any other meter', () => {
  expect(judged([moved], []).wrongMeter).toBe(1);
  expect(judged([moved], [['old', 'third']]).wrongMeter).toBe(1);
});

it('leaves what was not moved where it was', () => {
  expect(judged([sale], [['old', 'new']], 0).lost).toBe(1);
});
