import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../orders/model/order.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { CounterWorld, PIN } from '../../testing/counter-world.ts';
import { HERE } from '../../testing/staff-world.ts';

let t: TestContext;
let c: CounterWorld;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  c = await CounterWorld.open(t);
  return () => c.close();
});

describe('what was taken in cash today', () => {
  it('is told with what the float still covers, and is the asking cashier’s own', async () => {
    const ticket = await c.ticketOf();
    expect((await c.post('takings', { ticket })).body['code']).toBe('float.none');
    await c.opened();
    const order = await c.world.order(c.kiosk, c.world.household());
    const by = { staff: 'zhang', pin: PIN };
    await c.floats.cash.take(order, { terminalId: c.kiosk.terminalId, by }, HERE);
    // Sold meanwhile over another counter: this one's cash goes back.
    const card = c.world.household();
    const spoilt = await c.world.order(c.kiosk, card);
    const { meterNo, serial } = card;
    await c.world.grid.sell({ orderNo: 'counter', customerNo: 'x', meterNo, serial, faceFen: 100, count: 2 });
    c.world.clock.jump(1_000);
    await c.floats.cash.take(spoilt, { terminalId: c.kiosk.terminalId, by }, HERE);
    await c.world.pass(3_000);
    const sums = { committee: '天山一社区', balanceFen: 95_000, leftTodayFen: 45_000, takenTodayFen: 5_000 };
    // The float has it back; the notes are in the drawer until they are handed out.
    expect((await c.post('takings', { ticket })).body).toMatchObject({
      ...{ ...sums, mine: { takenFen: 10_000, backFen: 0, times: 2 }, waiting: { fen: 5_000, times: 1 } },
      entries: [
        { orderNo: spoilt._id, fen: 5_000, backFen: 0 },
        { orderNo: order._id, fen: 5_000, backFen: 0 },
      ],
    });
    const other = await c.ticketOf('cash');
    const refundNo = (await c.world.now(spoilt)).refunds[0]?.no;
    expect((await c.post('hand-outs', { ticket: other, refundNo, slip: '000117' })).status).toBe(200);
    expect((await c.post('takings', { ticket })).body).toMatchObject({
      ...{ ...sums, mine: { takenFen: 10_000, backFen: 0, times: 2 }, waiting: { fen: 0, times: 0 } },
      entries: [{ orderNo: spoilt._id, fen: 5_000, backFen: 5_000 }, { orderNo: order._id }],
    });
    expect((await c.post('takings', { ticket: other })).body).toMatchObject({
      ...{ takenTodayFen: 5_000, mine: { takenFen: 0, backFen: 5_000, times: 0 }, entries: [] },
    });
    c.world.clock.jump(86_400_000);
    const tomorrow = await c.ticketOf();
    expect((await c.post('takings', { ticket: tomorrow })).body).toMatchObject({ mine: { times: 0 } });
  });
});

describe('cash that waits at a counter', () => {
  it('is listed masked, the longest waiting first, and handed out once by staff who may take cash', async () => {
    await c.opened();
    const by = { staff: 'zhang', pin: PIN };
    const orders: Order[] = [];
    for (const terminal of [c.kiosk, c.neighbour]) {
      const card = c.world.household();
      const order = await c.world.order(terminal, card);
      const { meterNo, serial } = card;
      const elsewhere = { orderNo: `counter-${meterNo}`, customerNo: 'x', meterNo, serial, faceFen: 100 };
      await c.world.grid.sell({ ...elsewhere, count: 2 });
      await c.floats.cash.take(order, { terminalId: c.kiosk.terminalId, by }, HERE);
      await c.world.pass(3_000);
      orders.push(await c.world.now(order));
    }
    const ticket = await c.ticketOf('cash');
    const list = async () => (await c.post('cash-waiting', { ticket })).body;
    const [first] = orders;
    const refundNo = first?.refunds[0]?.no;
    expect(await list()).toMatchObject({
      waiting: { fen: 10_000, times: 2 },
      refunds: [
        {
          ...{ refundNo, orderNo: first?._id, fen: 5_000, reason: 'not-sold', here: true },
          household: first?.masked,
          receiptCode: c.world.services.receipts.codeOf(first?._id ?? ''),
        },
        { orderNo: orders[1]?._id, here: false },
      ],
    });
    expect(JSON.stringify(await list())).not.toContain(first?.customerNo);
    const give = (over: object = {}) => c.post('hand-outs', { ticket, refundNo, slip: '000117', ...over });
    expect(await give()).toMatchObject({
      status: 200,
      body: { slip: '000117', staff: c.numbers.get('cash') },
    });
    expect(await give()).toMatchObject({ status: 200, body: { slip: '000117' } });
    const second = await c.ticketOf('zhang');
    expect(await give({ ticket: second, slip: '000118' })).toMatchObject({
      status: 409,
      body: { code: 'refund.handed-out', present: { slip: '000117', staff: c.numbers.get('cash') } },
    });
    expect((await list())['waiting']).toEqual({ fen: 5_000, times: 1 });
    expect((await give({ slip: '' })).body['code']).toBe('request.malformed');
    expect((await give({ ticket: 'none' })).body['code']).toBe('staff.session-over');
    await c.access.stores.users.putRole({ _id: 'role-cash', permissions: ['order:read'] });
    expect((await give()).body['code']).toBe('auth.forbidden');
  });
});
