import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runs } from '@bianmin/shared/testing/property-runs';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { Cases } from '../../cases/cases.ts';
import { caseIdOf } from '../../cases/case.ts';
import type { Order } from '../../orders/model/order.ts';
import { refundEnded } from '../../orders/model/moves/refund.ts';
import { needsAttention } from '../../orders/model/moves/sale.ts';
import { refundableFen } from '../../orders/model/state.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { openAccess, type TestAccess } from '../../testing/access.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { faultsOf } from '../../testing/faults.ts';
import { MemoryCaseStore } from '../../testing/memory-cases.ts';
import { MemoryOrderStore } from '../../testing/memory-orders.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import { ANNA, BORIS, HERE, staffMember } from '../../testing/staff-world.ts';
import type { RefundRequests } from './requests.ts';
import { createRefunds } from '../../wiring/refunds.ts';

let t: TestContext;
let kiosk: FakeTerminal;
let world: OrderWorld;
let cases: Cases;
let access: TestAccess;
let refunds: RefundRequests;

async function open(where: 'memory' | 'mongo'): Promise<void> {
  const sink: { cases?: Cases } = {};
  t.db.deleteModel(/.*/u);
  const store =
    where === 'memory'
      ? new MemoryOrderStore()
      : new MongoOrderStore({ db: t.db, seal: new NumberSeal(Buffer.alloc(32, 1)), wrote: () => undefined });
  if (store instanceof MongoOrderStore) await store.prepare();
  world = await OrderWorld.open({
    store,
    cases: { open: (report) => sink.cases?.open(report) ?? Promise.resolve() },
  });
  cases = new Cases({ store: new MemoryCaseStore(), clock: world.clock });
  sink.cases = cases;
  access = await openAccess(t, world.clock);
  refunds = createRefunds({ services: world.services, access, cases });
}

beforeAll(async () => {
  t = await openTestContext();
  kiosk = await fakeTerminal('kiosk-a');
});
afterAll(() => t.close());
beforeEach(() => open('memory'));

/** A purchase of 5000 fen that is on its card. */
async function done(): Promise<Order> {
  const card = world.household();
  return world.write(kiosk, card, await world.paid(kiosk, card));
}

const body = (order: Order, fen: number | null, over: object = {}) => ({
  ...{ key: randomUUID(), orderNo: order._id, fen, reason: 'Charged too much.' },
  ...over,
});
const ask = async (order: Order, fen: number | null, over: object = {}) =>
  (await refunds.request(body(order, fen, over), ANNA, HERE)).refund;
const allow = async (refundNo: string, accept = true) =>
  (await refunds.decide({ refundNo, accept }, BORIS, HERE)).refund;
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
  );
const given = () => [...world.wechat.refunds.values()].map(({ fen }) => fen);

