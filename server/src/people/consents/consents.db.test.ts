import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { householdWord } from '../../kernel/household-word.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { byConsentOf } from '../../orders/model/by-consent.ts';
import { Receipts } from '../../payer/receipt/receipts.ts';
import { ConsentWorld } from '../../testing/consent-world.ts';
import { testConfig } from '../../testing/config.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal } from '../../testing/order-world.ts';
import { ConsentUsage } from './usage.ts';

let t: TestContext;
let w: ConsentWorld;
let card: FakeCard;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  w = await ConsentWorld.open(t);
  card = w.c.world.household();
  return () => w.close();
});

const everything = async (): Promise<string> => {
  const all = await Promise.all(
    (await t.db.listCollections()).map(({ name }) => t.db.collection(name).find().toArray()),
  );
  return JSON.stringify(all);
};
const stored = () => t.db.collection('consents').countDocuments();
const wordOf = (of: FakeCard): string =>
  householdWord(new NumberSeal(testConfig().DATA_KEYS), w.c.world.customerOf(of));
const code = (answer: { body: Record<string, unknown> }): unknown => answer.body['code'];

describe('recording a consent', () => {
  it('takes the household from the card in the reader, keeps no number in clear, and is in the trail', async () => {
    w.c.world.grid.holders.set(card.meterNo, 'holder-A');
    const { status, body } = await w.record(card);
    const customerNo = w.c.world.customerOf(card);
    expect([status, body]).toMatchObject([
      201,
      {
        customer: { name: '张*', customerNo: `****${customerNo.slice(-4)}` },
        ...{ form: 'TS-0001', perPurchaseFen: 10_000, perMonthFen: 20_000, usedFen: 0, endsOn: '2026-12-31' },
      },
    ]);
    expect(JSON.stringify(body)).not.toContain(customerNo);
    const all = await everything();
    for (const secret of [customerNo, '张三', 'holder-A']) expect(all).not.toContain(secret);
    expect(await w.trail('record')).toMatchObject([
      {
        who: { kind: 'admin', id: 'zhang' },
        target: wordOf(card),
        data: { form: 'TS-0001', perMonthFen: 20_000, terminalId: w.c.kiosk.terminalId },
      },
    ]);
    expect(await w.list()).toMatchObject([{ id: body['id'] }]);
    expect(await w.list({ form: 'TS-0002' })).toEqual([]);
  });

  it('records nothing for a number that is typed, or for a card that was read elsewhere', async () => {
    const { cardSession } = await w.c.world.identify(w.c.neighbour, card);
    const asked = await w.asked(card);
    const typed = { ...asked, cardSession: undefined, customerNo: w.c.world.customerOf(card) };
    const answers = [
      await w.post('staff/consents', { ...asked, cardSession: w.c.world.customerOf(card) }),
      await w.post('staff/consents', { ...asked, cardSession }),
      await w.post('staff/consents', typed),
    ];
    expect(answers.map(code)).toEqual(['card.session-expired', 'card.session-expired', 'request.malformed']);
    expect([await stored(), (await w.trail('record')).length]).toEqual([0, 0]);
  });

  it('needs a drawer, the permission, a community, a meter that is reached from afar, and sound limits', async () => {
    expect(code(await w.record(card, { perPurchaseFen: 20_001, perMonthFen: 40_000 }))).toBe(
      'request.malformed',
    );
    expect(code(await w.record(card, { form: `A-${w.c.world.customerOf(card)}` }))).toBe('request.malformed');
    expect(code(await w.record(card, { form: '张三' }))).toBe('request.malformed');
    const unshifted = await w.c.ticketOf();
    expect(code(await w.record(card, { ticket: unshifted }))).toBe('shift.none');
    w.c.world.grid.credits.link(card.meterNo, 'dead');
    expect(code(await w.record(card))).toBe('meter.not-remote');
    const { users } = w.c.access.stores;
    const asked = await w.asked(w.c.world.household());
    await users.putRole({ _id: 'role-zhang', permissions: ['order:read'] });
    expect(code(await w.post('staff/consents', asked))).toBe('auth.forbidden');
    await users.putRole({ _id: 'role-zhang', permissions: ['float:use'] });
    await t.db.collection('users').updateOne({ name: 'zhang' }, { $set: { scope: 'province' } });
    const lone = { ...(await fakeTerminal(w.c.kiosk.terminalId)), orgPath: ['province', '650100'] };
    expect(code(await w.post('staff/consents', asked, lone))).toBe('consent.no-community');
    expect([await stored(), (await w.trail('record')).length]).toEqual([0, 0]);
  });

  it('is one for a household: the same paper again is the same, another is refused until that is revoked', async () => {
    const id = await w.recorded(card);
    expect(await w.record(card)).toMatchObject({ status: 201, body: { id } });
    expect(code(await w.record(card, { form: 'TS-0002' }))).toBe('consent.exists');
    expect(code(await w.record(card, { perMonthFen: 30_000 }))).toBe('consent.exists');
    expect((await w.revoke(id)).status).toBe(204);
    expect(await w.record(card, { form: 'TS-0002' })).toMatchObject({ status: 201 });
    expect([await stored(), (await w.list()).length]).toEqual([1, 1]);
  });

  it('is one for a household also where two kiosks record at the same moment', async () => {
    const [here, there] = [await w.asked(card), await w.asked(card, { form: 'TS-0002' }, w.c.neighbour)];
    const answers = await Promise.all([
      w.post('staff/consents', here),
      w.post('staff/consents', there, w.c.neighbour),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await stored()).toBe(1);
  });
});

describe('buying by a consent', () => {
  it('describes the household, masked and within the limits, and makes an order that says so', async () => {
    const id = await w.recorded(card);
    const described = await w.describe(id);
    expect(described).toMatchObject({
      status: 200,
      body: {
        customer: { name: '张*' },
        limits: { maxFen: 10_000, presetsFen: [5_000, 10_000] },
        blocked: null,
      },
    });
    const wanted = await w.wanted(id);
    const made = await w.post('remote/orders', wanted);
    expect(made).toMatchObject({ status: 201, body: { kind: 'remote', state: 'created', faceFen: 5_000 } });
    const order = await w.c.world.services.store.get(String(made.body['orderNo']));
    expect(order && byConsentOf(order)).toEqual({ form: 'TS-0001', staff: 'zhang' });
    expect(await w.trail('use')).toMatchObject([
      {
        target: wordOf(card),
        who: { id: 'zhang' },
        data: { fen: 5_000, purchase: wanted['idempotencyKey'] },
      },
    ]);
    // Asked again after a lost answer it is the same order, and nothing more is used.
    expect((await w.post('remote/orders', wanted)).body['orderNo']).toBe(made.body['orderNo']);
    expect(await w.usedFen()).toBe(5_000);
    expect(await everything()).not.toContain(w.c.world.customerOf(card));
    expect(w.lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(w.lines)).not.toContain(w.c.world.customerOf(card));
  });

  it('is paid as any other, and what was bought stays used', async () => {
    const id = await w.recorded(card);
    const { body } = await w.buy(id);
    const order = await w.c.world.services.orders.get(w.c.kiosk.terminalId, String(body['orderNo']));
    expect((await w.c.world.payFor(order)).sale.status).toBe('sold');
    expect(await w.usedFen()).toBe(5_000);
    expect((await w.describe(id)).body).toMatchObject({ limits: { maxFen: 10_000 } });
  });

  it('is no more than the household has signed, for one purchase and in a month of Beijing', async () => {
    const id = await w.recorded(w.account());
    expect(code(await w.buy(id, { faceFen: 10_100 }))).toBe('consent.over-limit');
    w.later(Date.parse('2026-03-31T15:00:00Z') - w.c.world.clock.now());
    const paid = async (faceFen: number): Promise<void> => {
      const { body } = await w.buy(id, { faceFen });
      const order = await w.c.world.services.orders.get(w.c.kiosk.terminalId, String(body['orderNo']));
      await w.c.world.payFor(order);
    };
    await paid(10_000);
    await paid(9_000);
    expect(await w.usedFen()).toBe(19_000);
    expect((await w.describe(id)).body).toMatchObject({ limits: { maxFen: 1_000, presetsFen: [1_000] } });
    expect(code(await w.buy(id, { faceFen: 1_100 }))).toBe('consent.over-limit');
    await paid(1_000);
    expect(code(await w.describe(id))).toBe('consent.over-limit');
    expect(code(await w.buy(id, { faceFen: 100 }))).toBe('consent.over-limit');
    // Midnight in Beijing: the month is another.
    w.later(3_600_000);
    expect(await w.usedFen()).toBe(0);
    expect((await w.buy(id, { faceFen: 10_000 })).status).toBe(201);
  });

  it('frees what was paid back', async () => {
    const id = await w.recorded(card);
    const { body } = await w.buy(id);
    const { orders, store, remote } = w.c.world.services;
    const orderNo = String(body['orderNo']);
    w.c.world.grid.credits.link(card.meterNo, 'dead');
    const failed = await w.c.world.payFor(await orders.get(w.c.kiosk.terminalId, orderNo));
    expect([failed.state, await w.usedFen()]).toEqual(['credit-failed', 5_000]);
    await remote.choose(failed, 'refund');
    await w.c.world.pass(10_000);
    expect((await store.get(orderNo))?.state).toBe('refunded');
    expect(await w.usedFen()).toBe(0);
  });

  it('frees what came to nothing: given way, or cancelled', async () => {
    const id = await w.recorded(card);
    const first = await w.buy(id, { faceFen: 10_000 });
    // One that is unpaid gives way to the next of the same terminal.
    expect((await w.buy(id, { faceFen: 9_000 })).status).toBe(201);
    expect(await w.usedFen()).toBe(9_000);
    const { orders, store } = w.c.world.services;
    expect((await store.get(String(first.body['orderNo'])))?.state).toBe('closed');
    const [open] = await store.unsettledOfMeter(w.c.world.grid.grid, card.meterNo);
    if (open !== undefined) await orders.cancel(open);
    expect(await w.usedFen()).toBe(0);
  });

  it('sells a month once where two kiosks buy at the same moment', async () => {
    for (let household = 0; household < 4; household += 1) {
      const id = await w.recorded(w.account(), { perMonthFen: 10_000, form: `TS-000${household}` });
      const [here, there] = await Promise.all(
        [w.c.kiosk, w.c.neighbour].map((at) => w.wanted(id, { faceFen: 10_000 }, at)),
      );
      const answers = await Promise.all([
        w.post('remote/orders', here ?? {}),
        w.post('remote/orders', there ?? {}, w.c.neighbour),
      ]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 422]);
      expect(answers.map(code)).toContain('consent.over-limit');
    }
  });

  it('gives as many orders their sums as the month has, however many want them at once', async () => {
    const id = await w.recorded(w.account());
    const { clock, services } = w.c.world;
    const bounds = { perPurchaseFen: 20_000, perMonthFen: 40_000 };
    const usage = new ConsentUsage({ store: w.consents.store, orders: services.store, bounds, clock });
    const consent = await w.consents.store.get(id);
    if (consent === null) throw new Error('It was recorded.');
    const hold = (n: number) => usage.hold(consent, { terminalId: `t${n}`, key: 'k', fen: 9_000 });
    const all = await Promise.allSettled([1, 2, 3, 4, 5, 6].map(hold));
    const refused = all.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    expect(refused).toHaveLength(4);
    for (const each of refused) expect(each).toMatchObject({ code: 'consent.over-limit' });
    expect(await w.usedFen()).toBe(18_000);
  });

  it('is paid in cash out of the shift, and receipt, counter and console say whose paper it was', async () => {
    const id = await w.recorded(card);
    const { body } = await w.buy(id);
    const orderNo = String(body['orderNo']);
    const offer = await w.post(`orders/${orderNo}/cash-offer`, { shift: await w.ticket() });
    expect(offer).toMatchObject({ status: 200, body: { takeFen: 5_000, staff: 'zhang' } });
    const taken = await w.post(`orders/${orderNo}/cash`, { ticket: offer.body['ticket'] });
    expect(taken).toMatchObject({ status: 200, body: { state: 'crediting' } });
    const { services, clock } = w.c.world;
    const receipts = new Receipts({
      ...{ store: services.store, codes: services.receipts, links: services.receiptLinks, clock },
      placeOf: () => Promise.resolve(null),
    });
    const order = await services.orders.get(w.c.kiosk.terminalId, orderNo);
    expect(await receipts.of(order)).toMatchObject({ channel: 'cash', byConsent: { form: 'TS-0001' } });
    const detail = await w.c.counter().orders.get(w.c.kiosk, orderNo);
    expect(detail.byConsent).toEqual({ form: 'TS-0001' });
    const { call } = await w.at(w.c.kiosk);
    const atConsole = await call('get', `/v1/admin/orders/${orderNo}`);
    expect(atConsole.body['byConsent']).toEqual({ form: 'TS-0001', staff: 'zhang' });
  });

  it('is refused once the consent was revoked, also between the look and the order; what was made stays', async () => {
    const id = await w.recorded(card);
    const wanted = await w.wanted(id);
    const made = await w.post('remote/orders', wanted);
    expect((await w.describe(id)).status).toBe(200);
    expect((await w.revoke(id, w.c.neighbour)).status).toBe(204);
    expect(code(await w.buy(id))).toBe('consent.none');
    expect(code(await w.describe(id))).toBe('consent.none');
    expect((await w.post('remote/orders', wanted)).body['orderNo']).toBe(made.body['orderNo']);
    expect((await w.revoke(id)).status).toBe(204);
    expect(await w.trail('revoke')).toHaveLength(1);
  });

  it('is refused where another consent follows while the order is being made', async () => {
    const id = await w.recorded(card);
    const { store } = w.consents;
    const real = store.get.bind(store);
    let looks = 0;
    store.get = async (...call) => {
      looks += 1;
      if (looks === 2) {
        store.get = real;
        await w.revoke(id);
        w.c.world.clock.jump(1);
        await w.recorded(card, { form: 'TS-0002' });
      }
      return real(...call);
    };
    expect(code(await w.buy(id))).toBe('consent.none');
    expect(await w.list()).toMatchObject([{ form: 'TS-0002', usedFen: 0 }]);
  });

  it('is refused where it is revoked while the order is being made', async () => {
    const id = await w.recorded(card);
    const { store } = w.consents;
    const real = store.setHolds.bind(store);
    store.setHolds = async (...call) => {
      store.setHolds = real;
      await w.revoke(id);
      return real(...call);
    };
    expect(code(await w.buy(id))).toBe('consent.none');
    expect(await w.c.world.services.store.unsettledOfMeter(w.c.world.grid.grid, card.meterNo)).toEqual([]);
  });

  it('is for the terminals of its community alone, each with its own ticket', async () => {
    const id = await w.recorded(card);
    await t.db.collection('users').updateOne({ name: 'zhang' }, { $set: { scope: 'province' } });
    expect((await w.describe(id, w.c.neighbour)).status).toBe(200);
    const elsewhere = { ...w.c.neighbour, orgPath: ['province', '653100', 'c00000000000000b2'] };
    for (const answer of [
      await w.describe(id, elsewhere),
      await w.buy(id, {}, elsewhere),
      await w.revoke(id, elsewhere),
    ]) {
      expect(code(answer)).toBe('consent.none');
    }
    expect(await w.list({}, elsewhere)).toEqual([]);
    expect(code(await w.buy(id, { ticket: await w.ticket(w.c.neighbour) }))).toBe('staff.session-over');
    expect(code(await w.buy(id, { ticket: 'x' }))).toBe('staff.session-over');
    expect(code(await w.buy('A'.repeat(16)))).toBe('consent.none');
  });

  it('ends with its last day, and with the holder of the account', async () => {
    const id = await w.recorded(card, { endsOn: '2026-03-31' });
    w.later(Date.parse('2026-03-31T15:59:59Z') - w.c.world.clock.now());
    expect((await w.describe(id)).status).toBe(200);
    w.later(1_000);
    expect([code(await w.describe(id)), code(await w.buy(id))]).toEqual(['consent.over', 'consent.over']);
    expect(await w.list()).toEqual([]);

    w.c.world.grid.holders.set(card.meterNo, 'A');
    const next = await w.recorded(card);
    w.c.world.grid.holders.set(card.meterNo, 'B');
    expect(code(await w.buy(next))).toBe('consent.none');
    expect(await w.trail('end')).toMatchObject([{ target: wordOf(card), data: { why: 'other-holder' } }]);
    // It has ended for good, whoever holds the account then.
    w.c.world.grid.holders.set(card.meterNo, 'A');
    expect(code(await w.describe(next))).toBe('consent.none');
  });
});

