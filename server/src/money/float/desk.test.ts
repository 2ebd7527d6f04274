import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { Order } from '../../orders/model/order.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import { MemoryFloats, sampleFloat } from '../../testing/memory-counter.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { FloatDesk } from './desk.ts';
import type { CommitteeFloat, FloatEntry } from './float.ts';

const ORDER_NO = '260301100000000001';
const NO = `${ORDER_NO}p1`;
const REFUND = `${NO}r3`;
const FLOAT = 'tianshan-1';
const BACK = { refundNo: REFUND, paymentNo: NO, totalFen: 5000, refundFen: 5000, reason: 'x' } as never;

async function rig(over: Partial<CommitteeFloat> = {}) {
  const [store, clock] = [new MemoryFloats(), new ManualClock(Date.parse('2026-03-01T04:00:00Z'))];
  await store.insert(sampleFloat(over));
  const cash = samplePayment({ no: NO, channel: 'cash', float: FLOAT });
  const orders = new Map<string, Order>([[ORDER_NO, sampleOrder({ payments: [cash] })]]);
  const desk = new FloatDesk({
    store,
    clock,
    orders: { get: (no) => Promise.resolve(orders.get(no) ?? null) },
  });
  const take = (fen = 5000, paymentNo = NO) =>
    desk.take(FLOAT, { paymentNo, orderNo: ORDER_NO, fen, by: 'u1' });
  const float = (): CommitteeFloat => store.floats.get(FLOAT) ?? sampleFloat({ balanceFen: -1 });
  return { store, clock, orders, desk, take, float };
}
const TAKEN: FloatEntry = {
  ...{ _id: NO, float: FLOAT, kind: 'taken', orderNo: ORDER_NO, fen: 5000, by: 'u1' },
  ...{ debit: `float:${FLOAT}`, credit: 'payer:held', at: new Date('2026-03-01T04:00:00Z') },
};

describe('cash that is taken', () => {
  it('is the float’s entry under the payment’s number, once', async () => {
    const { take, float, clock } = await rig();
    expect(await take()).toEqual(TAKEN);
    clock.jump(1000);
    expect(await take(7)).toEqual(TAKEN);
    expect(float()).toMatchObject({ balanceFen: 95_000, dayFen: 5000, version: 2, recent: [TAKEN] });
  });

  it('is refused where the float does not pay, and then nothing is there', async () => {
    const { take, float, desk } = await rig({ frozen: true });
    expect(await take()).toBe('float.frozen');
    expect(float()).toMatchObject({ balanceFen: 100_000, version: 1, recent: [] });
    expect(await desk.find(FLOAT, NO)).toBeNull();
  });

  it('is evidence as that of any channel: pending, then succeeded or closed', async () => {
    const { take, desk } = await rig();
    expect(await desk.query(NO)).toEqual({ status: 'pending' });
    await take();
    const paid = { status: 'succeeded', transactionId: NO, amountFen: 5000, paidAt: TAKEN.at };
    expect(await desk.query(NO)).toEqual(paid);
    expect(await desk.close(NO)).toBe('paid');
    expect(await desk.query(NO)).toEqual(paid);
    const other = await rig();
    expect(await other.desk.close(NO)).toBe('closed');
    expect(await other.desk.query(NO)).toEqual({ status: 'closed' });
    expect(await other.desk.close(NO)).toBe('closed');
  });

  it('is taken no more under a number that was closed', async () => {
    const { take, desk, float } = await rig();
    await desk.close(NO);
    expect(await take()).toEqual({
      ...{ _id: NO, float: FLOAT, kind: 'closed', fen: 0, by: 'system', at: TAKEN.at },
      ...{ debit: `float:${FLOAT}`, credit: `float:${FLOAT}` },
    });
    expect(float().balanceFen).toBe(100_000);
  });

  it('is asked of its order’s float only', async () => {
    const { desk, orders } = await rig();
    const refused = { code: 'payment.refused', message: 'There is no cash payment of this number.' };
    for (const no of [`${ORDER_NO}p2`, '260301100000000002p1', 'topup-1', '']) {
      await expect(desk.query(no)).rejects.toThrow(PaymentError);
      await expect(desk.query(no)).rejects.toMatchObject(refused);
    }
    orders.set(ORDER_NO, sampleOrder({ payments: [samplePayment({ no: NO })] }));
    await expect(desk.close(NO)).rejects.toMatchObject(refused);
  });
});

describe('cash that is given back', () => {
  it('is in the float again, once, and frees what was taken today', async () => {
    const { take, desk, float } = await rig();
    await take();
    expect(await desk.queryRefund(REFUND, NO)).toEqual({ status: 'not-found' });
    for (let again = 0; again < 2; again += 1) {
      expect(await desk.refund(BACK)).toEqual({ status: 'done', refundFen: 5000 });
    }
    expect(await desk.queryRefund(REFUND, NO)).toEqual({ status: 'done', refundFen: 5000 });
    expect(float()).toMatchObject({ balanceFen: 100_000, dayFen: 0 });
    expect(await desk.find(FLOAT, REFUND)).toEqual({
      ...{ _id: REFUND, float: FLOAT, kind: 'given-back', fen: 5000, by: 'system', orderNo: ORDER_NO },
      ...{ debit: 'payer:refundable', credit: `float:${FLOAT}`, at: TAKEN.at },
    });
  });

  it('is none where none was taken under the payment’s number', async () => {
    const { desk } = await rig();
    const refused = { code: 'payment.refused', message: 'No cash was taken under this number.' };
    await expect(desk.refund(BACK)).rejects.toMatchObject(refused);
    await desk.close(NO);
    await expect(desk.refund(BACK)).rejects.toMatchObject(refused);
  });
});