describe('a refund that staff ask for', () => {
  it('waits for another person, is then given by the channel, and the purchase stays done', async () => {
    const order = await done();
    const asked = await ask(order, 1200);
    expect(asked).toMatchObject({
      status: 'requested',
      fen: 1200,
      requestedBy: 'anna',
      note: 'Charged too much.',
    });
    await world.pass(60_000, 10_000);
    expect(given()).toEqual([]);
    expect(await codeOf(refunds.decide({ refundNo: asked.no, accept: true }, ANNA, HERE))).toBe(
      'approval.same-person',
    );
    expect(await allow(asked.no)).toMatchObject({ status: 'approved', approvedBy: 'boris' });
    expect(await codeOf(allow(asked.no))).toBe('approval.already-decided');
    await world.work();
    const now = await world.now(order);
    expect(now).toMatchObject({ state: 'done', dueAt: null, refunds: [{ status: 'done', fen: 1200 }] });
    expect(given()).toEqual([1200]);
    expect(now.events.map(({ name }) => name).slice(-4)).toEqual([
      'refund.requested',
      'refund.approved',
      'refund.sent',
      'refund.done',
    ]);
    const trail = await access.stores.audit.find({ limit: 10 });
    expect(trail.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['refund.request', 'refund.approve']),
    );
  });

  it('is given without a queue, too: the order is due', async () => {
    const order = await done();
    world.trigger.copies = () => 0;
    await allow((await ask(order, null)).no);
    await world.pass(2_000);
    expect(given()).toEqual([5000]);
  });

  it('that is refused gives nothing back and frees its sum', async () => {
    const order = await done();
    const first = await ask(order, 5000);
    expect(await codeOf(ask(order, 1))).toBe('refund.exceeds');
    expect(await allow(first.no, false)).toMatchObject({ status: 'rejected', approvedBy: 'boris' });
    const second = await ask(order, null);
    expect(second).toMatchObject({ fen: 5000, status: 'requested' });
    expect(second.no).not.toBe(first.no);
    await world.pass(10_000);
    expect(given()).toEqual([]);
  });

  it('is one for one key, however often it is asked for', async () => {
    const order = await done();
    const request = body(order, 1000);
    const [one, two] = await Promise.all([
      refunds.request(request, ANNA, HERE),
      refunds.request(request, ANNA, HERE),
    ]);
    expect(two.refund.no).toBe(one.refund.no);
    expect((await world.now(order)).refunds).toHaveLength(1);
  });

  it('names a case of this order, or none', async () => {
    const order = await done();
    const other = { kind: 'late-sale', orderNo: '260301100000000009', facts: {} } as const;
    await cases.open(other);
    expect(await codeOf(ask(order, 100, { caseId: caseIdOf(other) }))).toBe('request.not-found');
    expect(await codeOf(ask(order, 100, { caseId: '0'.repeat(32) }))).toBe('request.not-found');
    const own = { kind: 'written-not-credited', orderNo: order._id, facts: {} } as const;
    await cases.open(own);
    expect(await ask(order, 100, { caseId: caseIdOf(own) })).toMatchObject({ caseId: caseIdOf(own) });
  });

  it('of everything ends the writing: a card that lacks the purchase after all is not written again', async () => {
    const card = world.household();
    const order = await world.paid(kiosk, card);
    const current = await world.services.orders.get(kiosk.terminalId, order._id);
    const { lease } = await world.services.writes.release(current, kiosk, { image: card.read() });
    await world.services.writes.claim(await world.now(order), kiosk.terminalId, {
      lease,
      result: 'written',
      imageDigest: 'b'.repeat(64),
    });
    await ask(order, null);
    const release = async () =>
      world.services.writes.release(await world.now(order), kiosk, { image: card.read() });
    expect(await codeOf(release())).toBe('order.closed');
    expect((await world.now(order)).state).toBe('done');
  });
});

describe('what may not be given back on a word', () => {
  it.each([
    ['before it is paid', 'refund.nothing-paid', () => world.offer(kiosk, world.household())],
    ['sold: the sale is undone first', 'refund.reverse-first', () => world.paid(kiosk, world.household())],
    [
      'a plan was released: it may be on the card',
      'refund.plan-released',
      async () => {
        const card = world.household();
        const order = await world.paid(kiosk, card);
        await world.services.writes.release(order, kiosk, { image: card.read() });
        return order;
      },
    ],
    [
      'on its way to the meter from afar',
      'refund.plan-released',
      async () => {
        const card = world.household();
        world.grid.credits.link(card.meterNo, 'offline');
        return world.remotePaid('payer:p1', card);
      },
    ],
    [
      'the grid has not said whether it sold',
      'refund.not-final',
      async () => {
        world.grid.fault = faultsOf({ sell: ['lost-answer'] });
        return world.paid(kiosk, world.household());
      },
    ],
    [
      'a person must decide first',
      'refund.not-final',
      async () => {
        const order = await done();
        return (await world.services.mover.move(order, (now) => needsAttention(now, 'grid-disagrees'))).order;
      },
    ],
  ])('%s', async (_, code, make) => {
    expect(await codeOf(ask(await make(), 100))).toBe(code);
  });

  it('an order or refund that is not there', async () => {
    const nobody = { ...(await done()), _id: '000000000000000000' };
    expect(await codeOf(ask(nobody, 100))).toBe('order.not-found');
    expect(await codeOf(allow('260301100000000001p1s1'))).toBe('refund.not-found');
    expect(await codeOf(allow('nonsense'))).toBe('refund.not-found');
  });

  it('what the rules owe already, and needs nobody', async () => {
    const order = await world.offer(kiosk, world.household());
    await world.services.orders.cancel(order);
    const no = order.payments[0]?.no ?? '';
    world.wechat.payRegardless(no);
    await world.notify(no);
    await world.work();
    expect(await world.now(order)).toMatchObject({
      state: 'refunded',
      refunds: [{ reason: 'late-payment' }],
    });
  });
});