describe('a process that is killed while it makes an order', () => {
  const KILLS = ['hold before', 'hold after', 'trail', 'order before', 'order after'] as const;

  function kill(at: (typeof KILLS)[number]): () => void {
    const { store } = w.consents;
    const { audit } = w.c.access;
    const [holds, record] = [store.setHolds.bind(store), audit.record.bind(audit)];
    const dead = () => new Error('killed');
    if (at === 'hold before') store.setHolds = () => Promise.reject(dead());
    if (at === 'hold after') {
      store.setHolds = async (...call) => {
        await holds(...call);
        throw dead();
      };
    }
    if (at === 'trail') audit.record = () => Promise.reject(dead());
    if (at.startsWith('order')) w.dies = () => (at === 'order before' ? 'before' : 'after');
    return () => {
      store.setHolds = holds;
      audit.record = record;
      w.dies = () => 'no';
    };
  }

  it.each(KILLS)('leaves one order and one sum once it is asked again (%s)', async (at) => {
    const id = await w.recorded(card);
    const wanted = await w.wanted(id, { faceFen: 10_000 });
    const alive = kill(at);
    expect((await w.post('remote/orders', wanted)).status).toBeGreaterThanOrEqual(500);
    alive();
    expect((await w.post('remote/orders', wanted)).status).toBe(201);
    expect(await w.usedFen()).toBe(10_000);
    const open = await w.c.world.services.store.unsettledOfMeter(w.c.world.grid.grid, card.meterNo);
    expect(open).toHaveLength(1);
    expect((await w.trail('use')).length).toBeGreaterThan(0);
  });

  it.each(KILLS)(
    'and where nobody asks again, holds the sum for an order that there is alone (%s)',
    async (at) => {
      const id = await w.recorded(card);
      const alive = kill(at);
      await w.buy(id, { faceFen: 10_000 });
      alive();
      const isHeld = at !== 'hold before';
      expect(await w.usedFen()).toBe(isHeld ? 10_000 : 0);
      w.later(60 * 60_000);
      expect(await w.usedFen()).toBe(at === 'order after' ? 10_000 : 0);
    },
  );
});

