import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { Approval } from './store/approvals.ts';
import { openAccess, type TestAccess } from '../testing/access.ts';
import { openTestContext, type TestContext } from '../testing/context.ts';
import { HERE, staffMember } from '../testing/staff-world.ts';
import { PERMISSIONS, type Permission } from '../kernel/permissions.ts';
import { scopeOf } from '../kernel/scope.ts';
import type { AdminPrincipal } from './sessions.ts';

const PASSWORD = 'correct horse battery';
const NEXT = 'another horse battery';
const URUMQI = '650100';
const KASHGAR = '653100';
const anna = staffMember('anna');
const boris = staffMember('boris');
/** Of the prefecture, with these permissions. */
const local = (name: string, permissions: readonly Permission[] = PERMISSIONS): AdminPrincipal =>
  staffMember(name, permissions, scopeOf(URUMQI));

let t: TestContext;
let clock: ManualClock;
let access: TestAccess;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.empty();
  await t.redis.flushdb();
  t.db.deleteModel(/.*/);
  clock = new ManualClock();
  access = await openAccess(t, clock);
  const both = { passwordHash: 'x', roles: [], status: 'active', createdAt: new Date(0) } as const;
  await access.stores.marks.set({ _id: 'second-person', at: new Date(0) });
  for (const name of ['one', 'two']) await access.stores.users.insert({ ...both, _id: name, name });
});

const allow = (approval: Approval | null, checker = boris): Promise<Approval> =>
  access.approvals.decide({ id: approval?._id ?? '', checker, accept: true, where: HERE });

async function made(
  over: { name?: string; org?: string; roles?: string[] } = {},
  maker = anna,
): Promise<string> {
  const init = { name: 'zhang', password: PASSWORD, roles: [], ...over, maker, where: HERE };
  const { user, approval } = await access.users.create(init);
  expect((await allow(approval)).status).toBe('done');
  return user._id;
}
const names = async (by: AdminPrincipal): Promise<string[]> =>
  (await access.users.list({}, 100, by.scope)).users.map(({ name }) => name);

describe('users of an organisation', () => {
  it('are seen and made by its own managers, and by those above', async () => {
    await made({ org: KASHGAR });
    const { user, approval } = await access.users.create({
      ...{ name: 'li', password: PASSWORD, roles: [], maker: local('carl'), where: HERE },
    });
    expect([user.scope, user.orgPath]).toEqual([URUMQI, ['province', URUMQI]]);
    // Another of the same prefecture may allow it, one of another does not even see it.
    const elsewhere = staffMember('dora', PERMISSIONS, scopeOf(KASHGAR));
    await expect(allow(approval, elsewhere)).rejects.toMatchObject({ code: 'request.not-found' });
    expect((await allow(approval, local('dan'))).status).toBe('done');
    expect(await names(local('carl'))).toEqual(['li']);
    expect(await names(elsewhere)).toEqual(['zhang']);
    expect(await names(anna)).toEqual(['li', 'one', 'two', 'zhang']);
    const kashgar = await access.users.list({ org: KASHGAR }, 100, anna.scope);
    expect(kashgar.users.map(({ name }) => name)).toEqual(['zhang']);
    const page = await access.users.list({}, 2, anna.scope);
    expect([page.users.length, page.next]).toEqual([2, 'one']);
    const rest = await access.users.list({ after: 'one' }, 2, anna.scope);
    expect([rest.users.map(({ name }) => name), rest.next]).toEqual([['two', 'zhang'], null]);
  });

  it('get no scope that reaches beyond their manager’s', async () => {
    const carl = local('carl');
    const li = await made({ name: 'li', org: URUMQI });
    for (const org of ['province', KASHGAR, '659999']) {
      const asked = { name: 'wang', password: PASSWORD, roles: [], org, maker: carl, where: HERE };
      await expect(access.users.create(asked)).rejects.toMatchObject({ code: 'auth.beyond-own' });
      const move = access.users.moveTo(li, { org, seen: 2 }, carl, HERE);
      await expect(move).rejects.toMatchObject({ code: 'auth.beyond-own' });
    }
    const other = await made({ org: KASHGAR });
    const mine = access.users.moveTo(other, { org: URUMQI, seen: 2 }, carl, HERE);
    await expect(mine).rejects.toMatchObject({ code: 'request.not-found' });
  });

  it('move when a checker allows it who has both organisations in their scope', async () => {
    const li = await made({ name: 'li', org: URUMQI });
    const approval = await access.users.moveTo(li, { org: KASHGAR, seen: 2 }, anna, HERE);
    expect(approval.content).toMatchObject({ before: URUMQI, org: KASHGAR });
    await expect(allow(approval, local('dan'))).rejects.toMatchObject({ code: 'request.not-found' });
    expect((await allow(approval)).status).toBe('done');
    expect(await names(staffMember('dora', PERMISSIONS, scopeOf(KASHGAR)))).toEqual(['li']);
    const [entry] = await access.stores.audit.find({ target: li, action: 'user.org', limit: 1 });
    expect(entry?.data).toMatchObject({ before: { org: URUMQI }, after: { org: KASHGAR } });
  });
});