describe('a refund that its channel cannot make', () => {
  it('is a case, also of an order that is done, and is sent again under its number', async () => {
    const order = await done();
    const { no } = await ask(order, 800);
    world.wechat.fault = () => 'lost-request';
    await allow(no);
    await world.work();
    await world.services.mover.move(await world.now(order), (now) => refundEnded(now, no, 'abnormal'));
    expect((await world.now(order)).state).toBe('done');
    expect(await cases.list({ limit: 5 }, WHOLE_PROVINCE)).toMatchObject([
      { kind: 'refund-abnormal', orderNo: order._id, key: no, facts: { refundFen: 800 } },
    ]);
    expect(await refunds.list({ status: 'abnormal', limit: 5 }, WHOLE_PROVINCE)).toMatchObject([
      { refund: { no } },
    ]);
    world.wechat.fault = () => 'none';
    expect((await refunds.retry(no, ANNA, HERE)).refund).toMatchObject({ no, status: 'approved' });
    expect(await codeOf(refunds.retry(no, ANNA, HERE))).toBe('refund.not-abnormal');
    await world.pass(5_000);
    expect([...world.wechat.refunds.keys()]).toEqual([no]);
    expect((await world.now(order)).refunds).toMatchObject([{ no, status: 'done' }]);
  });
});

describe('the queue', () => {
  it('shows what is not over, the longest waiting first', async () => {
    const [first, second] = [await done(), await done()];
    const later = await ask(second, 100);
    world.clock.jump(60_000);
    const newest = await ask(first, 200);
    const list = async (query: object = {}) =>
      (await refunds.list({ limit: 10, ...query }, WHOLE_PROVINCE)).map(({ refund }) => refund.no);
    expect(await list()).toEqual([later.no, newest.no]);
    await allow(later.no);
    await world.work();
    expect(await list()).toEqual([newest.no]);
    expect(await list({ status: 'approved' })).toEqual([]);
  });
});

/** What racers ask for, and which of the requests that were taken are then allowed, in what order. */
const RACE = fc.record({
  sums: fc.array(fc.option(fc.integer({ min: 1, max: 4000 })), { minLength: 2, maxLength: 8 }),
  accepts: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
});

describe.each(['memory', 'mongo'] as const)('racing requests on the %s store', (where) => {
  it('never give back more than was paid', async () => {
    await open(where);
    await fc.assert(
      fc.asyncProperty(RACE, async ({ sums, accepts }) => {
        const order = await done();
        const before = given().length;
        const taken = await Promise.all(
          sums.map((fen, n) =>
            refunds.request(body(order, fen), staffMember(`anna-${n}`), HERE).catch((error: unknown) => {
              if (error instanceof ProblemError && error.code === 'refund.exceeds') return undefined;
              throw error;
            }),
          ),
        );
        const funding = (now: Order) => now.payments[0];
        const reserved = await world.now(order);
        const payment = funding(reserved);
        expect(payment && refundableFen(reserved, payment)).toBeGreaterThanOrEqual(0);
        // Whoever was refused asked for more than was left.
        const numbers = taken.flatMap((each) => (each === undefined ? [] : [each.refund.no]));
        await Promise.all(numbers.map((no, n) => allow(no, accepts[n] ?? true)));
        await Promise.all([world.work(), world.services.sweeper.sweep()]);
        await world.pass(3_000);
        const back = given().slice(before);
        expect(back.reduce((sum, fen) => sum + fen, 0)).toBeLessThanOrEqual(5000);
        const after = await world.now(order);
        expect(
          after.refunds
            .filter(({ status }) => status === 'done')
            .map(({ fen }) => fen)
            .toSorted(),
        ).toEqual(back.toSorted());
        expect(after.refunds.every(({ status }) => status === 'done' || status === 'rejected')).toBe(true);
      }),
      { numRuns: runs(where === 'memory' ? 60 : 8) },
    );
  });
});
