import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestAccess } from '../testing/access.ts';
import { staffMember } from '../testing/staff-world.ts';
import { AuditTrail } from './audit.ts';
import { Approvals } from './approvals.ts';
import type { AdminPrincipal } from './sessions.ts';
import { ADMINISTRATOR } from './roles.ts';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import { FreshAccess, HERE, PASSWORD } from '../testing/fresh-access.ts';
import { codeOf } from '../testing/problem-code.ts';

let fixture: FreshAccess;
beforeAll(async () => {
  fixture = await FreshAccess.open();
});
afterAll(() => fixture.close());
beforeEach(() => fixture.fresh());

describe('users and roles', () => {
  const makeSecond = async (): Promise<[AdminPrincipal, AdminPrincipal]> => {
    await fixture.access.users.bootstrap(PASSWORD);
    const first = staffMember((await fixture.access.stores.users.byName('admin'))?._id ?? '');
    const made = await fixture.access.users.create({
      name: 'second',
      password: PASSWORD,
      roles: [ADMINISTRATOR],
      maker: first,
      where: HERE,
    });
    expect(made.approval).toBeNull();
    return [first, staffMember(made.user._id)];
  };

  it('one person makes the second, and from then on two are needed', async () => {
    const [first, second] = await makeSecond();
    const { user, approval } = await fixture.access.users.create({
      name: 'third',
      password: PASSWORD,
      roles: [ADMINISTRATOR],
      maker: first,
      where: HERE,
    });
    expect(user.status).toBe('proposed');
    expect(await codeOf(fixture.access.sessions.login('third', PASSWORD))).toBe('auth.bad-credentials');
    const id = approval?._id ?? '';
    expect(
      await codeOf(fixture.access.approvals.decide({ id, checker: first, accept: true, where: HERE })),
    ).toBe('approval.same-person');
    await fixture.access.approvals.decide({ id, checker: second, accept: true, where: HERE });
    expect((await fixture.access.sessions.login('third', PASSWORD)).userId).toBe(user._id);
    expect(JSON.stringify(await fixture.t.db.collection('approvals').find().toArray())).not.toContain(
      'argon2',
    );
  });

  it('a role changes when a second person allows it; the administrator’s never', async () => {
    const [first, second] = await makeSecond();
    const approval = await fixture.access.roles.change(
      { role: 'finance', permissions: ['refund:approve'], seen: null },
      first,
      HERE,
    );
    expect(await fixture.access.stores.users.permissionsOf(['finance'])).toEqual(new Set());
    await fixture.access.approvals.decide({ id: approval._id, checker: second, accept: true, where: HERE });
    expect(await fixture.access.stores.users.permissionsOf(['finance'])).toEqual(new Set(['refund:approve']));
    const all = { role: ADMINISTRATOR, permissions: [], seen: 0 };
    expect(await codeOf(fixture.access.roles.change(all, first, HERE))).toBe('auth.forbidden');
  });

  it('no user has another’s name or shuts their own account', async () => {
    const [first] = await makeSecond();
    const again = { name: 'second', password: PASSWORD, roles: [], maker: first, where: HERE };
    expect(await codeOf(fixture.access.users.create(again))).toBe('user.name-taken');
    expect(await codeOf(fixture.access.users.disable(first.userId, first, HERE))).toBe('auth.forbidden');
  });
});

describe('what a user cannot give', () => {
  it('is what they do not have, and anything to themselves', async () => {
    await fixture.access.stores.users.putRole({ _id: 'finance', permissions: ['refund:approve'] });
    const clerk = staffMember('clerk', ['user:manage', 'role:manage']);
    const made = { name: 'third', password: PASSWORD, roles: ['finance'], maker: clerk, where: HERE };
    expect(await codeOf(fixture.access.users.create(made))).toBe('auth.beyond-own');
    const { user } = await fixture.access.users.create({ ...made, roles: [] });
    const more = { roles: ['finance'], seen: 2 };
    expect(await codeOf(fixture.access.users.changeRoles(user._id, more, clerk, HERE))).toBe(
      'auth.beyond-own',
    );
    const change = (permissions: string[]) =>
      fixture.access.roles.change({ role: 'finance', permissions, seen: 0 }, clerk, HERE);
    const widen = change(['refund:approve', 'user:manage']);
    expect((await widen).content).toMatchObject({ before: ['refund:approve'] });
    expect(await codeOf(change(['audit:read']))).toBe('auth.beyond-own');
    const none = { roles: [], seen: 2 };
    const self = fixture.access.users.changeRoles(clerk.userId, none, { ...clerk, userId: user._id }, HERE);
    expect(await codeOf(self)).toBe('request.not-found');
    const own = fixture.access.users.changeRoles(user._id, none, { ...clerk, userId: user._id }, HERE);
    expect(await codeOf(own)).toBe('auth.forbidden');
  });
});

describe('the audit trail', () => {
  const entry = { who: { kind: 'admin', id: 'a' }, action: 'x.y', target: 't', where: HERE } as const;

  it('holds every mutation with who, what, when and where, and no secret', async () => {
    await fixture.access.users.bootstrap(PASSWORD);
    await fixture.access.audit.record({
      ...entry,
      data: { password: PASSWORD, deep: { code: '1234' }, n: 1 },
    });
    const entries = await fixture.access.stores.audit.find({ limit: 10 });
    expect(entries.map(({ action }) => action).toSorted()).toEqual(['user.create', 'x.y']);
    const text = JSON.stringify(await fixture.t.db.collection('audit').find().toArray());
    expect(text).not.toMatch(/correct horse|1234"/);
    expect(text).toContain(HERE.traceId);
  });

  it('lets nothing be done that it cannot hold', async () => {
    const broken = { ...fixture.access.stores.audit, newest: () => Promise.reject(new Error('away')) };
    const audit = new AuditTrail(
      broken as unknown as TestAccess['stores']['audit'],
      fixture.access.heads,
      fixture.clock,
    );
    const { approvals: store, claims } = fixture.access.stores;
    const approvals = new Approvals({ store, claims, audit, clock: fixture.clock });
    approvals.register('test', { permission: 'user:manage', run: () => Promise.resolve() });
    const asked = approvals.request({ kind: 'test', content: {}, maker: staffMember('m'), where: HERE });
    await expect(asked).rejects.toThrow('away');
    expect(await fixture.access.approvals.list(undefined, WHOLE_PROVINCE)).toEqual([]);
  });
});