describe('a password that is guessed first', () => {
  it('is taken nowhere where one is chosen', async () => {
    const weak = { code: 'user.weak-password' };
    const create = { name: 'zhang', password: 'woaini5201314', roles: [], maker: anna, where: HERE };
    await expect(access.users.create(create)).rejects.toMatchObject(weak);
    const id = await made();
    await expect(access.resets.password(id, 'zhang13912345678', anna, HERE)).rejects.toMatchObject(weak);
    await expect(access.users.setOwnPassword(anna, 'Password123!', HERE)).rejects.toMatchObject(weak);
    expect(await access.approvals.list('open', anna.scope)).toEqual([]);
    const token = (await access.setup.link()).split('#')[1] ?? '';
    const first = { token, name: 'first', password: 'xinjiang888888' };
    await expect(access.setup.use(first, HERE)).rejects.toMatchObject(weak);
    // The link is not spent by it.
    await expect(access.setup.use({ ...first, token: 'x' }, HERE)).rejects.toMatchObject({
      code: 'setup.spent',
    });
    expect(await t.db.collection('setupLinks').countDocuments()).toBe(1);
  });
});

describe('a change that met another', () => {
  const finance = (permissions: Permission[], seen: number | null) =>
    access.roles.change({ role: 'finance', permissions, seen }, anna, HERE);

  it('of a role is refused with what is there now', async () => {
    await allow(await finance(['refund:request'], null));
    await expect(finance(['audit:read'], null)).rejects.toMatchObject({
      code: 'request.changed-meanwhile',
      present: { name: 'finance', permissions: ['refund:request'], version: 1 },
    });
    await allow(await finance(['audit:read'], 1));
    expect(await access.roles.get('finance')).toMatchObject({ permissions: ['audit:read'], version: 2 });
  });

  it('is refused when it is allowed too late, and nothing is overwritten', async () => {
    const [first, second] = [await finance(['refund:request'], null), await finance(['audit:read'], null)];
    expect(await allow(first)).toMatchObject({ status: 'done' });
    expect(await allow(second)).toMatchObject({ status: 'failed', failure: 'request.changed-meanwhile' });
    expect(await access.roles.get('finance')).toMatchObject({ permissions: ['refund:request'] });
    const li = await made({ name: 'li' });
    const ask = (roles: string[]) => access.users.changeRoles(li, { roles, seen: 2 }, anna, HERE);
    const [one, two] = [await ask(['finance']), await ask([])];
    expect((await allow(one)).status).toBe('done');
    expect(await allow(two)).toMatchObject({ status: 'failed', failure: 'request.changed-meanwhile' });
    await expect(ask([])).rejects.toMatchObject({ present: { roles: ['finance'], version: 3 } });
  });

  it('is done once where a crash came after it', async () => {
    const approval = await finance(['refund:request'], null);
    await access.stores.approvals.decide(
      approval._id,
      'accepted',
      { id: 'boris', name: '' },
      new Date(clock.now()),
    );
    await access.stores.users.editRole('finance', null, {
      permissions: ['refund:request'],
      change: approval._id,
    });
    expect(await access.approvals.resume(() => undefined)).toBe(1);
    expect((await access.stores.approvals.get(approval._id))?.status).toBe('done');
    expect((await access.roles.get('finance')).version).toBe(1);
  });
});

describe('a checker', () => {
  it('has what is given', async () => {
    const approval = await access.roles.change(
      { role: 'finance', permissions: ['audit:read'], seen: null },
      anna,
      HERE,
    );
    const clerk = staffMember('clerk', ['role:manage', 'user:manage', 'approval:decide']);
    await expect(allow(approval, clerk)).rejects.toMatchObject({ code: 'auth.beyond-own' });
    expect((await access.stores.approvals.get(approval._id))?.status).toBe('open');
    expect((await allow(approval)).status).toBe('done');
    const asked = await access.users.create({
      ...{ name: 'li', password: PASSWORD, roles: ['finance'], maker: anna, where: HERE },
    });
    await expect(allow(asked.approval, clerk)).rejects.toMatchObject({ code: 'auth.beyond-own' });
  });
});

