import { expect, it } from 'vitest';
import { orderFigures, payersOf } from './money-figures.ts';

it('counts the wallets that took money for an order, and no code that nobody paid', () => {
  const order = '260301100000000001';
  const sum = (wallet: 'wechat' | 'alipay' | 'bestpay', no: string, paid: boolean) => ({
    ...{ wallet, outTradeNo: no },
    transactions: paid ? [{ id: no, totalFen: 100, refundedFen: 0 }] : [],
  });
  const other = '260301100000000019';
  const both = [sum('wechat', `${order}p1`, true), sum('alipay', `${order}p2`, true)];
  expect(payersOf([...both, sum('bestpay', `${order}p3`, false), sum('wechat', `${other}p1`, true)])).toEqual(
    {
      twoWallets: 1,
      threeWallets: 0,
    },
  );
  expect(payersOf([...both, sum('bestpay', `${order}p3`, true)])).toEqual({ twoWallets: 0, threeWallets: 1 });
});

it('tells how long refunds took, the most events of an order, and who still waits for a person', () => {
  const at = (seconds: number): Date => new Date(seconds * 1000);
  const event = (n: number, name: 'refund.approved' | 'refund.done' | 'order.created', seconds: number) => ({
    ...{ n, name, by: 'system', at: at(seconds) },
    ...(name === 'order.created' ? {} : { data: { no: 'r1' } }),
  });
  expect(
    orderFigures([
      { state: 'refunded', events: [event(1, 'refund.approved', 10), event(2, 'refund.done', 52)] },
      { state: 'attention', events: [event(1, 'order.created', 0)] },
    ]),
  ).toEqual({ undecided: 1, maxEventsPerOrder: 2, p99RefundSeconds: 42 });
  expect(orderFigures([])).toEqual({ undecided: 0, maxEventsPerOrder: 0, p99RefundSeconds: 0 });
});
