import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '../../access/password.ts';
import type { Permission } from '../../kernel/permissions.ts';
import type { Order } from '../../orders/model/order.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { CHEAP_HASH, openAccess, type TestAccess } from '../../testing/access.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { crashing } from '../../testing/crashing-store.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { MemoryOrderStore } from '../../testing/memory-orders.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import { ANNA, BORIS, HERE } from '../../testing/staff-world.ts';
import type { FloatDesk } from './desk.ts';
import { withEntry, type CommitteeFloat, type FloatEntry } from './float.ts';
import { FloatStore } from './float-store.ts';
import { StaffPins } from './pins.ts';
import { createFloats, type FloatServices } from '../../wiring/float.ts';

const PIN = '274913';
const TERMINAL = `t${'5'.repeat(30)}`;

let t: TestContext;
let kiosk: FakeTerminal;
let world: OrderWorld;
let access: TestAccess;
let float: FloatServices;
let store: FloatStore;
let desk: FloatDesk;
let dies: () => 'no' | 'before' | 'after';
beforeAll(async () => {
  t = await openTestContext();
  kiosk = await fakeTerminal(TERMINAL);
});
afterAll(() => t.close());
beforeEach(async () => {
  for (const { name } of await t.db.listCollections()) await t.db.collection(name).deleteMany({});
  t.db.deleteModel(/.*/u);
  await t.redis.flushdb();
  dies = () => 'no';
  store = new FloatStore(t.db);
  world = await OrderWorld.open({
    store: crashing(new MemoryOrderStore(), () => dies()),
    floatStore: store,
  });
  access = await openAccess(t, world.clock);
  const { stores, approvals, audit } = access;
  float = await createFloats({
    deps: { db: t.db, redis: t.redis, clock: world.clock },
    services: world.services,
    access: { approvals, audit, userStore: stores.users },
    hash: (pin) => hashPassword(pin, CHEAP_HASH),
  });
  if (world.services.floats === undefined) throw new Error('The world has no floats.');
  desk = world.services.floats;
  await member('zhang', ['float:use']);
  await float.pins.set('zhang', PIN);
});

async function member(name: string, permissions: Permission[]): Promise<void> {
  await access.stores.users.insert({
    ...{ _id: name, name, passwordHash: 'none', roles: [`role-${name}`], status: 'active' },
    createdAt: new Date(world.clock.now()),
  });
  await access.stores.users.putRole({ _id: `role-${name}`, permissions });
}

const decide = (id: string) => access.approvals.decide({ id, checker: BORIS, accept: true, where: HERE });

async function set(over: { dayLimitFen?: number; frozen?: boolean } = {}): Promise<void> {
  const request = { id: 'tianshan-1', name: '天山一社区', terminals: [TERMINAL], reason: 'Opened.' };
  const asked = await float.floats.requestSet({ ...request, dayLimitFen: 50_000, ...over }, ANNA, HERE);
  await decide(asked._id);
}

async function opened(fen = 100_000, dayLimitFen = 50_000): Promise<void> {
  await set({ dayLimitFen });
  const topUp = { fen, reference: 'bank-1', reason: 'It came.' };
  await decide((await float.floats.requestTopUp('tianshan-1', topUp, { maker: ANNA, where: HERE }))._id);
}

interface Over {
  readonly terminalId?: string;
  readonly staff?: string;
  readonly pin?: string;
}
const take = (order: Order, { terminalId = TERMINAL, ...over }: Over = {}) =>
  float.cash.take(order, { terminalId, by: { staff: 'zhang', pin: PIN, ...over } }, HERE);
const offer = (order: Order, over: Over = {}) =>
  float.cash.offer(order, { terminalId: TERMINAL, staff: 'zhang', pin: PIN, ...over });
const takeWith = (order: Order, ticket: string, terminalId = TERMINAL) =>
  float.cash.take(order, { terminalId, by: { ticket } }, HERE);
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
  );

async function balance(): Promise<number> {
  return (await store.get('tianshan-1'))?.balanceFen ?? -1;
}

