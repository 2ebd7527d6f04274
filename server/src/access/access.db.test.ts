import type { Context } from 'koa';
import { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../kernel/problem.ts';
import type { Approval } from './store/approvals.ts';
import { openAccess, type TestAccess } from '../testing/access.ts';
import { staffMember } from '../testing/staff-world.ts';
import { openTestContext, type TestContext } from '../testing/context.ts';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { AuditTrail } from './audit.ts';
import { Approvals } from './approvals.ts';
import { ARGON2ID, hashPassword, isOutdated, verifyPassword } from './password.ts';
import { PERMISSIONS, type Permission } from '../kernel/permissions.ts';
import { SESSION_TTL_MS, type AdminPrincipal } from './sessions.ts';
import { ADMINISTRATOR } from './roles.ts';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';

const HERE = { ip: '127.0.0.1', traceId: 'a'.repeat(32) };
const NO_COOKIES = { get: () => undefined };
const PASSWORD = 'correct horse battery';

function person(userId: string, permissions: readonly Permission[] = PERMISSIONS): AdminPrincipal {
  return staffMember(userId, permissions);
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ProblemError ? error.code : String(error);
}

let t: TestContext;
let clock: ManualClock;
let access: TestAccess;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  await Promise.all((await t.db.listCollections()).map(({ name }) => t.db.collection(name).deleteMany({})));
  await t.redis.flushdb();
  t.db.deleteModel(/.*/);
  clock = new ManualClock();
  access = await openAccess(t, clock);
});

describe('passwords', () => {
  it('are kept as a salted hash that only the same password fits', async () => {
    const cost = { ...ARGON2ID, memoryCost: 64, timeCost: 1 };
    const [one, two] = [await hashPassword(PASSWORD, cost), await hashPassword(PASSWORD, cost)];
    expect(one).not.toBe(two);
    expect(await verifyPassword(PASSWORD, one)).toBe(true);
    expect(await verifyPassword(`${PASSWORD}!`, one)).toBe(false);
    expect(await verifyPassword(PASSWORD, 'nonsense')).toBe(false);
  });

  it('are hashed at the cost that OWASP advises', async () => {
    const hash = await hashPassword(PASSWORD);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(PASSWORD, hash)).toBe(true);
    expect(isOutdated(hash)).toBe(false);
  });
});

/** `correct horse battery`, as passwords were kept before. */
const OF_BEFORE = 'scrypt$2$8$1$AAAAAAAAAAAAAAAAAAAAAA$nKpv7d5Tb1V5y8xZMlwKi_LhzzpiKEg65WZq65yRA40';

describe('sessions', () => {
  it('make a hash of before anew', async () => {
    await access.users.bootstrap(PASSWORD);
    const { _id } = (await access.stores.users.byName('admin')) ?? { _id: '' };
    await access.stores.users.setPassword(_id, OF_BEFORE);
    expect(await codeOf(access.sessions.login('admin', 'wrong'))).toBe('auth.bad-credentials');
    expect((await access.stores.users.get(_id))?.passwordHash).toBe(OF_BEFORE);
    await access.sessions.login('admin', PASSWORD);
    expect((await access.stores.users.get(_id))?.passwordHash).toMatch(/^\$argon2id\$/);
    await access.sessions.login('admin', PASSWORD);
  });

  const call = (token: string): Promise<AdminPrincipal> => access.sessions.authenticate(contextOf(token));
  const contextOf = (token: string): Context =>
    ({ get: () => `Bearer ${token}`, set: () => undefined, cookies: NO_COOKIES }) as unknown as Context;

  it('the first administrator comes from the configuration, once', async () => {
    expect(await access.users.bootstrap(PASSWORD)).toBe(true);
    expect(await access.users.bootstrap('another password')).toBe(false);
    const { token } = await access.sessions.login('Admin', PASSWORD);
    const me = await call(token);
    expect(me.name).toBe('admin');
    expect([...me.permissions].toSorted()).toEqual([...PERMISSIONS].toSorted());
    expect(JSON.stringify(await t.db.collection('sessions').find().toArray())).not.toContain(token);
  });

  it('end by themselves, by logging out and with the account', async () => {
    await access.users.bootstrap(PASSWORD);
    const first = await access.sessions.login('admin', PASSWORD);
    const second = await access.sessions.login('admin', PASSWORD);
    await access.sessions.logout(contextOf(first.token));
    expect(await codeOf(call(first.token))).toBe('auth.expired');
    expect((await call(second.token)).userId).toBe(second.userId);
    await access.stores.users.edit(second.userId, 1, { status: 'disabled' });
    expect(await codeOf(call(second.token))).toBe('auth.expired');
    await access.stores.users.edit(second.userId, 2, { status: 'active' });
    clock.jump(SESSION_TTL_MS);
    expect(await codeOf(call(second.token))).toBe('auth.expired');
    expect(await codeOf(call('A'.repeat(43)))).toBe('auth.expired');
    expect(await codeOf(call('short'))).toBe('auth.required');
  });

  it('are refused for a wrong password or name alike, and for a while after ten of them', async () => {
    await access.users.bootstrap(PASSWORD);
    expect(await codeOf(access.sessions.login('nobody', PASSWORD))).toBe('auth.bad-credentials');
    for (let n = 0; n < 10; n += 1) {
      expect(await codeOf(access.sessions.login('admin', 'wrong'))).toBe('auth.bad-credentials');
    }
    expect(await codeOf(access.sessions.login('admin', PASSWORD))).toBe('auth.locked');
  });
});

