import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import { statisticsDashboard, statisticsSeries } from '@bianmin/purchase/api/statistics';
import { pino } from 'pino';
import { FIRST_ORGS } from '../../access/xinjiang.ts';
import { AuditStore } from '../../access/store/audit.ts';
import { auditHeads } from '../../access/audit-heads.ts';
import { AuditTrail } from '../../access/audit.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import { OrgStore } from '../../access/store/orgs.ts';
import { createReport, keepRollups } from '../../wiring/reports.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { documentOf } from '../../orders/store/order-document.ts';
import type { OrderDocument } from '../../orders/store/order-schema.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { newOrderNo } from '../../orders/model/order-no.ts';
import { adminStatisticsRoutes } from './routes.ts';

/** In the middle of an hour that is over at noon of today in China, so that hours before and after it exist. */
const today = chinaDay(new Date(systemClock.now()));
const log = pino({ level: 'silent' });
const seal = new NumberSeal(Buffer.alloc(32, 7));
let t: TestContext;
let admin: AdminCalls;

beforeAll(async () => {
  t = await openTestContext();
  await new OrgStore(t.db).prepare(FIRST_ORGS);
  const trail = new AuditStore(t.db);
  await trail.prepare();
  const deps = { db: t.db, clock: systemClock, log };
  const report = await createReport(deps);
  const orders = collectionOf<OrderDocument>(t.db, 'orders');
  for (const [no, org] of ['650100', '650100', '653100'].entries()) {
    const at = new Date(systemClock.now() - no * 1000);
    const payment = {
      ...samplePayment(),
      no: 'p1',
      status: 'succeeded' as const,
      funds: true,
      transactionId: `T${no}`,
    };
    const events = [
      { n: 1, at, name: 'order.created' as const, by: 'test' },
      {
        n: 2,
        at,
        name: 'payment.succeeded' as const,
        by: 'test',
        data: { no: 'p1', fen: 5000, funds: true },
      },
      { n: 3, at, name: 'write.written' as const, by: 'test' },
    ];
    const order = sampleOrder({
      ...{
        _id: newOrderNo(at),
        idempotencyKey: String(no),
        orgPath: ['province', org],
        state: no === 0 ? 'attention' : 'done',
      },
      ...{
        attention: no === 0 ? ('grid-disagrees' as const) : null,
        payments: [payment],
        events,
        version: 3,
      },
      ...{ dueAt: null, createdAt: at, updatedAt: at, entry: no === 0 ? 'iptv3' : 'kiosk' },
    });
    await orders.insertOne(documentOf(order, seal));
  }
  const stop = keepRollups(deps, report);
  await stop();
  const audit = new AuditTrail(trail, auditHeads(t.db, Buffer.alloc(32, 6)), systemClock);
  admin = await serveAdmin(adminStatisticsRoutes({ ...report, audit, clock: systemClock }), { log });
});
afterAll(async () => {
  await admin.close();
  await t.close();
});

const series = async (query: string, as = 'anna') => {
  const { status, body } = await admin.call('get', `/v1/admin/statistics/series?${query}`, { as });
  expect([query, status]).toEqual([query, 200]);
  return statisticsSeries.parse(body);
};

describe('statistics over HTTP', () => {
  it('are one year, month and day, each with every point and the one before', async () => {
    for (const [at, points] of [
      [today.slice(0, 4), 12],
      [
        today.slice(0, 7),
        new Date(Date.UTC(Number(today.slice(0, 4)), Number(today.slice(5, 7)), 0)).getUTCDate(),
      ],
      [today, 24],
    ] as const) {
      const answer = await series(`at=${at}&by=entry`);
      expect(answer.points).toHaveLength(points);
      expect(answer.total).toMatchObject({ orders: 3, paidFen: 15_000, credited: 3, successPercent: 100 });
      expect(answer.parts.map(({ value, total }) => [value, total.orders])).toEqual([
        ['kiosk', 2],
        ['iptv3', 1],
      ]);
      expect(answer.before.total.orders).toBe(0);
    }
  });

  it('are by prefecture with name and place on the map, by terminal, chip and channel', async () => {
    const byOrg = await series(`at=${today}&by=org`);
    expect(
      byOrg.parts.map(({ value, names, cell, total }) => [value, names?.en, cell, total.orders]),
    ).toEqual([
      ['650100', 'Urumqi', [3, 2], 2],
      ['653100', 'Kashgar', [0, 4], 1],
    ]);
    for (const [by, value] of [
      ['terminal', 'T1'],
      ['chip', 'SLE4442'],
      ['channel', 'wechat'],
    ]) {
      const { parts } = await series(`at=${today.slice(0, 7)}&by=${String(by)}`);
      expect(parts).toMatchObject([{ value, total: { orders: 3, paid: 3 } }]);
    }
  });

  it('are of the caller’s own organisation and what is below it, and of no other', async () => {
    expect((await series(`at=${today}`, 'carl||653100')).total.orders).toBe(1);
    const { status } = await admin.call('get', `/v1/admin/statistics/series?at=${today}&org=650100`, {
      as: 'carl||653100',
    });
    expect(status).toBe(404);
  });

  it('have a dashboard that says what waits, and says nothing twice', async () => {
    const { body } = await admin.call('get', '/v1/admin/statistics/dashboard');
    const dashboard = statisticsDashboard.parse(body);
    expect(dashboard).toMatchObject({
      day: today,
      today: { orders: 3 },
      waiting: { attention: 1, gridSilent: 0 },
    });
    expect(dashboard.days).toHaveLength(30);
    expect(dashboard.days.at(-1)).toMatchObject({ period: today, counts: { orders: 3 } });
    expect(Object.keys(dashboard.entries).toSorted()).toEqual(['iptv3', 'kiosk']);
    const elsewhere = await admin.call('get', '/v1/admin/statistics/dashboard', { as: 'carl||653100' });
    expect(elsewhere.body).toMatchObject({ today: { orders: 1 }, waiting: { attention: 0 } });
  });

  it('refuse what is no time', async () => {
    for (const at of ['26', '2026-13', '2026-02-32', 'x']) {
      expect((await admin.call('get', `/v1/admin/statistics/series?at=${at}`)).status).toBe(400);
    }
  });

  it('are rebuilt and checked by the worker when asked', async () => {
    for (const what of ['rebuild', 'check']) {
      expect((await admin.call('post', `/v1/admin/statistics/${what}`)).status).toBe(202);
    }
    const deps = { db: t.db, clock: systemClock, log };
    const stop = keepRollups(deps, await createReport(deps));
    await stop();
    expect((await admin.call('get', '/v1/admin/statistics/state')).body).toMatchObject({
      ...{ rebuildAskedAt: null, checkAskedAt: null, check: { equal: true, orders: 3 } },
    });
  });
});
