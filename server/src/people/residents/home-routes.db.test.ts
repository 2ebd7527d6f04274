import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { history, homeList, homeView, type HomeView } from '@bianmin/purchase/api/home';
import { orderView } from '@bianmin/purchase/api/order';
import { remoteCustomer } from '@bianmin/purchase/api/remote';
import type { Order } from '../../orders/model/order.ts';
import { HISTORY_PAGE, outcomeOf } from '../../orders/desk/household-history.ts';
import { REMEMBER_MS } from './box-homes.ts';
import { adminTerminalRoutes } from '../../fleet/terminals/admin-routes.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { allowanceOf, orgsOf } from '../../testing/access.ts';
import { serveAdmin } from '../../testing/admin-calls.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { EnrolCodeStore } from '../../fleet/store/enrol-codes.ts';
import { TerminalStore } from '../../fleet/store/terminals.ts';
import { openResidentWorld, type ResidentWorld } from '../../testing/resident-world.ts';

const WHERE = { ip: '10.0.0.1', traceId: 'trace' };

let world: ResidentWorld;
let card: FakeCard;
let box: FakeTerminal;
let boxes = 0;
beforeAll(async () => {
  world = await openResidentWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  card = world.orders.household();
  boxes += 1;
  box = await fakeTerminal(`box-${boxes}`);
  Object.assign(world.caller, { terminalId: box.terminalId, device: 'box' });
});