describe('cash that is handed out', () => {
  const GIVEN = { refundNo: REFUND, orderNo: ORDER_NO, fen: 5000, slip: '000117', terminalId: 'T1' };
  const FACT = { at: TAKEN.at, by: 'u1', staff: '104817', terminalId: 'T1', slip: '000117' };
  const given = (over: object = {}) => ({ ...GIVEN, by: 'u1', staff: '104817', ...over });

  it('is written down under the refund’s number, once: another one is told who did it', async () => {
    const { desk, float, clock } = await rig();
    expect(await desk.findHandOut(FLOAT, REFUND)).toBeNull();
    expect(await desk.handOut(FLOAT, given())).toEqual(FACT);
    clock.jump(1000);
    expect(await desk.handOut(FLOAT, given({ slip: '000118', by: 'u2' }))).toEqual(FACT);
    expect(await desk.findHandOut(FLOAT, REFUND)).toEqual(FACT);
    expect(float().balanceFen).toBe(100_000);
    expect(float().recent).toEqual([
      {
        ...{ _id: `${REFUND}-out`, float: FLOAT, kind: 'handed-out', ...FACT, fen: 5000, orderNo: ORDER_NO },
        ...{ debit: 'household', credit: 'counter:T1' },
      },
    ]);
  });

  it('has a slip that no other has, among the newest entries and in the book', async () => {
    const { desk } = await rig();
    await desk.handOut(FLOAT, given());
    const second = given({ refundNo: `${NO}r4` });
    expect(await desk.handOut(FLOAT, second)).toBe('slip-used');
    await desk.book(FLOAT);
    expect(await desk.handOut(FLOAT, second)).toBe('slip-used');
    expect(await desk.findHandOut(FLOAT, `${NO}r4`)).toBeNull();
    expect(await desk.handOut(FLOAT, { ...second, slip: '000118' })).toMatchObject({ slip: '000118' });
  });

  it('reads as it is written, whatever an entry of before lacks', async () => {
    const { desk, store, float } = await rig();
    const bare: FloatEntry = { ...TAKEN, _id: `${REFUND}-out`, kind: 'handed-out' };
    store.floats.set(FLOAT, { ...float(), recent: [bare] });
    expect(await desk.findHandOut(FLOAT, REFUND)).toEqual({
      ...{ at: TAKEN.at, by: 'u1', staff: '', terminalId: '', slip: '' },
    });
  });
});

describe('a float’s book', () => {
  it('gets its entries once there are more than fifty, and none is lost or done again', async () => {
    const { desk, float, store } = await rig({ balanceFen: 1_000_000, dayLimitFen: 1_000_000 });
    const take = (n: number) => desk.take(FLOAT, { paymentNo: `p${n}`, orderNo: ORDER_NO, fen: 1, by: 'u1' });
    for (let n = 1; n <= 50; n += 1) await take(n);
    expect(float().recent).toHaveLength(50);
    await take(51);
    expect([float().recent, store.entries().length]).toEqual([[], 51]);
    const { version } = float();
    expect(version).toBe(1 + 51 + 1);
    expect(await take(7)).toMatchObject({ _id: 'p7' });
    await desk.book(FLOAT);
    expect([float().version, float().balanceFen]).toEqual([version, 1_000_000 - 51]);
  });

  it('leaves in the float what came meanwhile', async () => {
    const { desk, take, float, store } = await rig();
    await take();
    const book = store.book.bind(store);
    store.book = async (entries) => {
      await book(entries);
      store.floats.set(FLOAT, { ...float(), version: float().version + 1 });
    };
    await desk.book(FLOAT);
    expect(float().recent).toEqual([TAKEN]);
  });
});

describe('a float that others change', () => {
  it('is looked at again, and the entry is there once', async () => {
    const { store, take, float } = await rig();
    const replace = store.replace.bind(store);
    let races = 0;
    store.replace = (before, after) => {
      races += 1;
      if (races < 30) store.floats.set(FLOAT, { ...float(), version: float().version + 1 });
      return replace(before, after);
    };
    expect(await take()).toEqual(TAKEN);
    expect([races, float().balanceFen]).toEqual([30, 95_000]);
  });

  it('thirty times in a row is a fault that is told', async () => {
    const { store, take } = await rig();
    let races = 0;
    store.replace = () => {
      races += 1;
      return Promise.resolve('conflict');
    };
    await expect(take()).rejects.toThrow(`Float ${FLOAT} was changed by others 30 times in a row.`);
    expect(races).toBe(30);
  });

  it('is asked by one process in turn, each float by itself', async () => {
    const { store, desk, float } = await rig();
    await store.insert(sampleFloat({ _id: 'other', terminals: [] }));
    const replace = store.replace.bind(store);
    let conflicts = 0;
    store.replace = async (before, after) => {
      await Promise.resolve();
      const replaced = await replace(before, after);
      if (replaced === 'conflict') conflicts += 1;
      return replaced;
    };
    const take = (n: number) =>
      desk.take(n % 2 === 0 ? FLOAT : 'other', { paymentNo: `p${n}`, orderNo: ORDER_NO, fen: 1, by: 'u1' });
    await Promise.all(Array.from({ length: 20 }, (_, n) => take(n)));
    expect([conflicts, float().balanceFen, store.floats.get('other')?.balanceFen]).toEqual([
      0, 99_990, 99_990,
    ]);
  });

  it('is never gone', async () => {
    const { desk } = await rig();
    await expect(desk.find('gone', NO)).rejects.toThrow('There is no float gone. Floats are never deleted.');
  });
});
