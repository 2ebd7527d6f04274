import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AdminSearchFound } from '@bianmin/purchase/api/admin-search';
import type { Org } from '../../access/store/orgs.ts';
import { caseIdOf } from '../../cases/case.ts';
import { TerminalStore } from '../../fleet/store/terminals.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import type { Order } from '../../orders/model/order.ts';
import { serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { StaffWorld } from '../../testing/staff-world.ts';
import { ConsoleSearch } from './console-search.ts';
import { adminConsoleSearchRoutes } from './console-search-routes.ts';

const KASHI = '653100';
const COMMUNITY: Org = {
  ...{ _id: 'c00000000000000b1', parent: KASHI, version: 1 },
  kind: 'community',
  names: { 'zh-CN': '恰萨社区', en: 'Chasa community' },
  path: ['province', KASHI, 'c00000000000000b1'],
};
/** Made in Kashi's community, under a meter and a customer of its own. */
const KASHI_ORDER = sampleOrder({
  ...{ _id: '260301100000000051', orgPath: COMMUNITY.path, terminalId: 'T51' },
  ...{ customerNo: '653100000051', meterNo: '000000000051', serial: '00000000000000AB' },
  payments: [samplePayment({ status: 'succeeded', funds: true, no: '260301100000000051p1' })],
  refunds: [
    {
      ...{ no: '260301100000000051p1s1', paymentNo: '260301100000000051p1', fen: 100 },
      ...{ status: 'requested', reason: 'compensation', requestedBy: 'somebody' },
      at: new Date('2026-03-01T03:00:00Z'),
    },
  ],
});
const NOTHING = {
  ...{ readAs: [], orders: [], moreOrders: false, households: [] },
  ...{ terminals: [], cases: [], refunds: [] },
};

let t: TestContext;
let w: StaffWorld;
let written: Order;
let caseId: string;
let admin: AdminCalls;

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  w = await StaffWorld.open(t);
  const { world, access, staff, kiosk } = w;
  t.db.deleteModel(/^Terminal$/u);
  const terminals = new TerminalStore(t.db);
  await access.stores.orgs.insert(COMMUNITY);
  await terminals.place(kiosk.terminalId, COMMUNITY);
  const search = new ConsoleSearch({
    ...{ orders: world.services.store, receipts: world.services.receipts, cases: staff.cases, terminals },
    orgs: access.stores.orgs,
    presence: (ids) =>
      Promise.resolve(new Map(ids.map((id) => [id, { presence: 'missing', seenAt: new Date(0) }]))),
    seal: new NumberSeal(Buffer.alloc(32, 7)),
    audit: access.audit,
  });
  admin = await serveAdmin(adminConsoleSearchRoutes(search), world);
  const card = world.household();
  written = await world.write(kiosk, card, await world.paid(kiosk, card));
  await world.services.store.insert(KASHI_ORDER);
  const report = { kind: 'stuck', orderNo: KASHI_ORDER._id } as const;
  await staff.cases.open({ ...report, orgPath: COMMUNITY.path, facts: {} });
  caseId = caseIdOf(report);
  return () => admin.close();
});

/** `as`: `permission,permission|scope`; everything where nothing is named. */
async function found(text: string, as = ''): Promise<AdminSearchFound> {
  const { status, body } = await admin.call('post', '/v1/admin/search', {
    ...{ as: `anna|${as}`, body: { text } },
  });
  expect([text, status]).toEqual([text, 200]);
  return body as unknown as AdminSearchFound;
}
const looks = () => t.db.collection('audit').find({ action: 'resident.look-up' }).toArray();