/** What the entries say: the same as the balance, always. */
async function summed(): Promise<number> {
  const entries = await float.floats.entries('tianshan-1');
  return entries.reduce((sum, { debit, credit, fen }) => {
    return sum + (credit === 'float:tianshan-1' ? fen : 0) - (debit === 'float:tianshan-1' ? fen : 0);
  }, 0);
}

/** Sold meanwhile over somebody else's counter: the grid will refuse. */
async function spoil(card: FakeCard): Promise<void> {
  const { meterNo, serial } = card;
  await world.grid.sell({ orderNo: 'counter', customerNo: 'x', meterNo, serial, faceFen: 100, count: 2 });
}

describe('cash at a counter', () => {
  it('buys like any other payment, and the float pays for it', async () => {
    await opened();
    const card = world.household();
    const sold = await take(await world.order(kiosk, card));
    expect(sold).toMatchObject({
      state: 'sold',
      payments: [{ channel: 'cash', funds: true, float: 'tianshan-1' }],
    });
    expect([await balance(), await summed()]).toEqual([95_000, 95_000]);
    expect(world.view(sold).payment).toMatchObject({ channel: 'cash', codeUrl: null, status: 'succeeded' });
    expect(await float.cash.receipt(sold)).toMatchObject({
      ...{ committee: '天山一社区', staff: 'zhang', takenFen: 5_000, handBackFen: 0 },
    });
    const done = await world.write(kiosk, card, sold);
    expect([done.state, done.dueAt, world.meterOf(card).insert(card)]).toEqual(['done', null, 5_000]);
    const trail = await access.stores.audit.find({ limit: 20 });
    expect(trail.map(({ action }) => action)).toContain('float.take-cash');
    expect(JSON.stringify(await t.db.collection('audit').find().toArray())).not.toContain(PIN);
  });

  it('is credited back to the float when the sale is refused, and the receipt says what to hand back', async () => {
    await opened();
    const card = world.household();
    const order = await world.order(kiosk, card);
    await spoil(card);
    await take(order);
    await world.pass(3_000);
    const refunded = await world.now(order);
    expect(refunded).toMatchObject({ state: 'refunded', dueAt: null });
    expect([await balance(), await summed()]).toEqual([100_000, 100_000]);
    expect(await float.cash.receipt(refunded)).toMatchObject({ takenFen: 5_000, handBackFen: 5_000 });
    expect((await store.get('tianshan-1'))?.dayFen).toBe(0);
  });

  it('is taken once, however often it is asked for and by how many at once', async () => {
    await opened();
    const order = await world.order(kiosk, world.household());
    await Promise.all([take(order), take(order), take(order)].map((each) => each.catch(() => undefined)));
    expect((await take(await world.now(order))).state).toBe('sold');
    expect((await world.now(order)).payments.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
    expect([await balance(), await summed()]).toEqual([95_000, 95_000]);
  });

  it('never takes a float below zero, nor beyond its day; what was refused can be paid by phone', async () => {
    await opened(6_000, 8_000);
    const [first, second] = [
      await world.order(kiosk, world.household()),
      await world.order(kiosk, world.household()),
    ];
    await take(first);
    expect(await codeOf(take(second))).toBe('float.empty');
    const topUp = { fen: 20_000, reference: 'bank-2', reason: 'More came.' };
    await decide((await float.floats.requestTopUp('tianshan-1', topUp, { maker: ANNA, where: HERE }))._id);
    expect(await codeOf(take(await world.now(second)))).toBe('float.day-limit');
    expect((await world.now(second)).payments.map(({ status }) => status)).toEqual(['closed', 'closed']);
    expect(await balance()).toBe(21_000);
    expect((await world.payFor(second)).state).toBe('sold');
    world.clock.jump(24 * 3_600_000);
    expect((await take(await world.order(kiosk, world.household()))).state).toBe('sold');
    expect([await balance(), await summed()]).toEqual([16_000, 16_000]);
  });

  it('is given back when a phone had paid as well', async () => {
    await opened();
    const order = await world.services.orders.createPayment(
      await world.order(kiosk, world.household()),
      'wechat',
    );
    await take(order);
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    await world.notify(`${order._id}p1`);
    await world.pass(5_000);
    expect(await world.now(order)).toMatchObject({ state: 'sold', refunds: [{ reason: 'double-payment' }] });
    expect([...world.wechat.refunds.values()]).toMatchObject([{ fen: 5_000 }]);
    expect(await balance()).toBe(95_000);
  });

  it('is taken only where a committee takes it', async () => {
    await opened();
    const order = await world.order(kiosk, world.household());
    expect(await codeOf(take(order, { terminalId: `t${'6'.repeat(30)}` }))).toBe('float.none');
    await world.services.orders.cancel(order);
    expect(await codeOf(take(await world.now(order)))).toBe('order.closed');
  });
});

describe('what staff are told before they take it', () => {
  it('is the amount, what the float holds and what is left of its day; the ticket stands for the PIN', async () => {
    await opened(100_000, 12_000);
    await take(await world.order(kiosk, world.household()));
    const order = await world.order(kiosk, world.household());
    const told = await offer(order);
    expect(told).toMatchObject({
      ...{ committee: '天山一社区', staff: 'zhang', takeFen: 5_000, balanceFen: 95_000, leftTodayFen: 7_000 },
    });
    expect([await balance(), (await world.now(order)).payments]).toEqual([95_000, []]);
    const sold = await takeWith(order, told.ticket);
    expect(sold.state).toBe('sold');
    expect((await takeWith(await world.now(order), told.ticket)).version).toBe(sold.version);
    expect(await balance()).toBe(90_000);
    world.clock.jump(24 * 3_600_000);
    expect(await offer(await world.order(kiosk, world.household()))).toMatchObject({ leftTodayFen: 12_000 });
  });

  it('is refused where taking it would be', async () => {
    await opened(6_000, 8_000);
    const order = await world.order(kiosk, world.household());
    expect(await codeOf(offer(order, { pin: '000000' }))).toBe('float.bad-pin');
    expect(await codeOf(offer(order, { terminalId: `t${'6'.repeat(30)}` }))).toBe('float.none');
    await take(await world.order(kiosk, world.household()));
    expect(await codeOf(offer(order))).toBe('float.empty');
    const topUp = { fen: 20_000, reference: 'bank-2', reason: 'More came.' };
    await decide((await float.floats.requestTopUp('tianshan-1', topUp, { maker: ANNA, where: HERE }))._id);
    expect(await codeOf(offer(order))).toBe('float.day-limit');
    await world.payFor(order);
    expect(await codeOf(offer(await world.now(order)))).toBe('order.already-paid');
  });

  it('is good for one order at one terminal, by somebody who may still take cash', async () => {
    await opened();
    const [order, other] = [
      await world.order(kiosk, world.household()),
      await world.order(kiosk, world.household()),
    ];
    const { ticket } = await offer(order);
    expect(await codeOf(takeWith(other, ticket))).toBe('float.offer-stale');
    expect(await codeOf(takeWith(order, ticket, `t${'6'.repeat(30)}`))).toBe('float.offer-stale');
    expect(await codeOf(takeWith(order, 'no-ticket'))).toBe('float.offer-stale');
    await access.stores.users.putRole({ _id: 'role-zhang', permissions: [] });
    expect(await codeOf(takeWith(order, ticket))).toBe('auth.forbidden');
    await access.stores.users.putRole({ _id: 'role-zhang', permissions: ['float:use'] });
    await access.stores.users.edit('zhang', 0, { status: 'disabled' });
    expect(await codeOf(takeWith(order, ticket))).toBe('float.offer-stale');
    await access.stores.users.edit('zhang', 1, { status: 'active' });
    await t.redis.flushdb();
    expect(await codeOf(takeWith(order, ticket))).toBe('float.offer-stale');
    expect(await balance()).toBe(100_000);
  });

  it('is nothing while the float is frozen, which a ticket from before does not change', async () => {
    await opened();
    const order = await world.order(kiosk, world.household());
    const { ticket } = await offer(order);
    await set({ frozen: true });
    expect(await codeOf(offer(order))).toBe('float.frozen');
    expect(await codeOf(takeWith(order, ticket))).toBe('float.frozen');
    expect(await balance()).toBe(100_000);
    await set();
    expect((await takeWith(await world.now(order), ticket)).state).toBe('sold');
  });
});

describe('who takes it', () => {
  it('may say so by a number of six digits, which they have from their first PIN on', async () => {
    await opened();
    const number = await float.pins.set('zhang', PIN);
    expect(number).toMatch(/^[1-9]\d{5}$/);
    expect(await float.pins.set('zhang', '381947')).toBe(number);
    await member('li', ['float:use']);
    const both = await Promise.all([float.pins.set('li', PIN), float.pins.set('li', PIN)]);
    expect(new Set([number, ...both]).size).toBe(2);
    const order = await world.order(kiosk, world.household());
    expect(await codeOf(take(order, { staff: number }))).toBe('float.bad-pin');
    expect(await codeOf(take(order, { staff: '000000' }))).toBe('float.bad-pin');
    expect((await offer(order, { staff: both[0] ?? '' })).staff).toBe('li');
    expect((await take(order, { staff: number, pin: '381947' })).state).toBe('sold');
  });

  it('has a number that nobody else has', async () => {
    const draws = [7, 7, 8];
    const pins = new StaffPins({
      ...{ db: t.db, users: access.stores.users, clock: world.clock, draw: () => draws.shift() ?? 9 },
    });
    expect(await pins.set('a', PIN)).toBe('100007');
    expect(await pins.set('b', PIN)).toBe('100008');
  });

  it('needs name, PIN and the permission', async () => {
    await opened();
    await member('li', []);
    await float.pins.set('li', PIN);
    await member('wang', ['float:use']);
    const order = await world.order(kiosk, world.household());
    expect(await codeOf(take(order, { pin: '000000' }))).toBe('float.bad-pin');
    expect(await codeOf(take(order, { staff: 'nobody' }))).toBe('float.bad-pin');
    expect(await codeOf(take(order, { staff: 'wang' }))).toBe('float.bad-pin');
    expect(await codeOf(take(order, { staff: 'li' }))).toBe('auth.forbidden');
    await access.stores.users.edit('zhang', 0, { status: 'disabled' });
    expect(await codeOf(take(order))).toBe('float.bad-pin');
    expect(JSON.stringify(await t.db.collection('staffpins').find().toArray())).not.toContain(PIN);
  });

  it('has five attempts, also at the same moment; then the PIN is locked for a quarter of an hour', async () => {
    await opened();
    const order = await world.order(kiosk, world.household());
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, n) => codeOf(take(order, { pin: String(100_000 + n) }))),
    );
    expect(guesses.filter((code) => code === 'float.bad-pin')).toHaveLength(5);
    expect(guesses.filter((code) => code === 'request.rate-limited')).toHaveLength(7);
    expect(await codeOf(take(order))).toBe('request.rate-limited');
    world.clock.jump(15 * 60_000);
    expect((await take(await world.order(kiosk, world.household()))).state).toBe('sold');
  });
});