describe('a process that stands still while it makes an order', () => {
  it('makes none: others may have taken it for dead, and its sum for free', async () => {
    const id = await w.recorded(card);
    const { store } = w.consents;
    const real = store.setHolds.bind(store);
    store.setHolds = async (...call) => {
      w.c.world.clock.jump(20 * 60_000);
      return real(...call);
    };
    const wanted = await w.wanted(id);
    expect(code(await w.post('remote/orders', wanted))).toBe('server.unavailable');
    store.setHolds = real;
    expect(await w.c.world.services.store.unsettledOfMeter(w.c.world.grid.grid, card.meterNo)).toEqual([]);
    const ticket = await w.newTicket();
    expect((await w.post('remote/orders', { ...wanted, ticket })).status).toBe(201);
    expect(await w.usedFen()).toBe(5_000);
  });
});

describe('a consent that another follows', () => {
  it('leaves it what the month had used, unless another holds the account', async () => {
    const account = w.account();
    w.c.world.grid.holders.set(account.meterNo, 'A');
    const id = await w.recorded(account);
    await w.buy(id, { faceFen: 10_000 });
    await w.revoke(id);
    await w.recorded(account, { form: 'TS-0002' });
    expect(await w.usedFen()).toBe(10_000);
    w.c.world.grid.holders.set(account.meterNo, 'B');
    await w.recorded(account, { form: 'TS-0003' });
    expect(await w.list()).toMatchObject([{ form: 'TS-0003', usedFen: 0 }]);
  });
});

