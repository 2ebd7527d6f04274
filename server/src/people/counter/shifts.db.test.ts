import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { terminalCashRoutes } from '../../money/float/cash-routes.ts';
import { serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { CounterWorld, PIN } from '../../testing/counter-world.ts';

const MINUTE_MS = 60_000;
let t: TestContext;
let c: CounterWorld;
let cash: AdminCalls;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  c = await CounterWorld.open(t);
  const { orders, codes } = c.world.services;
  cash = await serveAdmin(terminalCashRoutes({ cash: c.floats.cash, orders, codes }), c.world, c.kiosk);
  return async () => {
    await cash.close();
    await c.close();
  };
});

const order = () => c.world.order(c.kiosk, c.world.household());
const offer = (orderNo: string, body: object) =>
  cash.call('post', `/v1/terminal/orders/${orderNo}/cash-offer`, { body });
const take = (orderNo: string, body: object) =>
  cash.call('post', `/v1/terminal/orders/${orderNo}/cash`, { body });
async function begun(name = 'zhang'): Promise<{ ticket: string; shift: string }> {
  const { body } = await c.begin(name);
  const { id } = body['shift'] as { id: string };
  return { ticket: String(body['ticket']), shift: id };
}
const read = async (ticket: string) => (await c.post('shifts/read', { ticket })).body;
const close = (of: { ticket: string; shift: string }, over: object = {}) =>
  c.post('shifts/close', { ...of, counted: [], leftFen: 0, ...over });
const SUMS = { openingFen: 0, takenFen: 0, times: 0, backFen: 0, backTimes: 0, drawerFen: 0 };

