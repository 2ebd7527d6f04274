import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createdUser, invitationView, adminUser } from '@bianmin/purchase/api/admin-users';
import { cookieLoginResponse } from '@bianmin/purchase/api/admin-login';
import { ADMIN_PASSWORD, openTestWeb, type TestWeb } from '../testing/web.ts';
import { callWeb } from '../testing/web-call.ts';

const OWN = 'known to boris alone';

let s: TestWeb;
beforeAll(async () => {
  s = await openTestWeb();
});
afterAll(() => s.close());

const post = (path: string, body: unknown, token?: string) =>
  callWeb(s.web.url, 'POST', path, { body, ...(token === undefined ? {} : { token }) });
const codeIn = ({ body }: { body: unknown }): unknown => (body as { code?: unknown }).code;

it('a link begins the session of whom it is for, once, and its token is in no answer of later', async () => {
  const login = await post('/v1/admin/login', { name: 'admin', password: ADMIN_PASSWORD });
  const { token } = z.object({ token: z.string() }).parse(login.body);
  const asked = await post('/v1/admin/users', { name: 'boris', roles: ['ready:community'] }, token);
  const made = createdUser.parse(asked.body);
  // The second person ever is let in by the first alone.
  expect([asked.status, made.approval, made.user.status]).toEqual([202, null, 'active']);
  const link = /^\/admin\/invitation#([\w-]{43})$/.exec(made.invitation?.path ?? '')?.[1] ?? '';
  expect(
    invitationView.parse((await post('/v1/admin/invitations/look', { token: link })).body),
  ).toMatchObject({
    ...{ name: 'boris', roles: ['ready:community'], takesCash: true, waits: false },
  });
  const address = `/v1/admin/users/${made.user.id}`;
  const before = await callWeb(s.web.url, 'GET', address, { token });
  expect(adminUser.parse(before.body).invitedUntil).toBe(made.invitation?.expiresAt);
  expect(JSON.stringify(before.body)).not.toContain(link);

  const url = `${s.web.url}/v1/admin/invitations/accept`;
  const headers = { 'content-type': 'application/json' };
  const accept = () =>
    fetch(url, { method: 'POST', headers, body: JSON.stringify({ token: link, password: OWN }) });
  const answer = await accept();
  const { csrf } = cookieLoginResponse.parse(await answer.json());
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const me = await callWeb(s.web.url, 'GET', '/v1/admin/me', { headers: { cookie } });
  expect([answer.status, me.body]).toMatchObject([200, { name: 'boris', csrf, next: 'ready' }]);
  expect((await accept()).status).toBe(404);
  expect(codeIn(await post('/v1/admin/invitations/look', { token: link }))).toBe('invitation.spent');
  expect((await post('/v1/admin/login', { name: 'boris', password: OWN })).status).toBe(200);
  const after = adminUser.parse((await callWeb(s.web.url, 'GET', address, { token })).body);
  expect([after.invitedUntil, after.mustChange]).toEqual([null, false]);
});
