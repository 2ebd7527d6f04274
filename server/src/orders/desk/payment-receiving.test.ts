import { beforeEach, describe, expect, it } from 'vitest';
import { at, MoverRig } from '../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { slotOf } from '../model/moves/sale.ts';
import type { Order, Payment } from '../model/order.ts';
import { PaymentReceiving } from './payment-receiving.ts';

const success = { paymentNo: 'p1', transactionId: 't1', amountFen: 5000, paidAt: at(-1) };
const pay = (no: string, over: Partial<Payment> = {}): Payment => samplePayment({ no, ...over });
const other = { _id: 'o2', idempotencyKey: 'k2', serial: 's2' };

let rig: MoverRig;
let receiving: PaymentReceiving;
/** Orders whose sale was sent, and those of which it was asked whether late money buys. */
let sold: Order[];
let late: Order[];
beforeEach(() => {
  rig = new MoverRig();
  [sold, late] = [[], []];
  receiving = new PaymentReceiving({
    ...{ mover: rig.mover, metrics: rig.metrics, log: rig.log },
    sell: async (order) => {
      sold.push(order);
      return order;
    },
    fulfilsLate: async (order) => {
      late.push(order);
      return true;
    },
  });
});

const counted = async (): Promise<unknown[]> => {
  const { values } = await rig.metrics.mismatches.get();
  return values.map(({ labels, value }) => ({ ...labels, value }));
};

describe('money for an order', () => {
  it('sends its sale, by the call that took it in', async () => {
    const order = await rig.holds(sampleOrder({ payments: [pay('p1')] }));
    const now = await receiving.received(order, success, 'query');
    expect(now).toMatchObject({ state: 'paid', sale: { status: 'sent' } });
    expect(now.events.find(({ name }) => name === 'payment.succeeded')).toMatchObject({ by: 'query' });
    expect(sold).toEqual([now]);
    expect(late).toEqual([]);
  });

  it('that is known changes nothing', async () => {
    const order = await rig.holds(
      sampleOrder({ payments: [pay('p1', { status: 'succeeded', transactionId: 't1', funds: true })] }),
    );
    expect(await receiving.received(order, success, 'query')).toBe(order);
    expect([sold, late, rig.lines]).toEqual([[], [], []]);
  });

  it('that was known by the time it was taken in is not sold a second time', async () => {
    const order = await rig.holds(sampleOrder({ payments: [pay('p1')] }));
    await receiving.received(order, success, 'notification');
    await receiving.received(order, success, 'query');
    expect(sold).toHaveLength(1);
  });

  it('that is a second payer’s is given back, and the sale that is under way is not sent again', async () => {
    const order = await rig.holds(sampleOrder({ payments: [pay('p1'), pay('p2')] }));
    await receiving.received(order, success, 'query');
    const second = { ...success, paymentNo: 'p2', transactionId: 't2' };
    const now = await receiving.received(await rig.now(order), second, 'query');
    expect(now.refunds).toMatchObject([{ paymentNo: 'p2', reason: 'double-payment' }]);
    expect(sold).toHaveLength(1);
  });

  it('that comes after closing buys where late money shall', async () => {
    const order = await rig.holds(
      sampleOrder({ payments: [pay('p1', { status: 'closed' })], closure: { status: 'closed' } }),
    );
    expect(await receiving.received(order, success, 'query')).toMatchObject({ sale: { status: 'sent' } });
    expect(late).toEqual([order]);
    expect(sold).toHaveLength(1);
  });

  it('is late only for an order that is closed and has none', async () => {
    const funded = pay('p2', { status: 'succeeded', transactionId: 't2', funds: true });
    const has = { payments: [pay('p1'), funded], sale: { status: 'sold' } } as const;
    const closed = await rig.holds(sampleOrder({ ...has, closure: { status: 'closed' } }));
    await receiving.received(closed, success, 'query');
    const asked = sampleOrder({ ...other, payments: [pay('p1')], closure: { status: 'asked' } });
    await receiving.received(await rig.holds(asked), { ...success, transactionId: 't9' }, 'query');
    expect(late).toEqual([]);
  });

  it('goes back where another order of its meter has the count', async () => {
    await rig.holds(sampleOrder({ ...other, saleSlot: slotOf(sampleOrder()) }));
    const order = await rig.holds(sampleOrder({ payments: [pay('p1')] }));
    expect(await receiving.received(order, success, 'query')).toMatchObject({
      ...{ sale: { status: 'rejected', reason: 'slot-taken' }, refunds: [{ reason: 'not-sold' }] },
    });
    expect(sold).toEqual([]);
  });
});

describe('a success that fits no payment of ours', () => {
  const order = sampleOrder({ payments: [pay('p0', { channel: 'alipay' }), pay('p1')] });
  /** By which another order was paid. */
  const taken = { ...other, payments: [pay('p8', { status: 'succeeded', transactionId: 't1' })] };
  const cases = [
    ['no-such-payment', 'unknown', { ...success, paymentNo: 'p9' }],
    ['amount', 'wechat', { ...success, amountFen: 4999 }],
    ['transaction', 'wechat', success],
  ] as const;

  it.each(cases)('is told and counted: %s', async (...[reason, channel, report]) => {
    await rig.holds(sampleOrder(taken));
    await rig.holds(order);
    expect(await receiving.received(order, report, 'notification')).toBe(order);
    expect(await counted()).toEqual([{ channel, reason, value: 1 }]);
    expect(rig.lines).toEqual([
      {
        ...{ level: 'error', msg: 'a channel reports a payment that does not fit' },
        ...{ orderNo: order._id, paymentNo: report.paymentNo, reason, by: 'notification' },
      },
    ]);
    expect(sold).toEqual([]);
  });

  it.each(cases)('is a person’s where the channel holds to it when asked: %s', async (...[, , report]) => {
    await rig.holds(sampleOrder(taken));
    await rig.holds(order);
    expect(await receiving.received(order, report, 'query')).toMatchObject({
      ...{ state: 'attention', attention: 'payment-mismatch', payments: order.payments },
    });
    expect(rig.lines[0]).toMatchObject({ by: 'query' });
  });
});