/** A `post` where there is a body, or the path ends in a verb. */
async function call(path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${world.url}/v1/terminal/${path}`, {
    method: body === undefined && !path.endsWith('/forget') ? 'GET' : 'POST',
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: answer.status, body: await answer.json() };
}

/** Bought with the card in the box's reader, put in the meter, and the grid has heard of it. */
async function bought(of = card, by = box): Promise<Order> {
  const order = await world.orders.paid(by, of);
  const written = await world.orders.write(by, of, order);
  world.orders.meterOf(of).insert(of);
  await world.orders.identify(by, of);
  return written;
}

async function remembered(of = card): Promise<HomeView> {
  const { status, body } = await call('homes', { orderNo: (await bought(of))._id });
  expect(status, JSON.stringify(body)).toBe(201);
  return homeView.parse(body);
}

const homes = async (): Promise<HomeView[]> => homeList.parse((await call('homes')).body).homes;
const purchases = async (of: object) => history.parse((await call('history', of)).body);
const order = (home: HomeView, over: object = {}) =>
  call(`homes/${home.id}/orders`, { idempotencyKey: randomUUID(), faceFen: 5000, entry: 'iptv3', ...over });

describe('a household that a box keeps', () => {
  it('is that of a purchase paid on the box, masked, once, and in the trail', async () => {
    const customerNo = world.orders.customerOf(card);
    const home = await remembered();
    expect(home.customer.customerNo).toBe(`****${customerNo.slice(-4)}`);
    const again = await call('homes', { orderNo: (await bought())._id });
    expect(homeView.parse(again.body).id).toBe(home.id);
    expect(await homes()).toEqual([home]);
    const stored = await world.t.db.collection('boxBindings').find().toArray();
    expect(JSON.stringify(stored)).not.toContain(customerNo);
    const trail = await world.t.db.collection('audit').find({ target: home.id }).toArray();
    expect(trail).toMatchObject([{ action: 'binding.make', who: { kind: 'terminal', id: box.terminalId } }]);
  });

  it('is not that of an order that is unpaid or old, or that another terminal made', async () => {
    const unpaid = await world.orders.order(box, card);
    expect((await call('homes', { orderNo: unpaid._id })).body).toMatchObject({
      code: 'customer.not-proven',
    });
    const other = world.orders.household();
    const elsewhere = await bought(other, await fakeTerminal('kiosk-x'));
    // The card is in this box's reader: it may finish the order, and keeps nothing by it.
    await world.orders.identify(box, other);
    expect((await call('homes', { orderNo: elsewhere._id })).body).toMatchObject({ code: 'order.not-found' });
    const old = await bought();
    world.clock.jump(REMEMBER_MS + 1);
    expect((await call('homes', { orderNo: old._id })).body).toMatchObject({ code: 'customer.not-proven' });
    expect((await call('homes', { orderNo: '260301100000999999' })).status).toBe(404);
    expect(await homes()).toEqual([]);
  });

  it('is one of five at most, until one is removed', async () => {
    const kept = [];
    for (let each = 0; each < world.policy.homesPerBox; each += 1) {
      kept.push(await remembered(world.orders.household()));
    }
    const { _id: orderNo } = await bought();
    expect((await call('homes', { orderNo })).body).toMatchObject({ code: 'binding.too-many' });
    const left = await call(`homes/${kept[0]?.id}/forget`);
    expect(homeList.parse(left.body).homes).toHaveLength(4);
    expect((await call('homes', { orderNo })).status).toBe(201);
  });

  it('is kept by five boxes at most, whatever phones have it, and leaves the one that used it least', async () => {
    const first = box.terminalId;
    await remembered();
    for (let each = 0; each < world.policy.boxesPerCustomer; each += 1) {
      world.clock.jump(1);
      box = await fakeTerminal(`box-${first}-${each}`);
      world.caller.terminalId = box.terminalId;
      await remembered();
    }
    expect(await homes()).toHaveLength(1);
    world.caller.terminalId = first;
    expect(await homes()).toEqual([]);
  });

  it('is topped up by its name on the box, and the order says no number', async () => {
    const home = await remembered();
    const seen = remoteCustomer.parse((await call(`homes/${home.id}`)).body);
    expect(seen).toMatchObject({ customer: home.customer, blocked: null });
    world.clock.jump(1000);
    const idempotencyKey = randomUUID();
    const made = await order(home, { idempotencyKey });
    expect([made.status, made.body]).toMatchObject([201, { kind: 'remote', entry: 'iptv3' }]);
    expect(JSON.stringify(made.body)).not.toContain(world.orders.customerOf(card));
    const view = orderView.parse(made.body);
    expect(orderView.parse((await order(home, { idempotencyKey })).body).orderNo).toBe(view.orderNo);
    const mine = await world.orders.services.orders.get(box.terminalId, view.orderNo);
    expect((await world.orders.payFor(mine)).credit.status).toBe('credited');
    expect((await purchases({ homeId: home.id })).purchases).toMatchObject([
      { orderNo: view.orderNo, outcome: 'on-meter', kind: 'remote' },
      // Its meter was asked meanwhile, and has it.
      { outcome: 'on-meter', kind: 'card' },
    ]);
  });

  it('is of no use to another box, nor once it was removed', async () => {
    const home = await remembered();
    const refused = async () => {
      const answers = [
        await call(`homes/${home.id}`),
        await order(home),
        await call(`homes/${home.id}/forget`),
        await call('history', { homeId: home.id }),
      ];
      for (const { status, body } of answers) {
        expect([status, body]).toMatchObject([404, { code: 'binding.not-found' }]);
      }
    };
    world.caller.terminalId = 'box-of-others';
    await refused();
    expect(await homes()).toEqual([]);
    world.caller.terminalId = box.terminalId;
    expect((await call(`homes/${home.id}/forget`)).status).toBe(200);
    await refused();
  });

  it('is kept by no kiosk', async () => {
    const home = await remembered();
    const { _id: orderNo } = await bought();
    world.caller.device = 'kiosk';
    const answers = [
      await call('homes'),
      await call('homes', { orderNo }),
      await call(`homes/${home.id}`),
      await order(home),
      await call(`homes/${home.id}/forget`),
      await call('history', { homeId: home.id }),
    ];
    for (const { status, body } of answers) {
      expect([status, body]).toMatchObject([403, { code: 'auth.forbidden' }]);
    }
  });

  it('is forgotten with its box, when no order is made for it, and when another household lives there', async () => {
    await remembered();
    await world.residents.boxes.forgetAll(box.terminalId, WHERE);
    expect(await homes()).toEqual([]);
    const home = await remembered();
    world.clock.jump(world.policy.boxHomeMs / 2);
    const made = orderView.parse((await order(home)).body);
    await world.orders.services.orders.cancel(
      await world.orders.services.orders.get(box.terminalId, made.orderNo),
    );
    world.clock.jump(world.policy.boxHomeMs - 1);
    expect(await homes()).toHaveLength(1);
    world.clock.jump(1);
    expect(await homes()).toEqual([]);
    const third = await remembered();
    world.orders.grid.name = '李四';
    const gone = await call(`homes/${third.id}`);
    world.orders.grid.name = '张三';
    expect(gone.body).toMatchObject({ code: 'binding.not-found' });
    expect(await homes()).toEqual([]);
  });
});

describe('a box that an administrator rejects', () => {
  it('keeps nothing, also when it is accepted again', async () => {
    const terminals = new TerminalStore(world.t.db);
    box = await fakeTerminal(`t${'0'.repeat(30)}`);
    world.caller.terminalId = box.terminalId;
    const { terminalId: _id, sealKey } = box;
    const fixed = { signKey: sealKey, sealKey, kind: 'box', name: 'box', version: '1' } as const;
    await terminals.enrol({ _id, ...fixed, enrolledAt: new Date(world.clock.now()) });
    const admin = await serveAdmin(
      adminTerminalRoutes({
        repairs: { follow: () => Promise.resolve() },
        ...{ terminals, codes: new EnrolCodeStore(world.t.db), audit: world.access.audit },
        orgs: orgsOf(world.access, terminals),
        allowance: allowanceOf(world.access, { db: world.t.db, clock: world.clock }),
        clock: world.clock,
        presence: () => Promise.resolve(new Map()),
        forget: () => undefined,
        forgetHomes: (id, where) => world.residents.boxes.forgetAll(id, where),
      }),
      world.orders,
    );
    const decide = (verb: string) => admin.call('post', `/v1/admin/terminals/${_id}/${verb}`);
    expect((await decide('accept')).status).toBe(200);
    await remembered();
    // A decision that changes nothing takes nothing away.
    await decide('accept');
    expect(await homes()).toHaveLength(1);
    await decide('reject');
    expect(await homes()).toEqual([]);
    await decide('accept');
    expect(await homes()).toEqual([]);
    await admin.close();
  });
});

describe('what a household bought', () => {
  it('is shown to the terminal that has just read its card, and to no other', async () => {
    const { _id: orderNo } = await bought();
    world.caller.device = 'kiosk';
    const { cardSession } = await world.orders.identify(box, card);
    expect(await purchases({ cardSession })).toMatchObject({
      purchases: [{ orderNo, faceFen: 5000, creditFen: 5000, kind: 'card', outcome: 'on-meter' }],
      next: null,
    });
    world.caller.terminalId = 'kiosk-elsewhere';
    expect((await call('history', { cardSession })).body).toMatchObject({ code: 'card.session-expired' });
  });

  it('is never shown for a number, or for nothing', async () => {
    await bought();
    const customerNo = world.orders.customerOf(card);
    for (const asked of [{ customerNo }, {}, { customerNo, proof: '1' }]) {
      expect((await call('history', asked)).body).toMatchObject({ code: 'request.malformed' });
    }
  });

  it('leaves out what was never paid, and comes page by page', async () => {
    for (let each = 0; each <= HISTORY_PAGE; each += 1) {
      await bought();
      world.clock.jump(1000);
    }
    await world.orders.order(box, card);
    const { cardSession } = await world.orders.identify(box, card);
    const newest = await purchases({ cardSession });
    expect(newest.purchases).toHaveLength(HISTORY_PAGE);
    const oldest = await purchases({ cardSession, before: newest.next });
    expect([oldest.purchases.length, oldest.next]).toEqual([1, null]);
    expect(newest.purchases.map((each) => each.orderNo)).not.toContain(oldest.purchases[0]?.orderNo);
  });

  it('says where electricity or money is', () => {
    const credited = { status: 'credited' } as const;
    const none = { status: 'none' } as const;
    expect(outcomeOf({ state: 'done', credit: credited, events: [] })).toBe('on-meter');
    expect(outcomeOf({ state: 'done', credit: none, events: [] })).toBe('on-card');
    expect(outcomeOf({ state: 'done', credit: none, events: [], meter: credited })).toBe('on-meter');
    expect(outcomeOf({ state: 'refunding', credit: none, events: [] })).toBe('refunding');
    expect(outcomeOf({ state: 'write-failed', credit: none, events: [] })).toBe('looked-at');
    expect(outcomeOf({ state: 'sold', credit: none, events: [] })).toBe('waiting');
  });
});
