import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { OrgView } from '@bianmin/purchase/api/org';
import { pino } from 'pino';
import { scopeOf } from '../../kernel/scope.ts';
import { adminOrgRoutes } from './routes.ts';
import { adminTerminalRoutes } from '../../fleet/terminals/admin-routes.ts';
import { EnrolCodeStore } from '../../fleet/store/enrol-codes.ts';
import { OrgStore } from '../../access/store/orgs.ts';
import { TerminalStore } from '../../fleet/store/terminals.ts';
import { allowanceOf, openAccess, orgsOf, type TestAccess } from '../../testing/access.ts';
import { serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal } from '../../testing/order-world.ts';
import type { Orgs } from './orgs.ts';
import { FIRST_ORGS } from '../../access/xinjiang.ts';

const URUMQI = '650100';
const KASHGAR = '653100';
const NAMES = { 'zh-CN': '新安社区', en: 'Xin An' };
const forgotten: string[] = [];

let t: TestContext;
let access: TestAccess;
let terminals: TerminalStore;
let codes: EnrolCodeStore;
let orgs: Orgs;
let admin: AdminCalls;
const clock = new ManualClock();

beforeAll(async () => {
  t = await openTestContext();
  access = await openAccess(t, clock);
  terminals = new TerminalStore(t.db);
  codes = new EnrolCodeStore(t.db);
  await terminals.prepare();
  orgs = orgsOf(access, terminals);
  const { audit } = access;
  const allowance = allowanceOf(access, { db: t.db, clock });
  const services = {
    ...{ terminals, orgs, codes, audit, clock, allowance },
    forgetHomes: () => Promise.resolve(),
  };
  admin = await serveAdmin(
    [
      ...adminOrgRoutes({ orgs }),
      ...adminTerminalRoutes({
        repairs: { follow: () => Promise.resolve() },
        ...services,
        presence: () => Promise.resolve(new Map()),
        forget: (id) => void forgotten.push(id),
      }),
    ],
    { log: pino({ level: 'silent' }) },
  );
});
afterAll(async () => {
  await admin.close();
  await t.close();
});
beforeEach(async () => {
  await Promise.all([
    t.db.collection('terminals').deleteMany({}),
    t.db.collection('orgs').deleteMany({ kind: 'community' }),
    t.db.collection('users').deleteMany({}),
  ]);
});

const of = (scope: string): string => `anna||${scope}`;
const made = async (parent = URUMQI, as = 'anna'): Promise<OrgView> => {
  const { status, body } = await admin.call('post', '/v1/admin/orgs', { as, body: { parent, names: NAMES } });
  expect(status).toBe(201);
  return body as unknown as OrgView;
};
const tree = async (as = 'anna'): Promise<OrgView[]> => {
  const { body } = await admin.call('get', '/v1/admin/orgs', { as });
  return body['orgs'] as OrgView[];
};
let enrolled = 0;
async function terminal(): Promise<string> {
  enrolled += 1;
  const id = `t${String(enrolled).padStart(30, '0')}`;
  const { sealKey } = await fakeTerminal(id);
  clock.jump(1000);
  await terminals.enrol({
    ...{ _id: id, signKey: sealKey, sealKey, kind: 'kiosk', name: 'k', version: '1' },
    enrolledAt: new Date(clock.now()),
  });
  return id;
}
const place = (id: string, community: string, as = 'anna') =>
  admin.call('put', `/v1/admin/terminals/${id}/community`, { as, body: { community } });

