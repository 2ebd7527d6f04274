import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { ComplaintStore } from '../complaint/complaint-store.ts';
import { firstOrderNo } from '../../orders/model/order-no.ts';
import type { Order } from '../../orders/model/order.ts';
import { adminResidentRoutes } from './routes.ts';
import { adminApprovalRoutes } from '../../access/approval-routes.ts';
import type { StoredConsent } from '../consents/consent.ts';
import { ConsentStore } from '../consents/consent-store.ts';
import { ConsentUsage } from '../consents/usage.ts';
import { ConsentViews } from '../consents/views.ts';
import { BindingStore, type StoredBinding } from '../residents/binding-store.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { openAccess, type TestAccess } from '../../testing/access.ts';
import { serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { testConfig } from '../../testing/config.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleOrder } from '../../testing/order-samples.ts';
import { BATCH } from './retention.ts';
import { RETENTION_RULES, TRANSACTION_DAYS } from './rules.ts';
import { createRetention, type RetentionServices } from '../../wiring/retention.ts';
import { erasersOf } from './erasers.ts';
import { pino } from 'pino';

const DAY_MS = 24 * 3_600_000;
const NUMBER = '650100000001';
const OTHER = '650100000002';
const MASKED = { name: '张*', address: '天山区**3号楼', customerNo: '****0001' };

let t: TestContext;
let access: TestAccess;
let orders: MongoOrderStore;
let phones: BindingStore;
let boxes: BindingStore;
let consents: ConsentStore;
let services: RetentionServices;
let admin: AdminCalls;
const clock = new ManualClock();
const config = testConfig();
const seal = new NumberSeal(config.DATA_KEYS);

beforeAll(async () => {
  t = await openTestContext();
  access = await openAccess(t, clock);
  orders = new MongoOrderStore({ db: t.db, seal, wrote: () => undefined });
  phones = new BindingStore(t.db, 'phones', seal);
  boxes = new BindingStore(t.db, 'boxes', seal);
  consents = new ConsentStore(t.db, seal);
  await Promise.all([orders.prepare(), consents.prepare()]);
  services = createRetention({ db: t.db, clock, config }, access, consented());
  const routes = [...adminResidentRoutes(services), ...adminApprovalRoutes(access)];
  admin = await serveAdmin(routes, { log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await admin.close();
  await t.close();
});
beforeEach(async () => {
  for (const name of [
    'orders',
    'bindings',
    'boxBindings',
    'payerSessions',
    'retentionmarks',
    'complaints',
    'consents',
  ]) {
    await t.db.collection(name).deleteMany({});
  }
});

let made = 0;
/** An order of so many days ago. */
async function order(daysAgo: number, over: Partial<Order> = {}): Promise<string> {
  made += 1;
  const at = new Date(clock.now() - daysAgo * DAY_MS);
  const _id = firstOrderNo(at).slice(0, 12) + String(made).padStart(6, '0');
  await orders.insert(
    sampleOrder({
      ...{ _id, idempotencyKey: `k${made}`, createdAt: at, updatedAt: at, dueAt: null, masked: MASKED },
      ...over,
    }),
  );
  return _id;
}
async function bound(store: BindingStore, over: Partial<StoredBinding> = {}): Promise<string> {
  made += 1;
  const now = new Date(clock.now());
  const _id = `binding${String(made).padStart(9, '0')}`;
  await store.insert({
    ...{ _id, payerId: `p${made}`, customer: seal.seal(NUMBER), masked: MASKED, reserved: [], version: 1 },
    ...{ createdAt: now, usedAt: now, expiresAt: new Date(clock.now() + DAY_MS), ...over },
  });
  return _id;
}
async function consent(over: Partial<StoredConsent> = {}): Promise<string> {
  made += 1;
  const now = new Date(clock.now());
  const _id = `consent${String(made).padStart(9, '0')}`;
  await consents.insert({
    ...{ _id, grid: 'g', customer: seal.seal(NUMBER), org: 'c00000000000000a1', masked: MASKED },
    ...{ form: 'TS-1', perPurchaseFen: 100, perMonthFen: 100, endsOn: '2026-12-31', terminalId: 't' },
    ...{ recordedBy: 'zhang', recordedAt: now, expiresAt: new Date(clock.now() + DAY_MS) },
    ...{ holds: [], version: 1, ...over, ...(over.expiresAt && { customer: seal.seal(_id) }) },
  });
  return _id;
}
const nameOf = async (orderNo: string): Promise<string | undefined> =>
  (await orders.get(orderNo))?.masked.name;
const dueOf = async (id: string): Promise<number | null | undefined> =>
  (await services.retention.state()).rules.find((rule) => rule.id === id)?.due;

describe('the rules', () => {
  it('have each an eraser where they take away, and none where they keep', () => {
    const erasers = Object.keys(erasersOf(t.db, seal));
    const taking = RETENTION_RULES.filter(({ action }) => action !== 'keep').map(({ id }) => id);
    expect(erasers.toSorted()).toEqual(taking.toSorted());
    expect(RETENTION_RULES.every(({ days, action }) => (days === null) === (action === 'keep'))).toBe(true);
  });

  it('take away households of files that nobody carried in their time', async () => {
    const parts = t.db.collection<{ _id: string; expiresAt: Date }>('householdfileparts');
    await parts.insertMany([
      { _id: 'left', expiresAt: new Date(clock.now() - 1) },
      { _id: 'new', expiresAt: new Date(clock.now() + 1) },
    ]);
    expect(await dueOf('household-files')).toBe(1);
    expect(await services.retention.round()).toBe(1);
    expect((await parts.find({}).toArray()).map(({ _id }) => _id)).toEqual(['new']);
    await parts.deleteMany({});
  });

  it('take the name and the number out of an order that the law holds no longer, and nothing else', async () => {
    const old = await order(TRANSACTION_DAYS + 2);
    const before = await orders.get(old);
    const young = await order(TRANSACTION_DAYS - 2);
    const moving = await order(TRANSACTION_DAYS + 2, { dueAt: new Date(clock.now()) });
    expect(await dueOf('order-names')).toBe(1);
    // Said beforehand, and nothing was taken.
    expect(await nameOf(old)).toBe('张*');
    expect(await services.retention.round()).toBe(1);
    expect(await orders.get(old)).toEqual({
      ...before,
      customerNo: '',
      masked: { name: '', address: '', customerNo: '' },
    });
    expect([await nameOf(young), await nameOf(moving)]).toEqual(['张*', '张*']);
    expect(await services.retention.round()).toBe(0);
    const [entry] = await access.stores.audit.find({ target: 'order-names', limit: 1 });
    expect(entry).toMatchObject({ action: 'retention.blank', data: { erased: 1 } });
    // It has come to rest: the next pass meets it.
    await t.db.collection('orders').updateOne({ _id: moving as never }, { $unset: { dueAt: 1 } });
    expect(await services.retention.round()).toBe(1);
    expect(await nameOf(moving)).toBe('');
  });

  it('go through many in small batches, and begin again after a crash where they were', async () => {
    const names = { masked: MASKED };
    for (let n = 0; n < BATCH + 3; n += 1) await order(TRANSACTION_DAYS + 5, names);
    expect(await services.retention.round()).toBe(BATCH);
    expect(
      await createRetention({ db: t.db, clock, config }, accessAnew(), consented()).retention.round(),
    ).toBe(3);
    expect(await t.db.collection('orders').countDocuments({ 'masked.name': '张*' })).toBe(0);
  });

  it('take away what has expired and nothing that lives', async () => {
    const dead = await bound(phones, { expiresAt: new Date(clock.now() - 1) });
    const alive = await bound(phones);
    const home = await bound(boxes, { expiresAt: new Date(clock.now() - 1) });
    await t.db
      .collection('payerSessions')
      .insertOne({ _id: 's' as never, expiresAt: new Date(clock.now() - 1) });
    expect([
      await dueOf('phone-bindings'),
      await dueOf('box-bindings'),
      await dueOf('phone-sessions'),
    ]).toEqual([1, 1, 1]);
    await services.retention.round();
    const left = await t.db.collection('bindings').find().toArray();
    expect(left.map(({ _id }) => String(_id))).toEqual([alive]);
    expect(dead).not.toBe(alive);
    expect(await t.db.collection('boxBindings').countDocuments({ _id: home as never })).toBe(0);
    expect(await t.db.collection('payerSessions').countDocuments({})).toBe(0);
  });

  it('keep a consent that has ended for two months, in which its month goes on', async () => {
    const ended = (daysAgo: number) => consent({ expiresAt: new Date(clock.now() - daysAgo * DAY_MS) });
    const [old, young] = [await ended(63), await ended(61)];
    expect(await dueOf('consents')).toBe(1);
    await services.retention.round();
    expect([await consents.get(old), (await consents.get(young))?._id]).toEqual([null, young]);
  });

  it('take a payer’s words out of a complaint that is long settled', async () => {
    const complaints = new ComplaintStore(t.db);
    const raisedAt = new Date(clock.now() - (TRANSACTION_DAYS + 1) * DAY_MS);
    const complaint = {
      ...{ _id: 'wechat:1', channel: 'wechat', no: '1', problem: 'other', text: seal.seal('我叫张三') },
      ...{ orderNo: null, transactionId: 'tx', amountFen: 1, raisedAt, answerBy: raisedAt },
      ...{ finishBy: raisedAt, steps: [], version: 1, dueAt: null },
    } as const;
    await complaints.insert({ ...complaint, state: 'finished' } as never);
    await complaints.insert({ ...complaint, _id: 'wechat:2', state: 'open' } as never);
    await services.retention.round();
    const words = async (id: string) => seal.open((await complaints.get(id))?.text ?? '');
    expect([await words('wechat:1'), await words('wechat:2')]).toEqual(['', '我叫张三']);
  });
});

describe('a resident', () => {
  const reason = 'the resident asked';
  const lookUp = async (customerNo = NUMBER) =>
    (await admin.call('post', '/v1/admin/residents/look-up', { body: { customerNo, reason } })).body;

  it('is found by number alone, masked, and the look is in the trail without the number', async () => {
    const phone = await bound(phones);
    const box = await bound(boxes, { payerId: `t${'0'.repeat(30)}` });
    await bound(phones, { customer: seal.seal(OTHER) });
    await order(1);
    await order(TRANSACTION_DAYS + 2);
    expect(await lookUp()).toMatchObject({
      bindings: [
        { id: phone, holder: 'phone', terminalId: null, customer: MASKED },
        { id: box, holder: 'box', terminalId: `t${'0'.repeat(30)}` },
      ],
      orders: { named: 2, more: false, erasable: 1 },
    });
    expect(await lookUp('999999')).toEqual({
      ...{ bindings: [], consents: [] },
      orders: { named: 0, more: false, erasable: 0 },
    });
    const trail = JSON.stringify(await access.stores.audit.find({ action: 'resident.look-up', limit: 9 }));
    expect(trail).toContain(reason);
    expect(trail).not.toContain(NUMBER);
    const bare = await admin.call('post', '/v1/admin/residents/look-up', { body: { customerNo: NUMBER } });
    expect(bare.body['code']).toBe('request.malformed');
  });

  it('is unbound by one person, once', async () => {
    const id = await bound(phones);
    const unbind = (holder: string) =>
      admin.call('post', `/v1/admin/residents/bindings/${holder}/${id}/unbind`, { body: { reason } });
    expect((await unbind('box')).body['code']).toBe('binding.not-found');
    expect((await unbind('phone')).status).toBe(204);
    expect((await unbind('phone')).body['code']).toBe('binding.not-found');
    expect((await lookUp())['bindings']).toEqual([]);
    expect(await access.stores.audit.find({ target: id, limit: 5 })).toMatchObject([
      { action: 'binding.remove', data: { holder: 'phone', reason } },
    ]);
  });

  it('is erased by two persons as far as the law lets go, and no other resident is', async () => {
    await bound(phones);
    await bound(boxes);
    await consent();
    const foreign = await consent({ customer: seal.seal(OTHER) });
    const others = await bound(phones, { customer: seal.seal(OTHER) });
    const old = await order(TRANSACTION_DAYS + 2);
    const young = await order(10);
    const neighbour = await order(TRANSACTION_DAYS + 2, { customerNo: OTHER });
    const body = { customerNo: NUMBER, reason };
    const asked = await admin.call('post', '/v1/admin/residents/erasures', { body });
    expect(asked).toMatchObject({ status: 202, body: { found: { orders: { named: 2, erasable: 1 } } } });
    expect(JSON.stringify(asked.body)).not.toContain(NUMBER);
    const approval = asked.body['approval'] as { id: string };
    expect((await lookUp())['bindings']).toHaveLength(2);
    expect((await lookUp())['consents']).toMatchObject([{ state: 'live', org: 'c00000000000000a1' }]);
    const decide = (as: string) =>
      admin.call('post', `/v1/admin/approvals/${approval.id}/decide`, { as, body: { accept: true } });
    expect((await decide('anna')).body['code']).toBe('approval.same-person');
    expect((await decide('boris|approval:decide')).body['code']).toBe('auth.forbidden');
    expect((await decide('boris')).body).toMatchObject({ status: 'done' });
    expect(await lookUp()).toEqual({
      ...{ bindings: [], consents: [] },
      orders: { named: 1, more: false, erasable: 0 },
    });
    expect([await nameOf(old), await nameOf(young), await nameOf(neighbour)]).toEqual(['', '张*', '张*']);
    expect(await phones.get(others, new Date(clock.now()))).not.toBeNull();
    expect(await consents.get(foreign)).not.toBeNull();
    const stored = JSON.stringify(await t.db.collection('approvals').find().toArray());
    expect(stored).not.toContain(NUMBER);
  });
});

function consented() {
  const bounds = { perPurchaseFen: 100, perMonthFen: 100 };
  const usage = new ConsentUsage({ store: consents, orders, bounds, clock });
  return { store: consents, views: new ConsentViews({ usage, users: access.stores.users, clock }) };
}

/** As another process has it: its kinds of approval are registered once there too. */
function accessAnew() {
  return { audit: access.audit, approvals: { register: () => undefined } as never };
}
