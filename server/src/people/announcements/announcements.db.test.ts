import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { scopeOf } from '../../kernel/scope.ts';
import type { AnyRoute } from '../../route/route.ts';
import { announcementRoutes } from './routes.ts';
import { OrgStore, type Org } from '../../access/store/orgs.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openAccess, type TestAccess } from '../../testing/access.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal } from '../../testing/order-world.ts';
import { HERE, staffMember } from '../../testing/staff-world.ts';
import { AnnouncementStore } from './announcement-store.ts';
import { Announcements } from './announcements.ts';

const org = (id: string, kind: Org['kind'], path: string[]): Org => ({
  ...{ _id: id, kind, names: { 'zh-CN': id, en: id }, parent: path.at(-2) ?? null, path, version: 1 },
});
const ORGS = [
  org('province', 'province', ['province']),
  org('650100', 'prefecture', ['province', '650100']),
  org('652300', 'prefecture', ['province', '652300']),
];

let t: TestContext;
let clock: ManualClock;
let access: TestAccess;
let announcements: Announcements;
let routes: AnyRoute[];
let admin: AdminCalls;

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  t.db.deleteModel(/.*/u);
  clock = new ManualClock();
  access = await openAccess(t, clock);
  const orgs = new OrgStore(t.db);
  await orgs.prepare(ORGS);
  const store = new AnnouncementStore(t.db);
  await store.prepare();
  announcements = new Announcements({ store, orgs, audit: access.audit, clock });
  routes = announcementRoutes(announcements);
  const kiosk = { ...(await fakeTerminal('kiosk-a')), orgPath: ['province', '650100'] };
  admin = await serveAdmin(routes, { log: pino({ level: 'silent' }) }, kiosk);
  return () => admin.close();
});

const at = (ms: number): string => new Date(clock.now() + ms).toISOString();
const body = (over: object = {}) => ({
  ...{ texts: { 'zh-CN': '今晚十点停机维护' }, org: '650100', devices: ['kiosk'] },
  ...{ from: at(0), to: at(3_600_000), key: randomUUID() },
  ...over,
});
const announce = async (over: object = {}) => {
  const answer = await admin.call('post', '/v1/admin/announcements', { body: body(over) });
  expect(answer.status).toBe(201);
  return answer.body;
};
const shown = async () => {
  const answer = await admin.call('get', '/v1/terminal/announcements');
  return (answer.body['announcements'] as { texts: { 'zh-CN': string } }[]).map((a) => a.texts['zh-CN']);
};

describe('announcements', () => {
  it('need a permission each, and every other one does not do', async () => {
    const staffed = routes.filter(({ auth }) => auth === 'admin');
    expect(staffed.map(({ method, permission }) => [method, permission])).toEqual([
      ['get', 'announcement:read'],
      ['get', 'announcement:read'],
      ['post', 'announcement:manage'],
      ['put', 'announcement:manage'],
      ['delete', 'announcement:manage'],
    ]);
    await expectOthersRefused(admin, staffed, (path) => path.replace(':id', randomUUID()));
  });

  it('are shown by region, kind and time, and need Chinese', async () => {
    await announce();
    await announce({ texts: { 'zh-CN': '全区', en: 'All' }, org: 'province', from: at(-1000) });
    await announce({ texts: { 'zh-CN': '别处' }, org: '652300' });
    await announce({ texts: { 'zh-CN': '盒子' }, devices: ['box'] });
    await announce({ texts: { 'zh-CN': '以后' }, from: at(1000) });
    expect(await shown()).toEqual(['今晚十点停机维护', '全区']);
    clock.jump(1000);
    expect(await shown()).toEqual(['以后', '今晚十点停机维护', '全区']);
    clock.jump(3_600_000);
    expect(await shown()).toEqual([]);
    const wrong = [{ texts: { en: 'x' } }, { to: at(-1) }, { texts: { 'zh-CN': '长'.repeat(61) } }];
    for (const over of wrong) {
      const { status } = await admin.call('post', '/v1/admin/announcements', { body: body(over) });
      expect(status).toBe(400);
    }
  });

  it('are changed and taken away by who has seen what they are now', async () => {
    const { id } = await announce();
    const path = `/v1/admin/announcements/${String(id)}`;
    const { key: _, ...content } = body({ texts: { 'zh-CN': '改了' } });
    const change = (seen: number) => admin.call('put', path, { body: content, seen });
    expect((await change(1)).body).toMatchObject({ texts: { 'zh-CN': '改了' }, version: 2 });
    expect(await change(1)).toMatchObject({
      status: 412,
      body: { code: 'request.changed-meanwhile', present: (await admin.call('get', path)).body },
    });
    expect(await shown()).toEqual(['改了']);
    expect(await admin.call('delete', path, { seen: 1 })).toMatchObject({ status: 412 });
    expect((await admin.call('delete', path, { seen: 2 })).status).toBe(204);
    expect(await shown()).toEqual([]);
    const [removed, changed] = await access.stores.audit.find({ target: String(id), limit: 9 });
    expect(removed?.data).toMatchObject({ before: { texts: { 'zh-CN': '改了' } } });
    expect([changed?.action, changed?.data['before']]).toMatchObject([
      'announcement.change',
      { texts: { 'zh-CN': '今晚十点停机维护' } },
    ]);
  });

  it('asked for twice under one key are one', async () => {
    const once = body();
    await admin.call('post', '/v1/admin/announcements', { body: once });
    await admin.call('post', '/v1/admin/announcements', { body: once });
    expect(await shown()).toHaveLength(1);
    const other = await admin.call('post', '/v1/admin/announcements', { as: 'boris', body: once });
    expect(other).toMatchObject({ status: 409, body: { code: 'order.idempotency-mismatch' } });
  });

  it('of one region are not seen from another, and an administrator writes for no more than their own', async () => {
    const carl = staffMember('carl', undefined, scopeOf('652300'));
    const { id } = await announce();
    expect(await announcements.list(carl)).toEqual([]);
    const { key: _, ...content } = body();
    const change = { ...content, devices: ['kiosk' as const], version: 1 };
    const mine = announcements.change(String(id), { ...change, org: '652300' }, carl, HERE);
    await expect(mine).rejects.toMatchObject({ code: 'request.not-found' });
    await expect(announcements.remove(String(id), 1, carl, HERE)).rejects.toMatchObject({
      code: 'request.not-found',
    });
    for (const org of ['province', '650100', 'c0000000000000000']) {
      const asked = announcements.create({ ...body(), devices: ['kiosk'], org }, carl, HERE);
      await expect(asked).rejects.toMatchObject({ code: 'announcement.out-of-region' });
    }
    const own = await announcements.create({ ...body(), devices: ['kiosk'], org: '652300' }, carl, HERE);
    // Not his to push over the edge of his region afterwards.
    const away = announcements.change(own._id, { ...change, org: 'province' }, carl, HERE);
    await expect(away).rejects.toMatchObject({ code: 'announcement.out-of-region' });
  });
});
