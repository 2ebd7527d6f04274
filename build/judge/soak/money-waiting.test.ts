import { describe, expect, it } from 'vitest';
import type { JudgedSale } from './grid-judge.ts';
import { waitingRow, type Waiting } from './money-waiting.ts';

const nothing: Waiting = {
  actions: { orderNo: 'O1', state: 'attention', attention: 'late-sale' },
  faceFen: 5_000,
  ...{ abnormal: [], payments: [], refunds: [], sale: undefined, meter: undefined },
};
const sold: JudgedSale = {
  ...{ orderNo: 'O1', status: 'sold', meterNo: 'M1', faceFen: 5_000, creditFen: 5_000, count: 7 },
};
const refund = (status: string, refundFen = 5_000): Waiting['refunds'][number] => ({
  ...{ wallet: 'wechat', outRefundNo: 'R1', outTradeNo: 'O1', refundFen, status },
});
const abnormal = [{ refundNo: 'R1', fen: 5_000 }];

describe('whether a person is needed for an order that waits', () => {
  it('is so where it was sold though its money had gone back, and not where the grid never sold it', () => {
    expect(waitingRow({ ...nothing, sale: sold }).needed).toBe(true);
    expect(waitingRow({ ...nothing, sale: { ...sold, status: 'rejected', count: null } }).needed).toBe(false);
    expect(waitingRow(nothing).needed).toBe(false);
  });

  it('is so where the grid sold another amount', () => {
    const actions = { ...nothing.actions, attention: 'sale-mismatch' } as const;
    expect(waitingRow({ ...nothing, actions, sale: { ...sold, faceFen: 4_000 } }).needed).toBe(true);
    expect(waitingRow({ ...nothing, actions, sale: sold }).needed).toBe(false);
  });

  it('is so where a wallet did not give what was to go back, and not where it gave all of it', () => {
    const all = { ...nothing, abnormal };
    expect(waitingRow({ ...all, refunds: [refund('ABNORMAL')] }).needed).toBe(true);
    expect(waitingRow({ ...all, refunds: [refund('SUCCESS', 4_900)] }).needed).toBe(true);
    expect(waitingRow(all).needed).toBe(true);
    expect(waitingRow({ ...all, refunds: [refund('SUCCESS')] }).needed).toBe(false);
  });
});

it('puts the truth of wallets, grid and meter beside the order', () => {
  const transactions = [{ id: 'T1', totalFen: 5_000, refundedFen: 0 }];
  expect(
    waitingRow({
      ...nothing,
      ...{ abnormal, refunds: [refund('ABNORMAL')], sale: sold },
      payments: [{ wallet: 'wechat', outTradeNo: 'O1', totalFen: 5_000, transactions }],
      meter: { meterNo: 'M1', creditedFen: 5_000, count: 7 },
    }),
  ).toEqual({
    ...{ orderNo: 'O1', state: 'attention', attention: 'late-sale', needed: true },
    refunds: 'R1 5000: ABNORMAL 5000',
    wallets: 'wechat 5000-0',
    grid: 'sold 5000, count 7',
    meter: 'count 7, credited 5000',
  });
  expect(waitingRow(nothing)).toMatchObject({ refunds: '', wallets: '', grid: 'never seen', meter: 'none' });
});
