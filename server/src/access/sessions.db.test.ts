import type { Context } from 'koa';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PERMISSIONS } from '../kernel/permissions.ts';
import { SecondFactor } from './second-factor.ts';
import { SESSION_TTL_MS, Sessions, type AdminPrincipal } from './sessions.ts';
import { HashSeal } from './store/hash-seal.ts';
import { FreshAccess, PASSWORD } from '../testing/fresh-access.ts';
import { codeOf } from '../testing/problem-code.ts';

let fixture: FreshAccess;
beforeAll(async () => {
  fixture = await FreshAccess.open();
});
afterAll(() => fixture.close());
beforeEach(() => fixture.fresh());

const NO_COOKIES = { get: () => undefined };

/** `correct horse battery`, as passwords were kept before. */
const OF_BEFORE = 'scrypt$2$8$1$AAAAAAAAAAAAAAAAAAAAAA$nKpv7d5Tb1V5y8xZMlwKi_LhzzpiKEg65WZq65yRA40';

describe('sessions', () => {
  it('make a hash of before anew', async () => {
    await fixture.access.users.bootstrap(PASSWORD);
    const { _id } = (await fixture.access.stores.users.byName('admin')) ?? { _id: '' };
    const { users } = fixture.access.stores;
    const hash = async (): Promise<string> =>
      users.hashOf((await users.get(_id)) ?? { _id, passwordHash: '' });
    await users.setPassword(_id, OF_BEFORE, new Date(0));
    expect(await codeOf(fixture.access.sessions.login('admin', 'wrong'))).toBe('auth.bad-credentials');
    expect(await hash()).toBe(OF_BEFORE);
    await fixture.access.sessions.login('admin', PASSWORD);
    expect(await hash()).toMatch(/^\$argon2id\$/);
    await fixture.access.sessions.login('admin', PASSWORD);
  });

  const call = (token: string): Promise<AdminPrincipal> =>
    fixture.access.sessions.authenticate(contextOf(token));
  const contextOf = (token: string): Context =>
    ({ get: () => `Bearer ${token}`, set: () => undefined, cookies: NO_COOKIES }) as unknown as Context;

  it('open no password’s hash for a request, and ask once for the second factor', async () => {
    await fixture.access.users.bootstrap(PASSWORD);
    const { token } = await fixture.access.sessions.login('admin', PASSWORD);
    const [opened, asked] = [vi.spyOn(HashSeal.prototype, 'open'), vi.spyOn(SecondFactor.prototype, 'has')];
    const required = new Sessions({ ...fixture.access.sessionsInit, required: true });
    await required.authenticate(contextOf(token));
    expect(opened).not.toHaveBeenCalled();
    expect(asked).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
  });

  it('the first administrator comes from the configuration, once', async () => {
    expect(await fixture.access.users.bootstrap(PASSWORD)).toBe(true);
    expect(await fixture.access.users.bootstrap('another password')).toBe(false);
    const { token } = await fixture.access.sessions.login('Admin', PASSWORD);
    const me = await call(token);
    expect(me.name).toBe('admin');
    expect([...me.permissions].toSorted()).toEqual([...PERMISSIONS].toSorted());
    expect(JSON.stringify(await fixture.t.db.collection('sessions').find().toArray())).not.toContain(token);
    expect(JSON.stringify(await fixture.t.db.collection('users').find().toArray())).not.toContain('argon2');
  });

  it('end by themselves, by logging out and with the account', async () => {
    await fixture.access.users.bootstrap(PASSWORD);
    const first = await fixture.access.sessions.login('admin', PASSWORD);
    const second = await fixture.access.sessions.login('admin', PASSWORD);
    await fixture.access.sessions.logout(contextOf(first.token));
    expect(await codeOf(call(first.token))).toBe('auth.expired');
    expect((await call(second.token)).userId).toBe(second.userId);
    await fixture.access.stores.users.edit(second.userId, 1, { status: 'disabled' });
    expect(await codeOf(call(second.token))).toBe('auth.expired');
    await fixture.access.stores.users.edit(second.userId, 2, { status: 'active' });
    fixture.clock.jump(SESSION_TTL_MS);
    expect(await codeOf(call(second.token))).toBe('auth.expired');
    expect(await codeOf(call('A'.repeat(43)))).toBe('auth.expired');
    expect(await codeOf(call('short'))).toBe('auth.required');
  });

  it('are refused for a wrong password or name alike, and for a while after ten of them', async () => {
    await fixture.access.users.bootstrap(PASSWORD);
    expect(await codeOf(fixture.access.sessions.login('nobody', PASSWORD))).toBe('auth.bad-credentials');
    for (let n = 0; n < 10; n += 1) {
      expect(await codeOf(fixture.access.sessions.login('admin', 'wrong'))).toBe('auth.bad-credentials');
    }
    expect(await codeOf(fixture.access.sessions.login('admin', PASSWORD))).toBe('auth.locked');
  });
});
