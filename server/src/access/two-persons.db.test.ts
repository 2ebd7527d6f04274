import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '@bianmin/card/node/system-clock';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { ADMIN_PASSWORD, openTestWeb, type TestWeb } from '../testing/web.ts';
import { callWeb } from '../testing/web-call.ts';

const DAY_MS = 24 * 3_600_000;
const made = z.object({
  user: z.object({ id: z.string(), version: z.int(), approvesFrom: z.iso.datetime().nullish() }),
  approval: adminApproval.nullable(),
});

let s: TestWeb;
let aheadMs = 0;
beforeAll(async () => {
  await begin();
});
afterAll(() => s.close());

/** An installation that has just begun. */
async function begin(): Promise<void> {
  aheadMs = 0;
  const began = systemClock.now();
  s = await openTestWeb({}, { ...systemClock, now: () => began + aheadMs });
}

type Answer = Awaited<ReturnType<typeof callWeb>> & { code?: string };
async function call(token: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = method === 'PUT' ? { 'if-none-match': '*' } : {};
  const answer = await callWeb(s.web.url, method, path, {
    ...{ token, headers },
    ...(body === undefined ? {} : { body }),
  });
  const { code } = (answer.body ?? {}) as { code?: string };
  return { ...answer, ...(code === undefined ? {} : { code }) };
}

async function login(name = 'admin', password = ADMIN_PASSWORD): Promise<string> {
  const { body } = await callWeb(s.web.url, 'POST', '/v1/admin/login', { body: { name, password } });
  return z.object({ token: z.string() }).parse(body).token;
}

/** Somebody new, as `by` asks for them. */
async function create(by: string, name: string, roles = ['administrator']): Promise<z.infer<typeof made>> {
  const user = { name, password: `${name} does not know yet`, roles };
  const answer = await call(by, 'POST', '/v1/admin/users', user);
  expect(answer.status).toBe(202);
  return made.parse(answer.body);
}

/** Their login, after they chose a password of their own. */
async function settledLogin(name: string): Promise<string> {
  const [current, next] = [`${name} does not know yet`, `only ${name} knows this`];
  const early = await login(name, current);
  expect((await call(early, 'POST', '/v1/admin/me/password', { current, next })).status).toBe(204);
  return login(name, next);
}

const decide = (by: string, approval: { id: string } | null, accept = true): Promise<Answer> =>
  call(by, 'POST', `/v1/admin/approvals/${approval?.id ?? ''}/decide`, { accept });
/** What takes two: a new role. */
async function asks(by: string, role: string): Promise<{ id: string }> {
  const { body } = await call(by, 'PUT', `/v1/admin/roles/${role}`, { permissions: ['order:read'] });
  return adminApproval.parse(body);
}

describe('one administrator', () => {
  beforeEach(async () => {
    await s.close();
    await begin();
  });

  it('makes no second one alone once there was a second, whoever is left', async () => {
    const admin = await login();
    const second = await create(admin, 'boris');
    expect(second.approval).toBeNull();
    // However it came that nobody else is left.
    await s.t.db.collection('users').updateOne({ name: 'boris' }, { $set: { status: 'disabled' } });
    const puppet = await create(admin, 'puppet');
    expect(puppet.approval).not.toBeNull();
    expect(
      (
        await callWeb(s.web.url, 'POST', '/v1/admin/login', {
          body: { name: 'puppet', password: 'puppet does not know yet' },
        })
      ).status,
    ).toBe(401);
  });

  it('makes one second person alone, also where two are asked for at the same moment', async () => {
    const admin = await login();
    const both = await Promise.all(['boris', 'puppet'].map((name) => create(admin, name)));
    expect(both.filter(({ approval }) => approval === null)).toHaveLength(1);
  });

  it('does not shut out the last other person who could refuse', async () => {
    const admin = await login();
    const { user } = await create(admin, 'boris');
    const boris = await settledLogin('boris');
    const shut = await call(admin, 'POST', `/v1/admin/users/${user.id}/disable`);
    const asked = z.object({ approval: adminApproval }).parse(shut.body).approval;
    expect((await call(boris, 'GET', '/v1/admin/me')).status).toBe(200);
    expect((await decide(admin, asked)).code).toBe('approval.same-person');
    // Boris may go, where Boris agrees.
    expect((await decide(boris, asked)).status).toBe(200);
    expect((await call(boris, 'GET', '/v1/admin/me')).status).toBe(401);
  });

  it('does not shut out the two last others at the same moment', async () => {
    const admin = await login();
    const first = await create(admin, 'boris');
    const boris = await settledLogin('boris');
    const second = await create(admin, 'carla');
    await decide(boris, second.approval);
    const ids = [first.user.id, second.user.id];
    await Promise.all(ids.map((id) => call(admin, 'POST', `/v1/admin/users/${id}/disable`)));
    const left = await s.t.db
      .collection<{ _id: string }>('users')
      .countDocuments({ _id: { $in: ids }, status: 'active' });
    expect(left).toBe(1);
  });

  it('has no use of a person who was let in just now', async () => {
    const admin = await login();
    const boris = await create(admin, 'boris').then(() => settledLogin('boris'));
    // On the first day nobody can be a day old.
    expect((await decide(boris, await asks(admin, 'first'))).status).toBe(200);
    aheadMs = 3 * DAY_MS;
    const [admin2, boris2] = [await login(), await login('boris', 'only boris knows this')];
    const third = await create(admin2, 'carla');
    await decide(boris2, third.approval);
    const carla = await settledLogin('carla');
    const asked = await asks(admin2, 'second');
    expect((await decide(carla, asked)).code).toBe('approval.too-new');
    const me = z
      .object({ approvesFrom: z.iso.datetime() })
      .parse((await call(carla, 'GET', '/v1/admin/me')).body);
    expect(new Date(me.approvesFrom).getTime()).toBeGreaterThan(systemClock.now() + 3 * DAY_MS);
    // Refusing takes nothing.
    expect((await decide(carla, await asks(admin2, 'third'), false)).status).toBe(200);
    aheadMs += DAY_MS + 60_000;
    expect((await decide(await login('carla', 'only carla knows this'), asked)).status).toBe(200);
  });

  it('has no use of a person who was given the right to allow just now, by a role of theirs either', async () => {
    const admin = await login();
    const boris = await create(admin, 'boris').then(() => settledLogin('boris'));
    const clerkRole = await call(admin, 'PUT', '/v1/admin/roles/clerk', { permissions: ['order:read'] });
    await decide(boris, adminApproval.parse(clerkRole.body));
    const clerk = await create(admin, 'clerk', ['clerk']);
    await decide(boris, clerk.approval);
    await settledLogin('clerk');
    aheadMs = 3 * DAY_MS;
    const [admin2, boris2] = [await login(), await login('boris', 'only boris knows this')];
    const permissions = ['order:read', 'role:manage', 'approval:decide'];
    const wider = await callWeb(s.web.url, 'PUT', '/v1/admin/roles/clerk', {
      ...{ token: admin2, headers: { 'if-match': '"1"' }, body: { permissions } },
    });
    expect((await decide(boris2, adminApproval.parse(wider.body))).status).toBe(200);
    const asked = await asks(admin2, 'second');
    const clerk2 = await login('clerk', 'only clerk knows this');
    expect((await decide(clerk2, asked)).code).toBe('approval.too-new');
    aheadMs += DAY_MS + 60_000;
    expect((await decide(await login('clerk', 'only clerk knows this'), asked)).status).toBe(200);
  });
});
