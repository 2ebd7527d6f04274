import { expect, it } from 'vitest';
import { orderFigures, payersOf } from './money-figures.ts';

it('counts the wallets that took money for an order, and no code that was not paid', () => {
  const order = '260301100000000001';
  const sum = (wallet: 'wechat' | 'alipay' | 'bestpay', no: string, paid: boolean) => ({
    ...{ wallet, outTradeNo: no },
    transactions: paid ? [{ id: no, totalFen: 100, refundedFen: 0 }] : [],
  });
  const other = '260301100000000019';
  const both = [sum('wechat', `${order}p1`, true), sum('alipay', `${order}p2`, true)];
  const more = [sum('bestpay', `${order}p3`, false), sum('wechat', `${other}p1`, true)];
  const cash = new Map([
    [order, { takenFen: 100, refundedFen: 0 }],
    // The counter was too late.
    [other, { takenFen: 0, refundedFen: 0 }],
    ['260301100000000027', { takenFen: 100, refundedFen: 0 }],
  ]);
  expect(payersOf([...both, ...more], cash)).toEqual({ twoWallets: 1, threeWallets: 0, cashAndWallet: 1 });
  const third = sum('bestpay', `${order}p3`, true);
  expect(payersOf([...both, third], new Map())).toEqual({ twoWallets: 0, threeWallets: 1, cashAndWallet: 0 });
});

it('tells how long refunds took, the most events of an order, and who still waits for a person', () => {
  const at = (seconds: number): Date => new Date(seconds * 1000);
  const event = (n: number, name: 'refund.approved' | 'refund.done' | 'order.created', seconds: number) => ({
    ...{ n, name, by: 'system', at: at(seconds) },
    ...(name === 'order.created' ? {} : { data: { no: 'r1' } }),
  });
  expect(
    orderFigures([
      {
        ...{ state: 'refunded', refunds: [{ status: 'done' }] },
        events: [event(1, 'refund.approved', 10), event(2, 'refund.done', 52)],
      },
      { state: 'attention', refunds: [], events: [event(1, 'order.created', 0)] },
      { state: 'done', refunds: [{ status: 'abnormal' }], events: [event(1, 'order.created', 0)] },
    ]),
  ).toEqual({ leftToStaff: 2, undone: 0, maxEventsPerOrder: 2, p99RefundSeconds: 42 });
  expect(orderFigures([])).toEqual({ leftToStaff: 0, undone: 0, maxEventsPerOrder: 0, p99RefundSeconds: 0 });
});