describe('organisations', () => {
  it('begin with the province and its prefectures, each in its own place of the grid, and only once', async () => {
    const first = await tree();
    expect(first.map(({ kind }) => kind)).toEqual(['province', ...Array<string>(14).fill('prefecture')]);
    const cells = first.flatMap(({ cell }) => (cell === null ? [] : [cell.join()]));
    expect(new Set(cells).size).toBe(14);
    expect(first.slice(1).every(({ id, path }) => path.join() === `province,${id}`)).toBe(true);
    await access.stores.orgs.prepare([]);
    expect(await tree()).toHaveLength(15);
  });

  it('are finished by the next start where one was cut off', async () => {
    const other = t.another();
    const store = new OrgStore(other);
    for (const org of FIRST_ORGS.slice(1, 4)) await store.insert(org);
    await store.prepare(FIRST_ORGS);
    expect(await store.within('province')).toHaveLength(15);
  });

  it('are seen, made and changed below one’s own scope, and leave what was and what is in the trail', async () => {
    const community = await made(URUMQI, of(URUMQI));
    expect(community.path).toEqual(['province', URUMQI, community.id]);
    expect((await tree(of(URUMQI))).map(({ id }) => id)).toEqual([URUMQI, community.id]);
    expect((await tree(of(KASHGAR))).map(({ id }) => id)).toEqual([KASHGAR]);
    const names = { 'zh-CN': '新平社区', en: 'Xin Ping' };
    const rename = (as: string, id = community.id, seen = community.version) =>
      admin.call('put', `/v1/admin/orgs/${id}/names`, { as, body: { names }, seen });
    expect((await rename(of(KASHGAR))).body['code']).toBe('request.not-found');
    // Administrators do not change what bounds them.
    expect((await rename(of(community.id))).body['code']).toBe('auth.out-of-scope');
    expect((await rename(of(URUMQI), URUMQI, 1)).body['code']).toBe('auth.out-of-scope');
    expect((await rename(of(URUMQI))).body).toMatchObject({ names, version: 2 });
    expect(await rename(of(URUMQI))).toMatchObject({
      status: 412,
      body: { code: 'request.changed-meanwhile', present: { id: community.id, names, version: 2 } },
    });
    const one = await admin.call('get', `/v1/admin/orgs/${community.id}`);
    expect(one.body).toMatchObject({ names, version: 2 });
    const trail = await access.stores.audit.find({ target: community.id, action: 'org.rename', limit: 5 });
    expect(trail.at(-1)?.data).toEqual({ before: { names: NAMES }, after: { names } });
  });

  it('are not made below a community, nor below another’s prefecture', async () => {
    const community = await made();
    const refused = async (parent: string, as: string) =>
      (await admin.call('post', '/v1/admin/orgs', { as, body: { parent, names: NAMES } })).body['code'];
    expect(await refused(community.id, 'anna')).toBe('request.malformed');
    expect(await refused(KASHGAR, of(URUMQI))).toBe('request.not-found');
    expect(await refused('nowhere', 'anna')).toBe('request.malformed');
    expect(await refused('659999', 'anna')).toBe('request.not-found');
  });

  it('move with their terminals, and a move that was cut off is finished by repeating it', async () => {
    const community = await made();
    const id = await terminal();
    await place(id, community.id);
    await access.stores.users.insert({
      ...{ _id: 'u', name: 'n', passwordHash: 'x', roles: [], status: 'active', createdAt: new Date(0) },
      ...{ scope: community.id, orgPath: community.path },
    });
    const move = (seen: number, as = 'anna', parent = KASHGAR) =>
      admin.call('put', `/v1/admin/orgs/${community.id}/parent`, { as, body: { parent }, seen });
    expect((await move(1, of(URUMQI))).body['code']).toBe('request.not-found');
    const path = ['province', KASHGAR, community.id];
    expect((await move(1)).body).toMatchObject({ path, version: 2, terminals: 1 });
    expect((await terminals.get(id))?.orgPath).toEqual(path);
    expect((await access.stores.users.get('u'))?.orgPath).toEqual(path);
    await t.db.collection('terminals').updateOne({}, { $set: { orgPath: ['province'] } });
    expect((await move(2)).status).toBe(200);
    expect((await terminals.get(id))?.orgPath).toEqual(path);
    expect((await move(1, 'anna', URUMQI)).body['code']).toBe('request.changed-meanwhile');
    const prefecture = await admin.call('put', `/v1/admin/orgs/${URUMQI}/parent`, {
      body: { parent: KASHGAR },
      seen: 1,
    });
    expect(prefecture.body['code']).toBe('request.malformed');
  });

  it('go when nothing is of them any more', async () => {
    const community = await made();
    const id = await terminal();
    await place(id, community.id);
    const remove = (seen = 1) => admin.call('delete', `/v1/admin/orgs/${community.id}`, { seen });
    expect(await remove()).toMatchObject({ status: 409, body: { code: 'org.not-empty' } });
    await place(id, URUMQI);
    const user = {
      name: 'n',
      passwordHash: 'x',
      roles: [],
      status: 'active',
      createdAt: new Date(0),
    } as const;
    await access.stores.users.insert({ ...user, _id: 'u', scope: community.id });
    expect((await remove()).body['code']).toBe('org.not-empty');
    await t.db.collection('users').deleteMany({});
    expect((await remove(7)).body['code']).toBe('request.changed-meanwhile');
    expect((await remove()).status).toBe(204);
    expect((await remove()).body['code']).toBe('request.not-found');
    expect((await admin.call('delete', '/v1/admin/orgs/650100', { seen: 1 })).body['code']).toBe(
      'request.malformed',
    );
  });

  it('do not keep a terminal that is placed while they move or go', async () => {
    const community = await made();
    const id = await terminal();
    const store = access.stores.orgs;
    const race = async (meanwhile: () => Promise<unknown>) => {
      const { place: really } = terminals;
      let first = true;
      const racing = Object.assign(Object.create(terminals) as TerminalStore, {
        place: async (...args: Parameters<typeof really>) => {
          const placed = await really.apply(terminals, args);
          if (first) await meanwhile();
          first = false;
          return placed;
        },
        displace: terminals.displace.bind(terminals),
        get: terminals.get.bind(terminals),
      });
      await orgsOf(access, racing).place(id, community.id, scopeOf('province'));
      return terminals.get(id);
    };
    const path = ['province', KASHGAR, community.id];
    const moved = await race(() => store.change(community.id, 1, { parent: KASHGAR, path }));
    expect(moved?.orgPath).toEqual(path);
    const gone = await race(() => store.remove(community.id, 2));
    expect([gone?.orgPath, gone?.community]).toEqual([undefined, undefined]);
  });
});