describe('a process that is killed while cash is taken', () => {
  it.each([
    ['before the payment is stored', 1, 'before'],
    ['after the payment is stored', 1, 'after'],
    ['after the float is debited', 2, 'before'],
    ['after the order has it', 2, 'after'],
  ] as const)('%s: the float and the order agree in the end', async (_, at, when) => {
    await opened();
    const order = await world.order(kiosk, world.household());
    let writes = 0;
    dies = () => ((writes += 1) === at ? when : 'no');
    await take(order).catch(() => undefined);
    dies = () => 'no';
    await world.pass(400_000, 5_000);
    const ended = await world.now(order);
    const paid = ended.payments.some(({ funds }) => funds === true);
    const back = ended.refunds.length > 0;
    expect(['sold', 'refunded', 'closed']).toContain(ended.state);
    expect(await balance()).toBe(paid && !back ? 95_000 : 100_000);
    expect(await summed()).toBe(await balance());
  });

  it('the number of an attempt that was given up takes nothing any more', async () => {
    await opened();
    const order = await world.order(kiosk, world.household());
    dies = () => 'after';
    await take(order).catch(() => undefined);
    dies = () => 'no';
    await world.services.orders.cancel(await world.now(order));
    const late = { paymentNo: `${order._id}p1`, orderNo: order._id, fen: 5_000, by: 'zhang' };
    expect(await desk.take('tianshan-1', late)).toMatchObject({ kind: 'closed' });
    expect(await balance()).toBe(100_000);
  });
});