describe('the one search', () => {
  it('leads from a meter’s number to its orders and its household, masked, and is in the trail', async () => {
    const { readAs, orders, households } = await found(written.meterNo);
    expect([readAs, orders.map(({ page }) => page)]).toEqual([['meterNo'], [`/orders/${written._id}`]]);
    expect(households).toEqual([{ customer: written.masked, meterTail: written.meterNo.slice(-4) }]);
    expect(JSON.stringify({ orders, households })).not.toContain(written.customerNo);
    const [look, ...others] = await looks();
    expect([look?.['who'], look?.['data'], others]).toEqual([
      { kind: 'admin', id: 'anna' },
      { searchedBy: 'meterNo' },
      [],
    ]);
    expect(JSON.stringify([look?.['target'], look?.['data']])).not.toContain(written.meterNo);
  });

  it('finds an order by every number of it, and a refund and a case by theirs', async () => {
    for (const [text, readAs, isHousehold] of [
      [written._id, 'orderNo', false],
      [w.world.services.receipts.codeOf(written._id), 'receiptCode', false],
      [written.payments[0]?.no ?? '', 'orderNo', false],
      [written.payments[0]?.transactionId ?? '', 'transactionId', false],
      [written.customerNo, 'customerNo', true],
      [written.serial, 'serial', true],
    ] as const) {
      const { households, ...rest } = await found(text);
      expect([text, rest.readAs, rest.orders.map(({ orderNo }) => orderNo)]).toEqual([
        text,
        [readAs],
        [written._id],
      ]);
      expect([text, households.length === 1]).toEqual([text, isHousehold]);
    }
    const refund = KASHI_ORDER.refunds[0]?.no ?? '';
    expect(await found(refund)).toMatchObject({
      orders: [{ orderNo: KASHI_ORDER._id }],
      refunds: [{ refundNo: refund, fen: 100, status: 'requested', page: `/orders/${KASHI_ORDER._id}` }],
      cases: [{ id: caseId, kind: 'stuck', page: `/cases/${caseId}` }],
    });
    expect(await found(caseId)).toMatchObject({ orders: [], cases: [{ id: caseId }] });
  });

  it('shows the five newest of more orders, and says so', async () => {
    const numbers = ['61', '62', '63', '64', '65', '66'].map((no) => `2603011000000000${no}`);
    for (const _id of numbers) {
      await w.world.services.store.insert({
        ...KASHI_ORDER,
        _id,
        payments: [],
        refunds: [],
        idempotencyKey: _id,
      });
    }
    const { orders, moreOrders, households } = await found(KASHI_ORDER.meterNo);
    expect(orders.map(({ orderNo }) => orderNo)).toEqual(numbers.toReversed().slice(0, 5));
    expect([moreOrders, households.length]).toEqual([true, 1]);
  });

  it('finds a terminal by its id, the beginning of its name, and its place in either language', async () => {
    const { terminalId: id } = w.kiosk;
    for (const text of [id, 'The cou', '恰萨', 'chasa']) {
      expect([text, (await found(text)).terminals]).toMatchObject([
        text,
        [
          {
            id,
            name: 'The counter',
            place: COMMUNITY.names,
            presence: 'missing',
            page: `/terminals?find=${id}`,
          },
        ],
      ]);
    }
    expect((await found('counter')).terminals).toEqual([]);
    expect((await found('The counter', '|650100')).terminals).toEqual([]);
    expect((await found('The counter', `|${KASHI}`)).terminals).toHaveLength(1);
  });

  it('shows each group to those alone who may read it, and each look at a household is one', async () => {
    const groups = async (text: string, as: string): Promise<string[]> => {
      const answer = await found(text, as);
      return Object.entries(answer).flatMap(([name, value]) =>
        Array.isArray(value) && value.length > 0 && name !== 'readAs' ? [name] : [],
      );
    };
    const { meterNo, _id } = KASHI_ORDER;
    expect(await groups(meterNo, 'order:read')).toEqual(['orders', 'households', 'refunds']);
    expect(await groups(meterNo, 'order:read,case:read')).toEqual([
      'orders',
      'households',
      'cases',
      'refunds',
    ]);
    expect(await looks()).toHaveLength(2);
    expect(await groups(_id, 'case:read')).toEqual(['cases']);
    expect(await groups(_id, 'terminal:read')).toEqual([]);
    expect(await groups('The counter', 'terminal:read')).toEqual(['terminals']);
    expect(await groups('The counter', 'order:read,case:read')).toEqual([]);
    expect(await groups(meterNo, 'terminal:read,audit:read,resident:read')).toEqual([]);
    expect(await looks()).toHaveLength(2);
  });

  it('finds nothing outside of the scope, and has looked at nobody then', async () => {
    for (const text of [
      KASHI_ORDER.meterNo,
      KASHI_ORDER.customerNo,
      KASHI_ORDER._id,
      caseId,
      w.kiosk.terminalId,
    ]) {
      expect([text, await found(text, '|650100')]).toEqual([text, NOTHING]);
    }
    expect(await looks()).toEqual([]);
    expect((await found(KASHI_ORDER.meterNo, `|${KASHI}`)).orders).toHaveLength(1);
  });

  it('wants two characters', async () => {
    const one = await admin.call('post', '/v1/admin/search', { body: { text: ' 1 ' } });
    expect([one.status, one.body['code']]).toEqual([400, 'request.malformed']);
    expect(await found('no such thing')).toEqual(NOTHING);
  });
});