describe('terminals', () => {
  const list = async (as: string, query = '') =>
    (await admin.call('get', `/v1/admin/terminals?${query}`, { as })).body as {
      terminals: { id: string; orgPath: string[] }[];
      next: string | null;
    };

  it('are listed by scope, in pages, newest first', async () => {
    const community = await made();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift(await terminal());
    for (const id of ids.slice(0, 3)) await place(id, community.id);
    expect((await list('anna')).terminals.map(({ id }) => id)).toEqual(ids);
    const first = await list(of(URUMQI), 'limit=2');
    expect(first).toMatchObject({ terminals: [{ id: ids[0] }, { id: ids[1] }], next: ids[1] });
    const rest = await list(of(URUMQI), `limit=2&after=${String(first.next)}`);
    expect(rest).toMatchObject({ terminals: [{ id: ids[2] }], next: null });
    expect((await list(of(KASHGAR))).terminals).toEqual([]);
    expect((await list('anna', `community=${community.id}`)).terminals).toHaveLength(3);
  });

  it('outside of the scope are as if they did not exist, and go nowhere outside of it', async () => {
    const community = await made();
    const id = await terminal();
    const post = async (verb: string, as: string) =>
      (await admin.call('post', `/v1/admin/terminals/${id}/${verb}`, { as })).status;
    // One that is not placed yet is the province's.
    expect(await post('accept', of(URUMQI))).toBe(404);
    expect((await place(id, community.id, of(URUMQI))).status).toBe(404);
    expect((await place(id, community.id)).body).toMatchObject({
      orgPath: ['province', URUMQI, community.id],
    });
    expect(forgotten).toContain(id);
    expect(await post('accept', of(KASHGAR))).toBe(404);
    expect(await post('reject', of(community.id))).toBe(200);
    expect(await post('accept', of(URUMQI))).toBe(200);
    expect((await place(id, KASHGAR, of(URUMQI))).body['code']).toBe('request.not-found');
    expect((await place(id, URUMQI, of(URUMQI))).status).toBe(200);
  });

  it('enrol by a code into the organisation that it was made for, never above its maker', async () => {
    const community = await made();
    const code = async (as: string, query = '') =>
      (await admin.call('post', `/v1/admin/enrol-codes${query}`, { as })).body;
    const id = await terminal();
    const at = new Date(clock.now());
    const taken = async (body: Record<string, unknown>) => codes.take(String(body['code']), id, at);
    expect((await taken(await code('anna')))?.org).toBeUndefined();
    expect((await taken(await code(of(URUMQI))))?.org).toBe(URUMQI);
    expect((await taken(await code(of(URUMQI), `?community=${community.id}`)))?.org).toBe(community.id);
    expect((await code(of(URUMQI), `?community=${KASHGAR}`))['code']).toBe('request.not-found');
    expect((await code(of(URUMQI), '?community=province'))['code']).toBe('request.not-found');
  });
});
