import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '../../access/password.ts';
import type { Permission } from '../../kernel/permissions.ts';
import { createCounter } from '../../wiring/counter.ts';
import type { Order } from '../../orders/model/order.ts';
import { FloatStore } from '../../money/float/float-store.ts';
import { createFloats, type FloatServices } from '../../wiring/float.ts';
import { CHEAP_HASH, openAccess, type TestAccess } from '../../testing/access.ts';
import { serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { MemoryOrderStore } from '../../testing/memory-orders.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import { ANNA, BORIS, HERE } from '../../testing/staff-world.ts';
import { terminalCounterRoutes } from './routes.ts';

const PIN = '274913';
const COMMUNITY = 'c00000000000000a1';
const PATH = ['province', '650100', COMMUNITY];

let t: TestContext;
let kiosk: FakeTerminal;
let neighbour: FakeTerminal;
let stranger: FakeTerminal;
let world: OrderWorld;
let access: TestAccess;
let floats: FloatServices;
let calls: AdminCalls;
/** Staff numbers by name. */
let numbers: Map<string, string>;

beforeAll(async () => {
  t = await openTestContext();
  kiosk = { ...(await fakeTerminal(`t${'5'.repeat(30)}`)), orgPath: PATH };
  neighbour = { ...(await fakeTerminal(`t${'6'.repeat(30)}`)), orgPath: PATH };
  stranger = { ...(await fakeTerminal(`t${'7'.repeat(30)}`)), orgPath: ['province', '653100'] };
});
afterAll(() => t.close());
beforeEach(async () => {
  await Promise.all((await t.db.listCollections()).map(({ name }) => t.db.collection(name).deleteMany({})));
  await t.redis.flushdb();
  t.db.deleteModel(/.*/u);
  world = await OrderWorld.open({ store: new MemoryOrderStore(), floatStore: new FloatStore(t.db) });
  access = await openAccess(t, world.clock);
  const { stores, approvals, audit } = access;
  const shared = {
    deps: { db: t.db, redis: t.redis, clock: world.clock },
    ...{ services: world.services, access: { approvals, audit, userStore: stores.users } },
  };
  const hash = (pin: string): Promise<string> => hashPassword(pin, CHEAP_HASH);
  floats = await createFloats({ ...shared, hash });
  numbers = new Map();
  await member('zhang', ['float:use', 'order:read'], COMMUNITY);
  await member('cash', ['float:use'], '650100');
  await member('away', ['float:use', 'order:read'], '653100');
  await member('nobody', ['bill:read'], COMMUNITY);
  calls = await at(kiosk);
  return () => calls.close();
});

async function member(name: string, permissions: Permission[], scope: string): Promise<void> {
  await access.stores.users.insert({
    ...{ _id: name, name, passwordHash: 'none', roles: [`role-${name}`], status: 'active', scope },
    createdAt: new Date(world.clock.now()),
  });
  await access.stores.users.putRole({ _id: `role-${name}`, permissions });
  numbers.set(name, await floats.pins.set(name, PIN));
}

/** The same endpoints as another terminal calls them. */
function at(terminal: FakeTerminal): Promise<AdminCalls> {
  const { stores, audit } = access;
  const counter = createCounter({
    deps: { db: t.db, redis: t.redis, clock: world.clock },
    ...{ services: world.services, access: { audit, userStore: stores.users }, floats },
  });
  return serveAdmin(terminalCounterRoutes(counter), world, terminal);
}

const post = async (path: string, body: object, by = calls) =>
  by.call('post', `/v1/terminal/staff/${path}`, { body });
const enter = (name = 'zhang', pin = PIN, by = calls) =>
  post('sessions', { staff: numbers.get(name) ?? name, pin }, by);
const ticketOf = async (name = 'zhang', by = calls) => String((await enter(name, PIN, by)).body['ticket']);
const search = async (ticket: string, of: object = {}, by = calls) =>
  post('orders/search', { ticket, list: 'recent', ...of }, by);
const numbersOf = (body: Record<string, unknown>) =>
  (body['orders'] as { orderNo: string }[]).map(({ orderNo }) => orderNo);

async function sold(terminal: FakeTerminal, card: FakeCard): Promise<Order> {
  const order = await world.paid(terminal, card);
  // Numbers are in the order of time, to the second.
  world.clock.jump(1_000);
  return order;
}

describe('staff at a terminal', () => {
  it('say who they are by number and PIN, which is in the trail without the PIN', async () => {
    expect(await enter()).toMatchObject({
      status: 201,
      body: { staff: 'zhang', may: { orders: true, cash: true }, orders: 'community' },
    });
    expect((await enter('cash')).body).toMatchObject({ may: { orders: false, cash: true } });
    const trail = await access.stores.audit.find({ limit: 5 });
    expect(trail.find(({ action }) => action === 'terminal.staff-mode')).toMatchObject({
      target: kiosk.terminalId,
    });
    expect(JSON.stringify(await t.db.collection('audit').find().toArray())).not.toContain(PIN);
  });

  it('of another organisation, without a permission, or with a wrong PIN, get nothing', async () => {
    expect((await enter('away')).body['code']).toBe('auth.forbidden');
    expect((await enter('nobody')).body['code']).toBe('auth.forbidden');
    for (let n = 0; n < 5; n += 1)
      expect((await enter('zhang', '000000')).body['code']).toBe('float.bad-pin');
    expect((await enter()).body['code']).toBe('request.rate-limited');
  });

  it('are asked again after ten idle minutes, after a shift, elsewhere, and once they have left', async () => {
    const ticket = await ticketOf();
    const [key = ''] = await t.redis.keys('counter:*');
    await t.redis.expire(key, 30);
    expect((await search(ticket)).status).toBe(200);
    // Used, it is good for as long as a new one.
    expect(await t.redis.ttl(key)).toBe(600);
    const there = await at(neighbour);
    expect((await search(ticket, {}, there)).body['code']).toBe('staff.session-over');
    await there.close();
    world.clock.jump(8 * 3_600_000);
    expect((await search(ticket)).body['code']).toBe('staff.session-over');
    const next = await ticketOf();
    expect((await post('sessions/end', { ticket: next })).status).toBe(204);
    expect((await post('sessions/end', { ticket: next })).status).toBe(204);
    expect((await search(next)).body['code']).toBe('staff.session-over');
  });

  it('lose it with the permission or the account, not ten minutes later', async () => {
    const ticket = await ticketOf('cash');
    expect((await search(ticket)).body['code']).toBe('auth.forbidden');
    await access.stores.users.putRole({ _id: 'role-cash', permissions: ['order:read'] });
    expect((await search(ticket)).status).toBe(200);
    await t.db.collection('users').updateOne({ name: 'cash' }, { $set: { status: 'disabled' } });
    expect((await search(ticket)).body['code']).toBe('staff.session-over');
  });
});

describe('the orders of a counter', () => {
  it('are the community’s, newest first, page by page, masked, and say what to do', async () => {
    const mine = await sold(kiosk, world.household());
    const theirs = await sold(neighbour, world.household());
    const away = await sold(stranger, world.household());
    const ticket = await ticketOf();
    const { body } = await search(ticket);
    expect(numbersOf(body)).toEqual([theirs._id, mine._id]);
    expect(body['orders']).toMatchObject([
      { here: false, state: 'sold', next: 'insert-card', household: mask(theirs) },
      { here: true, state: 'sold', next: 'insert-card', household: mask(mine) },
    ]);
    const first = await search(ticket, { limit: 1 });
    expect([numbersOf(first.body), first.body['next']]).toEqual([[theirs._id], theirs._id]);
    const second = await search(ticket, { limit: 1, after: theirs._id });
    expect([numbersOf(second.body), second.body['next']]).toEqual([[mine._id], null]);
    const read = (orderNo: string) => post('orders/read', { ticket, orderNo });
    expect((await read(away._id)).body['code']).toBe('order.not-found');
    expect((await read(mine._id)).body).toMatchObject({
      ...{ means: 'wechat', kind: 'card', refundFen: 0, writeFault: null, next: 'insert-card' },
      receiptCode: world.services.receipts.codeOf(mine._id),
      steps: [{ step: 'made' }, { step: 'paid' }, { step: 'sold' }],
    });
    expect(JSON.stringify(body)).not.toContain(mine.customerNo);
  });

  it('are this terminal’s alone where it stands in no community', async () => {
    const here = await sold(stranger, world.household());
    await sold(kiosk, world.household());
    const there = await at(stranger);
    const entered = await enter('away', PIN, there);
    expect(entered.body).toMatchObject({ orders: 'terminal' });
    const { body } = await search(String(entered.body['ticket']), {}, there);
    expect(numbersOf(body)).toEqual([here._id]);
    await there.close();
  });

  it('are unfinished until the card has them', async () => {
    const card = world.household();
    const waiting = await sold(kiosk, card);
    const other = world.household();
    await world.write(kiosk, other, await sold(kiosk, other));
    await world.offer(kiosk, world.household());
    const ticket = await ticketOf();
    const unfinished = async () => numbersOf((await search(ticket, { list: 'unfinished' })).body);
    expect(await unfinished()).toEqual([waiting._id]);
    await world.write(kiosk, card, waiting);
    expect(await unfinished()).toEqual([]);
    expect((await post('orders/read', { ticket, orderNo: waiting._id })).body).toMatchObject({
      ...{ state: 'done', next: 'check-card' },
    });
  });

  it('are found by receipt, order number, customer’s number and its last four digits', async () => {
    const mine = await sold(kiosk, world.household());
    await sold(kiosk, world.household());
    const away = await sold(stranger, world.household());
    const ticket = await ticketOf();
    const found = async (key: string) => numbersOf((await search(ticket, { key })).body);
    const code = world.services.receipts.codeOf(mine._id);
    expect(await found(code)).toEqual([mine._id]);
    expect(await found(` ${code.replaceAll('-', '').toLowerCase()} `)).toEqual([mine._id]);
    expect(await found(mine._id)).toEqual([mine._id]);
    expect(await found(`${mine._id}p1`)).toEqual([mine._id]);
    expect(await found(mine.customerNo)).toEqual([mine._id]);
    expect(await found(mine.customerNo.slice(-4))).toEqual([mine._id]);
    expect(await found(world.services.receipts.codeOf(away._id))).toEqual([]);
    expect(await found('?')).toEqual([]);
    world.clock.jump(91 * 86_400_000);
    const later = await ticketOf();
    expect(numbersOf((await search(later, { key: mine.customerNo.slice(-4) })).body)).toEqual([]);
  });

  it('that another terminal is writing are left to it', async () => {
    const card = world.household();
    const order = await sold(kiosk, card);
    await world.services.writes.release(order, neighbour, { image: card.read() });
    const ticket = await ticketOf();
    const read = () => post('orders/read', { ticket, orderNo: order._id });
    expect((await read()).body).toMatchObject({
      next: 'written-elsewhere',
      leaseUntil: expect.any(String) as string,
    });
    world.clock.jump(600_000);
    expect((await read()).body).toMatchObject({ next: 'insert-card', leaseUntil: null });
  });
});

/** A float that covers the kiosk. */
async function opened(): Promise<void> {
  const decide = (id: string) => access.approvals.decide({ id, checker: BORIS, accept: true, where: HERE });
  const request = {
    id: 'tianshan-1',
    name: '天山一社区',
    terminals: [kiosk.terminalId],
    reason: 'Opened.',
  };
  await decide((await floats.floats.requestSet({ ...request, dayLimitFen: 50_000 }, ANNA, HERE))._id);
  const topUp = { fen: 100_000, reference: 'bank-1', reason: 'It came.' };
  await decide((await floats.floats.requestTopUp('tianshan-1', topUp, { maker: ANNA, where: HERE }))._id);
}

describe('what was taken in cash today', () => {
  it('is told with what the float still covers, and is of whoever asks', async () => {
    const ticket = await ticketOf();
    expect((await post('takings', { ticket })).body['code']).toBe('float.none');
    await opened();
    const order = await world.order(kiosk, world.household());
    const by = { staff: 'zhang', pin: PIN };
    await floats.cash.take(order, { terminalId: kiosk.terminalId, by }, HERE);
    // Sold meanwhile over somebody else's counter: this one's cash goes back.
    const card = world.household();
    const spoilt = await world.order(kiosk, card);
    const { meterNo, serial } = card;
    await world.grid.sell({ orderNo: 'counter', customerNo: 'x', meterNo, serial, faceFen: 100, count: 2 });
    world.clock.jump(1_000);
    await floats.cash.take(spoilt, { terminalId: kiosk.terminalId, by }, HERE);
    await world.pass(3_000);
    const sums = { committee: '天山一社区', balanceFen: 95_000, leftTodayFen: 45_000, takenTodayFen: 5_000 };
    // The float has it back; the notes are in the drawer until somebody hands them out.
    expect((await post('takings', { ticket })).body).toMatchObject({
      ...{ ...sums, mine: { takenFen: 10_000, backFen: 0, times: 2 }, waiting: { fen: 5_000, times: 1 } },
      entries: [
        { orderNo: spoilt._id, fen: 5_000, backFen: 0 },
        { orderNo: order._id, fen: 5_000, backFen: 0 },
      ],
    });
    const other = await ticketOf('cash');
    const refundNo = (await world.now(spoilt)).refunds[0]?.no;
    expect((await post('hand-outs', { ticket: other, refundNo, slip: '000117' })).status).toBe(200);
    expect((await post('takings', { ticket })).body).toMatchObject({
      ...{ ...sums, mine: { takenFen: 10_000, backFen: 0, times: 2 }, waiting: { fen: 0, times: 0 } },
      entries: [{ orderNo: spoilt._id, fen: 5_000, backFen: 5_000 }, { orderNo: order._id }],
    });
    expect((await post('takings', { ticket: other })).body).toMatchObject({
      ...{ takenTodayFen: 5_000, mine: { takenFen: 0, backFen: 5_000, times: 0 }, entries: [] },
    });
    world.clock.jump(86_400_000);
    const tomorrow = await ticketOf();
    expect((await post('takings', { ticket: tomorrow })).body).toMatchObject({ mine: { times: 0 } });
  });
});

describe('cash that waits at a counter', () => {
  it('is listed masked, the longest waiting first, and handed out once by whoever may take cash', async () => {
    await opened();
    const by = { staff: 'zhang', pin: PIN };
    const orders: Order[] = [];
    for (const terminal of [kiosk, neighbour]) {
      const card = world.household();
      const order = await world.order(terminal, card);
      const { meterNo, serial } = card;
      const elsewhere = { orderNo: `counter-${meterNo}`, customerNo: 'x', meterNo, serial, faceFen: 100 };
      await world.grid.sell({ ...elsewhere, count: 2 });
      await floats.cash.take(order, { terminalId: kiosk.terminalId, by }, HERE);
      await world.pass(3_000);
      orders.push(await world.now(order));
    }
    const ticket = await ticketOf('cash');
    const list = async () => (await post('cash-waiting', { ticket })).body;
    const [first] = orders;
    const refundNo = first?.refunds[0]?.no;
    expect(await list()).toMatchObject({
      waiting: { fen: 10_000, times: 2 },
      refunds: [
        {
          ...{ refundNo, orderNo: first?._id, fen: 5_000, reason: 'not-sold', here: true },
          household: first?.masked,
          receiptCode: world.services.receipts.codeOf(first?._id ?? ''),
        },
        { orderNo: orders[1]?._id, here: false },
      ],
    });
    expect(JSON.stringify(await list())).not.toContain(first?.customerNo);
    const give = (over: object = {}) => post('hand-outs', { ticket, refundNo, slip: '000117', ...over });
    expect(await give()).toMatchObject({ status: 200, body: { slip: '000117', staff: numbers.get('cash') } });
    expect(await give()).toMatchObject({ status: 200, body: { slip: '000117' } });
    const second = await ticketOf('zhang');
    expect(await give({ ticket: second, slip: '000118' })).toMatchObject({
      status: 409,
      body: { code: 'refund.handed-out', present: { slip: '000117', staff: numbers.get('cash') } },
    });
    expect((await list())['waiting']).toEqual({ fen: 5_000, times: 1 });
    expect((await give({ slip: '' })).body['code']).toBe('request.malformed');
    expect((await give({ ticket: 'none' })).body['code']).toBe('staff.session-over');
    await access.stores.users.putRole({ _id: 'role-cash', permissions: ['order:read'] });
    expect((await give()).body['code']).toBe('auth.forbidden');
  });
});

function mask({ masked }: Order): Order['masked'] {
  return { ...masked };
}