describe('a user who cannot get in', () => {
  const login = (password: string) => access.sessions.login('zhang', password);

  it('is shut out at once with all logins, and let in again by two', async () => {
    const id = await made();
    await login(PASSWORD);
    await access.users.disable(id, anna, HERE);
    expect(await access.sessions.of(id)).toEqual([]);
    await expect(login(PASSWORD)).rejects.toMatchObject({ code: 'auth.bad-credentials' });
    const approval = await access.users.enable(id, anna, HERE);
    await expect(allow(approval, anna)).rejects.toMatchObject({ code: 'approval.same-person' });
    await allow(approval);
    await login(PASSWORD);
    await expect(access.users.enable(id, anna, HERE)).rejects.toMatchObject({
      code: 'request.changed-meanwhile',
    });
    const trail = await access.stores.audit.find({ target: id, limit: 10 });
    expect(trail.map(({ action }) => action)).toEqual([
      'user.enable',
      'session.refuse',
      'user.disable',
      'user.create',
      'user.propose',
    ]);
    expect(trail[2]?.data).toEqual({ before: { status: 'active' }, after: { status: 'disabled' } });
    expect(trail[0]?.data).toMatchObject({ before: { status: 'disabled' }, after: { status: 'active' } });
  });

  it('gets another password by two, ends every login and chooses their own', async () => {
    const id = await made();
    await access.sessions.login('zhang', PASSWORD);
    const approval = await access.resets.password(id, NEXT, anna, HERE);
    await expect(login(NEXT)).rejects.toMatchObject({ code: 'auth.bad-credentials' });
    expect(JSON.stringify(await t.db.collection('approvals').find().toArray())).not.toContain('argon2');
    expect((await allow(approval)).status).toBe('done');
    expect(await access.sessions.of(id)).toEqual([]);
    await expect(login(PASSWORD)).rejects.toMatchObject({ code: 'auth.bad-credentials' });
    expect((await login(NEXT)).next).toBe('password');
    // Of two that were asked for the newest counts.
    const [older, newer] = [
      await access.resets.password(id, PASSWORD, anna, HERE),
      await access.resets.password(id, NEXT, anna, HERE),
    ];
    expect(await allow(older)).toMatchObject({ status: 'failed', failure: 'request.changed-meanwhile' });
    expect((await allow(newer)).status).toBe('done');
  });

  it('gets no password and no lost factor from an administrator who may do less', async () => {
    await access.stores.users.putRole({ _id: 'finance', permissions: ['refund:approve'] });
    const id = await made({ roles: ['finance'] });
    const clerk = staffMember('clerk', ['user:manage']);
    const refused = { code: 'auth.beyond-own' };
    await expect(access.resets.password(id, NEXT, clerk, HERE)).rejects.toMatchObject(refused);
    await expect(access.resets.secondFactor(id, clerk, HERE)).rejects.toMatchObject(refused);
    await expect(access.resets.password(anna.userId, NEXT, anna, HERE)).rejects.toMatchObject({
      code: 'auth.forbidden',
    });
  });

  it('loses a second factor by two', async () => {
    const id = await made();
    await expect(access.resets.secondFactor(id, anna, HERE)).rejects.toMatchObject({
      code: 'request.changed-meanwhile',
    });
    await access.stores.users.proposeTotp(id, 's');
    await access.stores.users.turnTotpOn(id, { sealed: 's', lastStep: 1 }, []);
    expect((await login(PASSWORD)).next).toBe('totp');
    expect((await allow(await access.resets.secondFactor(id, anna, HERE))).status).toBe('done');
    expect((await login(PASSWORD)).next).toBe('password');
  });

  it('is locked out for a while, which shows, and is let try again', async () => {
    const id = await made();
    const of = async () => access.users.view(await access.users.getWithin(id, anna.scope));
    expect(await of()).toMatchObject({ locked: false, lastLoginAt: null });
    for (let n = 0; n < 11; n += 1) await login('wrong').catch(() => undefined);
    expect((await of()).locked).toBe(true);
    await expect(login(PASSWORD)).rejects.toMatchObject({ code: 'auth.locked' });
    await access.users.unlock(id, anna, HERE);
    await login(PASSWORD);
    const lastLoginAt = new Date(clock.now()).toISOString();
    expect(await of()).toMatchObject({ locked: false, mustChange: true, totp: false, lastLoginAt });
    // Whoever unlocks in order to guess on gains little.
    for (let n = 0; n < 4; n += 1) await access.users.unlock(id, anna, HERE);
    await expect(access.users.unlock(id, anna, HERE)).rejects.toMatchObject({ code: 'request.rate-limited' });
  });
});