describe('consents at the console', () => {
  it('are listed and ended by the people of their scope, with a reason in the trail', async () => {
    const id = await w.recorded(card);
    const { call } = await w.at(w.c.kiosk);
    const list = async (scope: string) =>
      (await call('get', '/v1/admin/consents', { as: `anna|float:use|${scope}` })).body;
    const path = ['province', '650100', 'c00000000000000a1'];
    for (const scope of path) {
      expect(await list(scope)).toMatchObject({
        consents: [{ id, state: 'live', org: path[2], recordedBy: 'zhang', usedFen: 0 }],
        more: false,
      });
    }
    expect(await list('653100')).toEqual({ consents: [], more: false });
    for (const scope of ['province', '650100', '653100']) {
      const byForm = async (form: string) =>
        (await call('get', `/v1/admin/consents?form=${form}`, { as: `anna|float:use|${scope}` })).body;
      const expected = scope === '653100' ? [] : [{ id }];
      expect(await byForm('TS-0001')).toMatchObject({ consents: expected });
      expect(await byForm('TS-0009')).toMatchObject({ consents: [] });
    }
    const revoke = (scope: string, area = 'consents', permission = 'float:use') =>
      call('post', `/v1/admin/${area}/${id}/revoke`, {
        as: `anna|${permission}|${scope}`,
        body: { reason: 'She told us on the telephone.' },
      });
    expect(code(await revoke('653100'))).toBe('consent.none');
    expect(code(await revoke('650100', 'residents/consents', 'resident:manage'))).toBe('auth.out-of-scope');
    expect(await w.trail('revoke')).toEqual([]);
    expect((await revoke('province', 'residents/consents', 'resident:manage')).status).toBe(204);
    expect((await revoke('650100')).status).toBe(204);
    expect(await w.trail('revoke')).toMatchObject([
      { target: wordOf(card), data: { reason: 'She told us on the telephone.' } },
    ]);
    expect(await list('650100')).toMatchObject({ consents: [{ state: 'revoked' }] });
    expect(code(await w.buy(id, { idempotencyKey: randomUUID() }))).toBe('consent.none');
  });
});