describe('approvals', () => {
  let runs: string[];
  let fail: Error | undefined;
  const maker = person('maker');
  const checker = person('checker');
  beforeEach(() => {
    runs = [];
    fail = undefined;
    access.approvals.register('test', {
      permission: 'refund:approve',
      run: (approval) => {
        runs.push(approval._id);
        return fail === undefined ? Promise.resolve() : Promise.reject(fail);
      },
    });
  });
  const request = (): Promise<Approval> =>
    access.approvals.request({ kind: 'test', content: { fen: 5000 }, maker, where: HERE });
  const decide = (id: string, who: AdminPrincipal, accept = true): Promise<Approval> =>
    access.approvals.decide({ id, checker: who, accept, where: HERE });

  it('are carried out once, when a second person allows it', async () => {
    const { _id } = await request();
    expect(runs).toEqual([]);
    expect((await decide(_id, checker)).status).toBe('done');
    expect(runs).toEqual([_id]);
    expect(await codeOf(decide(_id, checker))).toBe('approval.already-decided');
    expect(runs).toEqual([_id]);
  });

  it('are not decided by whoever asked, nor by somebody without the permission', async () => {
    const { _id } = await request();
    expect(await codeOf(decide(_id, maker))).toBe('approval.same-person');
    expect(await codeOf(decide(_id, person('clerk', ['approval:decide'])))).toBe('auth.forbidden');
    expect(await codeOf(decide('00000000-0000-4000-8000-000000000000', checker))).toBe('request.not-found');
    expect((await access.stores.approvals.get(_id))?.status).toBe('open');
    expect(
      await access.stores.approvals.decide(_id, 'accepted', { id: 'maker', name: '' }, new Date()),
    ).toBeNull();
  });

  it('that are refused are never carried out', async () => {
    const { _id } = await request();
    expect((await decide(_id, checker, false)).status).toBe('refused');
    expect(await access.approvals.resume(() => undefined)).toBe(0);
    expect(runs).toEqual([]);
  });

  it('of many checkers at once, one decides', async () => {
    const { _id } = await request();
    const codes = await Promise.all(
      Array.from({ length: 8 }, (_, n) => codeOf(decide(_id, person(`checker-${n}`), n % 2 === 0))),
    );
    expect(codes.filter((code) => code === 'undefined')).toHaveLength(1);
    expect(codes.filter((code) => code === 'approval.already-decided')).toHaveLength(7);
    expect(runs.length).toBeLessThanOrEqual(1);
  });

  it('are carried out after a crash between the decision and the doing', async () => {
    const { _id } = await request();
    const who = { id: 'checker', name: 'checker' };
    await access.stores.approvals.decide(_id, 'accepted', who, new Date(clock.now()));
    expect(await access.approvals.resume(() => undefined)).toBe(1);
    expect(runs).toEqual([_id]);
    expect((await access.stores.approvals.get(_id))?.status).toBe('done');
  });

  it('are carried out again after a crash in the middle, by whom the lease lets', async () => {
    const { _id } = await request();
    const who = { id: 'checker', name: 'checker' };
    const at = new Date(clock.now());
    await access.stores.approvals.decide(_id, 'accepted', who, at);
    await access.stores.approvals.startRun(_id, at, new Date(clock.now() + 30_000));
    expect(await access.approvals.resume(() => undefined)).toBe(0);
    clock.jump(30_000);
    expect(await access.approvals.resume(() => undefined)).toBe(1);
    expect(runs).toEqual([_id]);
  });

  it('stay accepted through a passing failure, and end as failed by a problem', async () => {
    const passing = await request();
    fail = new Error('the database is away');
    await expect(decide(passing._id, checker)).rejects.toThrow('away');
    const seen: string[] = [];
    expect(await access.approvals.resume((_error, id) => seen.push(id))).toBe(0);
    expect(seen).toEqual([passing._id]);
    fail = undefined;
    expect(await access.approvals.resume(() => undefined)).toBe(1);
    const final = await request();
    fail = new ProblemError({ code: 'order.closed', message: 'Closed.' });
    expect(await decide(final._id, checker)).toMatchObject({ status: 'failed', failure: 'order.closed' });
    const old = await request();
    fail = z.strictObject({ version: z.int() }).safeParse({}).error;
    expect(await decide(old._id, checker)).toMatchObject({ status: 'failed', failure: 'request.malformed' });
  });

  it('asked for again under one key are one, also at the same moment, and never another request', async () => {
    const ask = (digest: string, by = maker) =>
      access.approvals.request({
        ...{ kind: 'test', content: { fen: 5000 }, maker: by },
        where: { ...HERE, intent: { key: 'one-intention-0001', digest } },
      });
    const [first, second] = await Promise.all([ask('a'), ask('a')]);
    expect(second._id).toBe(first._id);
    await access.approvals.decide({ id: first._id, checker, accept: true, where: HERE });
    expect(await ask('a')).toMatchObject({ _id: first._id, status: 'done' });
    await expect(ask('b')).rejects.toMatchObject({ code: 'order.idempotency-mismatch' });
    expect((await ask('a', checker))._id).not.toBe(first._id);
  });

  it('know only kinds that were registered, each once', async () => {
    const unknown = access.approvals.request({ kind: 'other', content: {}, maker, where: HERE });
    await expect(unknown).rejects.toThrow('registered');
    expect(() => {
      access.approvals.register('test', { permission: 'user:manage', run: () => Promise.resolve() });
    }).toThrow('twice');
  });
});