describe('a shift over HTTP', () => {
  it('begins with one sign-in, and says when the PIN is asked for again', async () => {
    await c.opened();
    const first = await c.begin();
    expect(first).toMatchObject({
      status: 201,
      body: {
        ...{ staff: 'zhang', may: { orders: true, cash: true }, orders: 'community', shift: SUMS },
        ...{ pinAfterMs: 300_000, pinAboveFen: 50_000 },
      },
    });
    expect((await c.begin()).body['shift']).toEqual(first.body['shift']);
    const trail = await c.access.stores.audit.find({ limit: 9 });
    expect(trail.filter(({ action }) => action === 'shift.opened')).toHaveLength(1);
    expect(trail.filter(({ action }) => action === 'terminal.staff-mode')).toHaveLength(2);
    expect(JSON.stringify(await t.db.collection('audit').find().toArray())).not.toContain(PIN);
  });

  it('has no drawer where no committee takes cash, or the person takes none', async () => {
    expect((await c.begin()).body['shift']).toBeNull();
    await c.opened();
    await c.access.stores.users.putRole({ _id: 'role-zhang', permissions: ['order:read'] });
    const { body } = await c.begin();
    expect(body).toMatchObject({ may: { cash: false }, shift: null });
    expect((await c.search(String(body['ticket']))).status).toBe(200);
    expect((await c.begin('nobody')).body['code']).toBe('auth.forbidden');
  });

  it('takes household after household without a PIN, and adds it up', async () => {
    await c.opened();
    const { ticket } = await begun();
    for (let n = 1; n <= 3; n += 1) {
      const { _id } = await order();
      const offered = await offer(_id, { shift: ticket });
      expect(offered).toMatchObject({ status: 200, body: { staff: 'zhang', takeFen: 5_000 } });
      const taken = { ticket: offered.body['ticket'] };
      expect(await take(_id, taken)).toMatchObject({ status: 200, body: { state: 'sold' } });
      expect((await take(_id, taken)).status).toBe(200);
      expect((await read(ticket))['shift']).toMatchObject({ takenFen: n * 5_000, times: n });
      c.world.clock.jump(4 * MINUTE_MS);
    }
    expect((await c.post('takings', { ticket })).body).toMatchObject({
      mine: { takenFen: 15_000, times: 3 },
    });
  });

  it('gives a household its cash back out of the drawer of whoever hands it out', async () => {
    await c.opened();
    const [zhang, li] = [await begun(), await begun('cash')];
    const card = c.world.household();
    const spoilt = await c.world.order(c.kiosk, card);
    // Sold meanwhile over another counter: this one's cash goes back.
    const { meterNo, serial } = card;
    await c.world.grid.sell({ orderNo: 'counter', customerNo: 'x', meterNo, serial, faceFen: 100, count: 2 });
    const offered = await offer(spoilt._id, { shift: zhang.ticket });
    await take(spoilt._id, { ticket: offered.body['ticket'] });
    await c.world.pass(3_000);
    const refundNo = (await c.world.now(spoilt)).refunds[0]?.no;
    const give = (ticket: string, of = refundNo) =>
      c.post('hand-outs', { ticket, refundNo: of, slip: '000117' });
    expect((await give(li.ticket)).status).toBe(200);
    expect((await give(li.ticket)).status).toBe(200);
    expect((await read(li.ticket))['shift']).toMatchObject({
      backFen: 5_000,
      backTimes: 1,
      drawerFen: -5_000,
    });
    expect((await read(zhang.ticket))['shift']).toMatchObject({ takenFen: 5_000, times: 1, backFen: 0 });
    // What is written down stays so after the count.
    expect((await close(li)).body).toMatchObject({ drawerFen: -5_000, differenceFen: 5_000 });
    const again = await begun('cash');
    expect((await give(again.ticket)).status).toBe(200);
    expect((await read(again.ticket))['shift']).toMatchObject({ backFen: 0, backTimes: 0 });
  });

  it('is one with two tickets where the same clerk signs in twice, and both are over with it', async () => {
    await c.opened();
    const [one, two] = [await begun(), await begun()];
    expect([two.shift, two.ticket === one.ticket]).toEqual([one.shift, false]);
    for (const { ticket } of [one, two]) {
      const { _id } = await order();
      const offered = await offer(_id, { shift: ticket });
      expect((await take(_id, { ticket: offered.body['ticket'] })).status).toBe(200);
    }
    const closed = await close(one, { counted: [{ fen: 10_000, pieces: 1 }] });
    expect(closed).toMatchObject({ status: 200, body: { takenFen: 10_000, times: 2, differenceFen: 0 } });
    expect(await read(two.ticket)).toEqual({ shift: null });
    expect((await offer((await order())._id, { shift: two.ticket })).body['code']).toBe('shift.none');
    // The second window asks for the end, too, and hears what it was; then its ticket is over as well.
    expect((await close(two)).body).toEqual(closed.body);
    expect(await read(two.ticket)).toMatchObject({ code: 'staff.session-over' });
  });

  it('lies idle for five minutes and wants the PIN, to everything but the PIN and the end', async () => {
    await c.opened();
    const { ticket, shift } = await begun();
    c.world.clock.jump(5 * MINUTE_MS);
    const { _id } = await order();
    const asked = [
      await c.search(ticket),
      await c.post('orders/read', { ticket, orderNo: _id }),
      await c.post('takings', { ticket }),
      await c.post('cash-waiting', { ticket }),
      await c.post('hand-outs', { ticket, refundNo: `${_id}p1r3`, slip: '000117' }),
      await c.post('shifts/read', { ticket }),
      await close({ ticket, shift }),
      await offer(_id, { shift: ticket }),
    ];
    expect(asked.map(({ status, body }) => [status, body['code']])).toEqual(
      asked.map(() => [403, 'staff.pin-needed']),
    );
    const pin = (of: string) => c.post('sessions/pin', { ticket, pin: of });
    expect((await pin('000000')).body['code']).toBe('float.bad-pin');
    expect((await c.search(ticket)).body['code']).toBe('staff.pin-needed');
    expect((await pin(PIN)).status).toBe(204);
    expect((await c.search(ticket)).status).toBe(200);
    expect((await read(ticket))['shift']).toMatchObject({ id: shift });
    c.world.clock.jump(5 * MINUTE_MS);
    expect((await c.post('sessions/end', { ticket })).status).toBe(204);
    expect((await pin(PIN)).body['code']).toBe('staff.session-over');
    // The drawer is as it was.
    expect((await c.begin()).body['shift']).toMatchObject({ id: shift });
  });

  it('is locked for who guesses, at the sign-in, the PIN and the offer alike', async () => {
    await c.opened();
    const { ticket } = await begun();
    const { _id } = await order();
    for (let n = 0; n < 3; n += 1) {
      expect((await c.post('sessions/pin', { ticket, pin: '000000' })).body['code']).toBe('float.bad-pin');
    }
    for (let n = 0; n < 2; n += 1) {
      expect((await offer(_id, { shift: ticket, pin: '000000' })).body['code']).toBe('float.bad-pin');
    }
    expect((await c.post('sessions/pin', { ticket, pin: PIN })).body['code']).toBe('request.rate-limited');
    expect((await offer(_id, { shift: ticket, pin: PIN })).body['code']).toBe('request.rate-limited');
    expect((await c.begin()).body['code']).toBe('request.rate-limited');
    // Who does not guess goes on.
    expect((await offer(_id, { shift: ticket })).status).toBe(200);
  });

  it('ends with permission or account, and after twelve hours; elsewhere it is nothing', async () => {
    await c.opened();
    const { ticket } = await begun('cash');
    const there = await c.at(c.neighbour);
    expect((await c.post('shifts/read', { ticket }, there)).body['code']).toBe('staff.session-over');
    await there.close();
    await c.access.stores.users.putRole({ _id: 'role-cash', permissions: ['order:read'] });
    expect(await read(ticket)).toMatchObject({ code: 'auth.forbidden' });
    expect((await offer((await order())._id, { shift: ticket })).body['code']).toBe('auth.forbidden');
    await c.access.stores.users.putRole({ _id: 'role-cash', permissions: ['float:use'] });
    await t.db.collection('users').updateOne({ name: 'cash' }, { $set: { scope: '653100' } });
    expect(await read(ticket)).toMatchObject({ code: 'auth.forbidden' });
    expect((await offer((await order())._id, { shift: ticket })).body['code']).toBe('auth.forbidden');
    await t.db.collection('users').updateOne({ name: 'cash' }, { $set: { scope: '650100' } });
    expect((await read(ticket))['shift']).not.toBeNull();
    await t.db.collection('users').updateOne({ name: 'cash' }, { $set: { status: 'disabled' } });
    expect(await read(ticket)).toMatchObject({ code: 'staff.session-over' });
    const next = await begun();
    c.world.clock.jump(12 * 60 * MINUTE_MS);
    expect(await read(next.ticket)).toMatchObject({ code: 'staff.session-over' });
  });

  it('is closed by its clerk with what they counted; the answer is the same again', async () => {
    await c.opened();
    const [zhang, li] = [await begun(), await begun('cash')];
    const { _id } = await order();
    const offered = await offer(_id, { shift: zhang.ticket });
    await take(_id, { ticket: offered.body['ticket'] });
    const waiting = await order();
    const late = await offer(waiting._id, { shift: zhang.ticket });
    expect((await close({ ...li, shift: zhang.shift })).body['code']).toBe('shift.none');
    const counted = [
      { fen: 2_000, pieces: 2 },
      { fen: 500, pieces: 1 },
    ];
    for (const bad of [
      { counted: [counted[0], counted[0]] },
      { counted, leftFen: 4_501 },
      { counted: [{ fen: 200, pieces: 1 }] },
    ]) {
      expect((await close(zhang, bad)).body['code']).toBe('request.malformed');
    }
    const closed = await close(zhang, { counted, leftFen: 1_000 });
    expect(closed).toMatchObject({
      status: 200,
      body: {
        ...{ id: zhang.shift, staff: c.numbers.get('zhang'), committee: '天山一社区' },
        ...{ terminalId: c.kiosk.terminalId, takenFen: 5_000, times: 1, drawerFen: 5_000 },
        ...{ counted, countedFen: 4_500, differenceFen: -500, leftFen: 1_000, handedInFen: 3_500 },
      },
    });
    expect((await close(zhang)).body).toEqual(closed.body);
    expect((await c.search(zhang.ticket)).body['code']).toBe('staff.session-over');
    expect((await offer(waiting._id, { shift: zhang.ticket })).body['code']).toBe('staff.session-over');
    expect(await take(waiting._id, { ticket: late.body['ticket'] })).toMatchObject({
      ...{ status: 409, body: { code: 'shift.none' } },
    });
    expect((await c.begin()).body['shift']).toMatchObject({ openingFen: 1_000, takenFen: 0 });
    expect((await read(li.ticket))['shift']).toMatchObject({ id: li.shift, openingFen: 0 });
    const trail = await c.access.stores.audit.find({ limit: 30 });
    expect(trail.filter(({ action }) => action === 'shift.closed')).toMatchObject([
      { target: zhang.shift, data: { drawerFen: 5_000, countedFen: 4_500, leftFen: 1_000 } },
    ]);
  });
});

describe('a kiosk of the version before', () => {
  it('signs in without a shift, for ten idle minutes, and takes cash by name and PIN', async () => {
    await c.opened();
    const { body } = await c.enter();
    expect(body).toMatchObject({ shift: null, pinAfterMs: 600_000, pinAboveFen: 0 });
    const ticket = String(body['ticket']);
    c.world.clock.jump(9 * MINUTE_MS);
    expect((await c.search(ticket)).status).toBe(200);
    expect((await c.post('sessions/pin', { ticket, pin: PIN })).body['code']).toBe('staff.session-over');
    expect((await offer((await order())._id, { shift: ticket })).body['code']).toBe('staff.session-over');
    expect(await read(ticket)).toEqual({ shift: null });
    expect((await close({ ticket, shift: '00000000-0000-4000-8000-000000000000' })).body['code']).toBe(
      'staff.session-over',
    );
    const { _id } = await order();
    const offered = await offer(_id, { staff: c.numbers.get('zhang'), pin: PIN });
    expect(await take(_id, { ticket: offered.body['ticket'] })).toMatchObject({ body: { state: 'sold' } });
    expect((await c.post('takings', { ticket })).body).toMatchObject({ mine: { takenFen: 5_000, times: 1 } });
  });
});