describe('a float', () => {
  it('is topped up once by one approval, also after a crash in the middle', async () => {
    await opened(1_000);
    const entry = {
      kind: 'top-up',
      fen: 500,
      debit: 'bank',
      credit: 'float:tianshan-1',
      by: 'boris',
    } as const;
    await Promise.all(Array.from({ length: 6 }, () => desk.add('tianshan-1', { _id: 'topup-x', ...entry })));
    await desk.book('tianshan-1');
    await desk.add('tianshan-1', { _id: 'topup-x', ...entry });
    expect([await balance(), await summed()]).toEqual([1_500, 1_500]);
  });

  it('gives a wrong top-up back as a whole, once, and only while it still holds as much', async () => {
    await opened(6_000);
    const [topUp] = await float.floats.entries('tianshan-1');
    const undo = () =>
      float.floats.requestUndo(
        'tianshan-1',
        { topUp: topUp?._id ?? '', reason: 'It was for another committee.' },
        { maker: ANNA, where: HERE },
      );
    const [first, second] = [await undo(), await undo()];
    await take(await world.order(kiosk, world.household()));
    expect(await decide(first._id)).toMatchObject({ status: 'failed', failure: 'float.empty' });
    expect(await balance()).toBe(1_000);
    const more = { fen: 9_000, reference: 'bank-2', reason: 'More came.' };
    await decide((await float.floats.requestTopUp('tianshan-1', more, { maker: ANNA, where: HERE }))._id);
    const third = await undo();
    expect(await decide(second._id)).toMatchObject({ status: 'done' });
    expect(await decide(third._id)).toMatchObject({ status: 'done' });
    expect([await balance(), await summed()]).toEqual([4_000, 4_000]);
    expect(await codeOf(undo())).toBe('request.not-found');
    const wrong = { topUp: 'topup-0', reason: 'None of this.' };
    const by = { maker: ANNA, where: HERE };
    expect(await codeOf(float.floats.requestUndo('tianshan-1', wrong, by))).toBe('request.not-found');
  });

  it('moves its entries into the book and loses none', async () => {
    await opened(1_000_000, 1_000_000);
    await Promise.all(
      Array.from({ length: 3 }, async (_, lane) => {
        for (let n = 0; n < 20; n += 1) {
          const paymentNo = `26010110000000${String(lane * 100 + n).padStart(4, '0')}p1`;
          await desk.take('tianshan-1', {
            paymentNo,
            orderNo: paymentNo.slice(0, 18),
            fen: 100,
            by: 'zhang',
          });
        }
      }),
    );
    expect((await store.get('tianshan-1'))?.recent.length).toBeLessThanOrEqual(60);
    expect([await balance(), await summed()]).toEqual([994_000, 994_000]);
  });

  it('is never negative and never over its day, whatever is asked of it', () => {
    const kinds = fc.constantFrom('taken', 'given-back', 'top-up', 'top-up-undone', 'closed');
    const steps = fc.array(fc.record({ kind: kinds, fen: fc.nat(9_000), hours: fc.nat(9) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, (all) => {
        let at = Date.UTC(2026, 0, 1);
        let now: CommitteeFloat = {
          ...{
            _id: 'f',
            name: 'f',
            terminals: [],
            balanceFen: 10_000,
            dayLimitFen: 12_000,
            day: '',
            dayFen: 0,
          },
          ...{ recent: [], version: 1 },
        };
        for (const [n, { kind, fen, hours }] of all.entries()) {
          at += hours * 3_600_000;
          const entry: FloatEntry = {
            ...{ _id: `e${n}`, float: 'f', kind, fen, debit: 'x', credit: 'y', by: 'z', at: new Date(at) },
          };
          const next = withEntry(now, entry);
          if (typeof next === 'string') continue;
          expect(next.balanceFen).toBeGreaterThanOrEqual(0);
          expect(next.dayFen).toBeLessThanOrEqual(12_000);
          now = next;
        }
      }),
    );
  });
});