describe('users and roles', () => {
  const makeSecond = async (): Promise<[AdminPrincipal, AdminPrincipal]> => {
    await access.users.bootstrap(PASSWORD);
    const first = person((await access.stores.users.byName('admin'))?._id ?? '');
    const made = await access.users.create({
      name: 'second',
      password: PASSWORD,
      roles: [ADMINISTRATOR],
      maker: first,
      where: HERE,
    });
    expect(made.approval).toBeNull();
    return [first, person(made.user._id)];
  };

  it('one person makes the second, and from then on two are needed', async () => {
    const [first, second] = await makeSecond();
    const { user, approval } = await access.users.create({
      name: 'third',
      password: PASSWORD,
      roles: [ADMINISTRATOR],
      maker: first,
      where: HERE,
    });
    expect(user.status).toBe('proposed');
    expect(await codeOf(access.sessions.login('third', PASSWORD))).toBe('auth.bad-credentials');
    const id = approval?._id ?? '';
    expect(await codeOf(access.approvals.decide({ id, checker: first, accept: true, where: HERE }))).toBe(
      'approval.same-person',
    );
    await access.approvals.decide({ id, checker: second, accept: true, where: HERE });
    expect((await access.sessions.login('third', PASSWORD)).userId).toBe(user._id);
    expect(JSON.stringify(await t.db.collection('approvals').find().toArray())).not.toContain('argon2');
  });

  it('a role changes when a second person allows it; the administrator’s never', async () => {
    const [first, second] = await makeSecond();
    const approval = await access.roles.change(
      { role: 'finance', permissions: ['refund:approve'], seen: null },
      first,
      HERE,
    );
    expect(await access.stores.users.permissionsOf(['finance'])).toEqual(new Set());
    await access.approvals.decide({ id: approval._id, checker: second, accept: true, where: HERE });
    expect(await access.stores.users.permissionsOf(['finance'])).toEqual(new Set(['refund:approve']));
    const all = { role: ADMINISTRATOR, permissions: [], seen: 0 };
    expect(await codeOf(access.roles.change(all, first, HERE))).toBe('auth.forbidden');
  });

  it('nobody has another’s name or shuts the own account', async () => {
    const [first] = await makeSecond();
    const again = { name: 'second', password: PASSWORD, roles: [], maker: first, where: HERE };
    expect(await codeOf(access.users.create(again))).toBe('user.name-taken');
    expect(await codeOf(access.users.disable(first.userId, first, HERE))).toBe('auth.forbidden');
  });
});

