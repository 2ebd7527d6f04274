import { beforeEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../../kernel/problem.ts';
import { COUNTER, FLOAT, MemoryCounter, PIN, sampleFloat } from '../../testing/memory-counter.ts';
import { codeOf } from '../../testing/problem-code.ts';
import { HERE } from '../../testing/staff-members.ts';
import type { Order } from '../../orders/model/order.ts';

let c: MemoryCounter;
beforeEach(async () => {
  c = await MemoryCounter.open();
});

const setFloat = (over: object): void => void c.floats.floats.set(FLOAT, { ...c.float(), ...over });
const offer = (order: Order, over: object = {}) =>
  c.cash().offer(order, { terminalId: COUNTER, staff: 'zhang', pin: PIN, ...over }, HERE);
const takeWith = (order: Order, ticket: object | '', terminalId = COUNTER) =>
  c.cash().take(order, { terminalId, by: { ticket: ticket === '' ? '' : JSON.stringify(ticket) } }, HERE);

const REFUSED: [string, () => void, string][] = [
  [
    'float.none',
    () => setFloat({ terminals: [] }),
    'No committee accepts cash at this terminal. Pay with a phone.',
  ],
  [
    'float.frozen',
    () => setFloat({ frozen: true }),
    "The committee's float is frozen. Ask finance, or pay with a phone.",
  ],
  [
    'float.empty',
    () => setFloat({ balanceFen: 4999 }),
    "The committee's float does not cover this. Have it topped up, or pay with a phone.",
  ],
  [
    'float.day-limit',
    () => setFloat({ dayLimitFen: 4999 }),
    "The committee's float has paid what it may in one day. Pay with a phone, or wait until tomorrow.",
  ],
];

describe('what staff are told before they take cash', () => {
  it('is whose float pays, how much it has, what is left today, and a ticket for this order here', async () => {
    const order = await c.order();
    const told = await offer(order);
    expect(told).toEqual({
      ...{ ticket: told.ticket, committee: '天山一社区', staff: 'zhang', takeFen: 5000 },
      ...{ balanceFen: 100_000, leftTodayFen: 50_000 },
    });
    expect(JSON.parse(told.ticket)).toEqual({ staff: 'u-zhang', terminalId: COUNTER, orderNo: order._id });
    await c.take(await c.order());
    expect(await offer(order)).toMatchObject({ balanceFen: 95_000, leftTodayFen: 45_000 });
    expect([c.float().balanceFen, (await c.world.now(order)).payments]).toEqual([95_000, []]);
  });

  it('is a sum in notes: of a bill’s odd fen the float pays what no note is for', async () => {
    const order = { ...(await c.order()), paidFen: 2_345 };
    expect(await offer(order)).toMatchObject({ takeFen: 2_340 });
  });

  it('is not less than nothing left today', async () => {
    const now = new Date(c.world.clock.now()).toISOString().slice(0, 10);
    setFloat({ dayLimitFen: 5000, day: now, dayFen: 0 });
    expect(await offer(await c.order())).toMatchObject({ leftTodayFen: 5000 });
  });

  it.each(REFUSED)('is that it would be refused: %s', async (code, change, message) => {
    const order = await c.order();
    change();
    const refused = offer(order);
    await expect(refused).rejects.toThrow(ProblemError);
    await expect(refused).rejects.toMatchObject({ code, message });
  });

  it('needs name, PIN and the permission', async () => {
    c.member('li', ['float:request']);
    const order = await c.order();
    expect(await codeOf(offer(order, { pin: '000000' }))).toBe('float.bad-pin');
    await expect(offer(order, { staff: 'li' })).rejects.toMatchObject({
      code: 'auth.forbidden',
      message: 'This needs the permission float:use. Ask an administrator for it.',
    });
  });

  it('is nothing of an order that is not to be paid', async () => {
    const order = await c.order();
    const sold = await c.take(order);
    expect(await codeOf(offer(sold))).toBe('order.already-paid');
    const other = await c.order();
    await c.world.services.orders.cancel(other);
    expect(await codeOf(offer(await c.world.now(other)))).toBe('order.closed');
  });
});

describe('cash that staff take', () => {
  it('pays the order from the float, which is written down first', async () => {
    const order = await c.order();
    const sold = await c.take(order);
    expect(sold).toMatchObject({
      state: 'sold',
      payments: [{ channel: 'cash', float: FLOAT, amountFen: 5000, status: 'succeeded', funds: true }],
    });
    const no = sold.payments[0]?.no;
    expect(sold.payments[0]?.transactionId).toBe(no);
    expect(c.float()).toMatchObject({
      ...{ balanceFen: 95_000, recent: [{ _id: no, kind: 'taken', by: 'u-zhang', orderNo: order._id }] },
    });
    expect(c.office.recorded).toMatchObject([
      {
        ...{ action: 'float.take-cash', target: order._id, who: { kind: 'admin', id: 'u-zhang' } },
        data: { float: FLOAT, fen: 5000, terminalId: COUNTER },
      },
    ]);
  });

  it('is taken once, however often it is asked for', async () => {
    const order = await c.order();
    const sold = await c.take(order);
    expect(await c.take(sold)).toBe(sold);
    expect([c.float().balanceFen, c.office.recorded.length]).toEqual([95_000, 1]);
    await Promise.allSettled([c.take(order), c.take(order)]);
    expect(c.float().balanceFen).toBe(95_000);
    expect((await c.world.now(order)).payments).toHaveLength(1);
  });

  it('is taken with a ticket for this order at this terminal, by one who may still take it', async () => {
    const order = await c.order();
    const ticket = { staff: 'u-zhang', terminalId: COUNTER, orderNo: order._id };
    const stale = {
      code: 'float.offer-stale',
      message: 'The offer has expired, or is for something else. Enter name and PIN again.',
      orderNo: order._id,
    };
    await expect(takeWith(order, '')).rejects.toMatchObject(stale);
    for (const over of [{ orderNo: '260301100000000009' }, { terminalId: 'T2' }, { staff: 'u-none' }]) {
      await expect(takeWith(order, { ...ticket, ...over })).rejects.toMatchObject(stale);
    }
    c.member('zhang', ['float:use'], 'disabled');
    await expect(takeWith(order, ticket)).rejects.toMatchObject(stale);
    c.member('zhang', []);
    expect(await codeOf(takeWith(order, ticket))).toBe('auth.forbidden');
    c.member('zhang', ['float:use']);
    expect((await takeWith(order, ticket)).state).toBe('sold');
  });

  it.each(REFUSED)(
    'is refused: %s; then nothing is taken, and a phone can pay',
    async (code, change, message) => {
      const order = await c.order();
      change();
      await expect(c.take(order)).rejects.toMatchObject({ code, message });
      expect(c.float().recent.filter(({ kind }) => kind === 'taken')).toEqual([]);
      const now = await c.world.now(order);
      const closed = code === 'float.none' ? [] : ['closed'];
      expect(now.payments.map(({ status }) => status)).toEqual(closed);
      expect((await c.world.payFor(order)).state).toBe('sold');
    },
  );

  it('is refused for an order that is paid by phone, or closed, before anything is written down', async () => {
    const order = await c.order();
    const paid = await c.world.payFor(order);
    expect(await codeOf(c.take(paid))).toBe('order.already-paid');
    const other = await c.order();
    await c.world.services.orders.cancel(other);
    expect(await codeOf(c.take(await c.world.now(other)))).toBe('order.closed');
    expect([c.office.recorded, c.float().balanceFen]).toEqual([[], 100_000]);
  });

  it('goes on with the payment that an attempt of before left open', async () => {
    const order = await c.order();
    const take = c.desk.take.bind(c.desk);
    c.desk.take = () => Promise.reject(new Error('The database is gone.'));
    await expect(c.take(order)).rejects.toThrow('The database is gone.');
    c.desk.take = take;
    const half = await c.world.now(order);
    expect(half.payments).toMatchObject([{ channel: 'cash', status: 'pending' }]);
    expect(await c.take(half)).toMatchObject({ state: 'sold', payments: [{ status: 'succeeded' }] });
  });

  it('pays also where a phone’s code is out, which is no payment of the float', async () => {
    const order = await c.world.services.orders.createPayment(await c.order(), 'wechat');
    const sold = await c.take(order);
    const cash = sold.payments.filter(({ channel }) => channel === 'cash');
    expect(cash).toMatchObject([{ status: 'succeeded', funds: true }]);
    expect([sold.state, c.float().recent.map(({ _id }) => _id)]).toEqual(['sold', [cash[0]?.no]]);
    // Beside money that a phone paid as well, the receipt is the cash's.
    const phone = sold.payments.map((each) => ({ ...each, status: 'succeeded' as const }));
    expect(await c.cash().receipt({ ...sold, payments: phone })).toMatchObject({
      takenFen: 5000,
      staff: 'zhang',
    });
  });

  it('begins anew where that one has run out', async () => {
    const order = await c.order();
    const take = c.desk.take.bind(c.desk);
    c.desk.take = () => Promise.reject(new Error('The database is gone.'));
    await c.take(order).catch(() => undefined);
    c.desk.take = take;
    const [first] = (await c.world.now(order)).payments;
    c.world.clock.jump((first?.expiresAt.getTime() ?? 0) - c.world.clock.now());
    const sold = await c.take(await c.world.now(order));
    expect(sold.payments).toHaveLength(2);
    expect(c.float().recent.filter(({ kind }) => kind === 'taken')).toMatchObject([
      { _id: sold.payments[1]?.no },
    ]);
  });

  it('is not taken under a number that was given up meanwhile', async () => {
    const order = await c.order();
    const take = c.desk.take.bind(c.desk);
    c.desk.take = async (id, taken) => {
      await c.desk.close(taken.paymentNo);
      return take(id, taken);
    };
    await expect(c.take(order)).rejects.toMatchObject({
      ...{
        code: 'order.closed',
        message: 'This attempt to pay was given up. Try again.',
        orderNo: order._id,
      },
    });
    expect(c.float().balanceFen).toBe(100_000);
  });
});

describe('the receipt for cash', () => {
  it('says who took how much, and that nothing is to be handed back', async () => {
    const order = await c.order();
    expect(await c.cash().receipt(order)).toBeUndefined();
    const at = new Date(c.world.clock.now()).toISOString();
    const sold = await c.take(order);
    expect(await c.cash().receipt(sold)).toEqual({
      ...{ orderNo: order._id, receiptCode: c.world.services.receipts.codeOf(order._id) },
      ...{ committee: '天山一社区', staff: 'zhang', takenFen: 5000, takenAt: at, handBackFen: 0 },
    });
  });

  it('says what is to be handed back until it was', async () => {
    const { order, refund } = await c.refused();
    const handBack = async (over: object): Promise<number | undefined> =>
      (await c.cash().receipt({ ...order, refunds: [{ ...refund, ...over }] }))?.handBackFen;
    expect(await handBack({})).toBe(5000);
    expect(await handBack({ status: 'sent', handOut: undefined })).toBe(5000);
    for (const status of ['rejected', 'requested']) expect(await handBack({ status })).toBe(0);
    expect(await handBack({ paymentNo: 'of another payment' })).toBe(0);
    expect(await handBack({ handOut: { status: 'handed-out' } })).toBe(0);
    const two = [refund, { ...refund, no: 'r9', fen: 300 }];
    expect((await c.cash().receipt({ ...order, refunds: two }))?.handBackFen).toBe(5300);
  });

  it('is none of what was not paid in cash', async () => {
    const order = await c.order();
    expect(await c.cash().receipt(await c.world.payFor(order))).toBeUndefined();
    const sold = await c.take(await c.order());
    const payments = sold.payments.map((each) => ({ ...each, status: 'closed' as const }));
    expect(await c.cash().receipt({ ...sold, payments })).toBeUndefined();
    const bare = sold.payments.map(({ float: _, ...rest }) => rest);
    expect(await c.cash().receipt({ ...sold, payments: bare })).toBeUndefined();
  });

  it('is there also where names are not known any more', async () => {
    const sold = await c.take(await c.order());
    c.users.clear();
    expect(await c.cash().receipt(sold)).toMatchObject({ committee: '天山一社区', staff: '' });
    const store = { get: () => Promise.resolve(null), byTerminal: () => Promise.resolve(null) };
    expect(await c.cash({ store }).receipt(sold)).toMatchObject({ committee: FLOAT });
    c.floats.floats.set(FLOAT, sampleFloat());
    const [payment] = sold.payments;
    const { paidAt: _, ...unpaid } = payment ?? { paidAt: undefined };
    const payments = [unpaid] as unknown as Order['payments'];
    expect(await c.cash().receipt({ ...sold, payments })).toMatchObject({
      ...{ staff: '', takenAt: payment?.createdAt.toISOString() },
    });
  });
});