describe('what nobody can give', () => {
  it('is what they do not have, and anything to themselves', async () => {
    await access.stores.users.putRole({ _id: 'finance', permissions: ['refund:approve'] });
    const clerk = person('clerk', ['user:manage', 'role:manage']);
    const made = { name: 'third', password: PASSWORD, roles: ['finance'], maker: clerk, where: HERE };
    expect(await codeOf(access.users.create(made))).toBe('auth.beyond-own');
    const { user } = await access.users.create({ ...made, roles: [] });
    const more = { roles: ['finance'], seen: 1 };
    expect(await codeOf(access.users.changeRoles(user._id, more, clerk, HERE))).toBe('auth.beyond-own');
    const change = (permissions: string[]) =>
      access.roles.change({ role: 'finance', permissions, seen: 0 }, clerk, HERE);
    const widen = change(['refund:approve', 'user:manage']);
    expect((await widen).content).toMatchObject({ before: ['refund:approve'] });
    expect(await codeOf(change(['audit:read']))).toBe('auth.beyond-own');
    const none = { roles: [], seen: 1 };
    const self = access.users.changeRoles(clerk.userId, none, { ...clerk, userId: user._id }, HERE);
    expect(await codeOf(self)).toBe('request.not-found');
    const own = access.users.changeRoles(user._id, none, { ...clerk, userId: user._id }, HERE);
    expect(await codeOf(own)).toBe('auth.forbidden');
  });
});

describe('the audit trail', () => {
  const entry = { who: { kind: 'admin', id: 'a' }, action: 'x.y', target: 't', where: HERE } as const;

  it('holds every mutation with who, what, when and where, and no secret', async () => {
    await access.users.bootstrap(PASSWORD);
    await access.audit.record({ ...entry, data: { password: PASSWORD, deep: { code: '1234' }, n: 1 } });
    const entries = await access.stores.audit.find({ limit: 10 });
    expect(entries.map(({ action }) => action).toSorted()).toEqual(['user.create', 'x.y']);
    const text = JSON.stringify(await t.db.collection('audit').find().toArray());
    expect(text).not.toMatch(/correct horse|1234"/);
    expect(text).toContain(HERE.traceId);
  });

  it('lets nothing be done that it cannot hold', async () => {
    const broken = { ...access.stores.audit, newest: () => Promise.reject(new Error('away')) };
    const audit = new AuditTrail(broken as unknown as TestAccess['stores']['audit'], access.heads, clock);
    const approvals = new Approvals({ store: access.stores.approvals, audit, clock });
    approvals.register('test', { permission: 'user:manage', run: () => Promise.resolve() });
    const asked = approvals.request({ kind: 'test', content: {}, maker: person('m'), where: HERE });
    await expect(asked).rejects.toThrow('away');
    expect(await access.approvals.list(undefined, WHOLE_PROVINCE)).toEqual([]);
  });
});
