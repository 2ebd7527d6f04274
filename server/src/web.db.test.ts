import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '@bianmin/card/node/system-clock';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { auditPage } from '@bianmin/purchase/api/audit';
import { problemSchema } from '@bianmin/purchase/api/problem';
import { ADMIN_PASSWORD, ENROL_CODE, openTestWeb, type TestWeb } from './testing/web.ts';
import { openApi } from './testing/open-api-document.ts';
import { callWeb, type WebRequest } from './testing/web-call.ts';
import { TestTerminal } from './testing/terminal.ts';

const SECOND_PASSWORD = 'one that the second chose';

let s: TestWeb;
beforeAll(async () => {
  s = await openTestWeb();
});
afterAll(() => s.close());

const call = (...request: WebRequest) => callWeb(s.web.url, ...request);

async function login(name = 'admin', password = ADMIN_PASSWORD): Promise<string> {
  const { body } = await call('POST', '/v1/admin/login', { body: { name, password } });
  return z.object({ token: z.string() }).parse(body).token;
}

async function enrol(terminal: TestTerminal, code?: string): Promise<string> {
  const jws = await terminal.enrolment(code === undefined ? {} : { code });
  const { body } = await call('POST', '/v1/terminal/enrol', { body: { jws } });
  return z.object({ status: z.string() }).parse(body).status;
}

describe('the web process', () => {
  it('is alive, ready and measured', async () => {
    expect((await call('GET', '/healthz')).body).toMatchObject({ status: 'ok' });
    expect((await call('GET', '/readyz')).status).toBe(200);
    const metrics = await (await fetch(`${s.web.metricsUrl}/metrics`)).text();
    expect(metrics).toContain('bianmin_http_request_seconds_bucket');
    expect(metrics).toContain('bianmin_orders_created_total');
  });

  it('refuses every call without credentials but to the few places that prove by other means', async () => {
    const document = openApi.parse((await call('GET', '/openapi.json')).body);
    const open: string[] = [];
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        if (operation.security.length === 0) {
          open.push(`${method} ${path}`);
          continue;
        }
        const url = path.replace('{orderNo}', '260301100000000001').replaceAll(/\{\w+\}/g, 'x');
        const { status, body } = await call(method.toUpperCase(), url);
        expect([path, status, problemSchema.parse(body).code]).toEqual([path, 401, 'auth.required']);
      }
    }
    expect(open.toSorted()).toEqual([
      'get /healthz',
      'get /openapi.json',
      'get /readyz',
      'get /updates/{ticket}/{name}',
      'get /v1/box/release',
      'get /v1/box/release/{file}',
      'get /v1/pay/{token}',
      'get /v1/pay/{token}/consent',
      'get /v1/portal/sessions/{id}',
      'get /v1/receipts/{token}',
      'get /v1/release-root',
      'get /v1/terminal/stream',
      'get /v1/time',
      'post /v1/admin/invitations/accept',
      'post /v1/admin/invitations/look',
      'post /v1/admin/login',
      'post /v1/admin/setup',
      'post /v1/notify/{channel}',
      'post /v1/pay/{token}/payments',
      'post /v1/payer/session',
      'post /v1/portal/phones',
      'post /v1/portal/sessions',
      'post /v1/portal/sessions/{id}/commands',
      'post /v1/terminal/enrol',
      'post /v1/terminal/token',
    ]);
  });

  it('lets an administrator accept and reject terminals', async () => {
    const token = await login();
    const terminal = await TestTerminal.create(systemClock);
    expect(await enrol(terminal)).toBe('pending');
    const waiting = await call('GET', '/v1/admin/terminals?status=pending', { token });
    expect(JSON.stringify(waiting.body)).toContain(terminal.id);
    const accept = await call('POST', `/v1/admin/terminals/${terminal.id}/accept`, { token });
    expect(accept.body).toMatchObject({ id: terminal.id, status: 'accepted' });
    expect(await enrol(terminal)).toBe('accepted');
    await call('POST', `/v1/admin/terminals/${terminal.id}/reject`, { token });
    expect(await enrol(terminal)).toBe('rejected');
    const unknown = await call('POST', `/v1/admin/terminals/t${'0'.repeat(30)}/accept`, { token });
    expect(unknown.status).toBe(404);
  });

  it('accepts one terminal by the configured code and one by each code that an administrator makes', async () => {
    const token = await login();
    const { body } = await call('POST', '/v1/admin/enrol-codes', { token });
    const { code } = z.object({ code: z.string().regex(/^[2-9A-Z]{12}$/) }).parse(body);
    for (const each of [ENROL_CODE, code]) {
      const terminal = await TestTerminal.create(systemClock);
      expect(await enrol(terminal, each)).toBe('accepted');
      expect(await enrol(await TestTerminal.create(systemClock), each)).toBe('pending');
      expect(await enrol(terminal, each)).toBe('accepted');
    }
  });

  it('changes a role when a second person allows it, and tells who did what', async () => {
    const first = await login();
    const password = 'the second password';
    const user = { name: 'second', password, roles: ['administrator'] };
    expect((await call('POST', '/v1/admin/users', { token: first, body: user })).status).toBe(202);
    const early = await login('second', password);
    expect((await call('GET', '/v1/admin/roles', { token: early })).body).toMatchObject({
      code: 'auth.unfinished',
    });
    const change = { current: password, next: SECOND_PASSWORD };
    expect((await call('POST', '/v1/admin/me/password', { token: early, body: change })).status).toBe(204);
    const second = await login('second', SECOND_PASSWORD);
    const permissions = ['refund:approve'];
    const role = '退费复核';
    const edit = (headers: Record<string, string>) =>
      call('PUT', `/v1/admin/roles/${encodeURIComponent(role)}`, {
        ...{ token: first, body: { permissions }, headers },
      });
    expect((await edit({})).body).toMatchObject({ code: 'request.precondition-required' });
    const asked = await edit({ 'If-None-Match': '*' });
    const { id } = adminApproval.parse(asked.body);
    const decide = `/v1/admin/approvals/${id}/decide`;
    const own = await call('POST', decide, { token: first, body: { accept: true } });
    expect(own.body).toMatchObject({ code: 'approval.same-person' });
    const done = await call('POST', decide, { token: second, body: { accept: true } });
    expect(done.body).toMatchObject({ status: 'done', checker: { name: 'second' } });
    const roles = await call('GET', '/v1/admin/roles', { token: first });
    expect(roles.body).toMatchObject({
      roles: expect.arrayContaining([{ name: role, permissions, version: 1 }]) as unknown,
    });

    const audit = auditPage.parse((await call('GET', '/v1/admin/audit?limit=200', { token: first })).body);
    const actions = new Set(audit.entries.map(({ action }) => action));
    expect([...actions]).toEqual(
      expect.arrayContaining([
        ...['session.begin', 'user.create', 'approval.request', 'approval.accept', 'role.change'],
      ]),
    );
    expect(JSON.stringify(audit)).not.toContain(password);
    const verified = await call('GET', '/v1/admin/audit/verification', { token: first });
    expect(verified.body).toMatchObject({ faults: [] });
  });

  it('ends a user’s session when they log out or change the password', async () => {
    const token = await login('second', SECOND_PASSWORD);
    const wrong = { current: 'not this one', next: 'another one of the second’s' };
    expect((await call('POST', '/v1/admin/me/password', { token, body: wrong })).status).toBe(401);
    const right = { current: SECOND_PASSWORD, next: 'another one of the second’s' };
    expect((await call('POST', '/v1/admin/me/password', { token, body: right })).status).toBe(204);
    expect((await call('GET', '/v1/admin/me', { token })).status).toBe(401);
    const again = await login('second', 'another one of the second’s');
    expect((await call('POST', '/v1/admin/logout', { token: again })).status).toBe(204);
    expect((await call('GET', '/v1/admin/me', { token: again })).body).toMatchObject({
      code: 'auth.expired',
    });
  });

  it('slows down a caller that tries passwords', async () => {
    const attempt = { body: { name: 'nobody', password: 'guess' } };
    const statuses: number[] = [];
    for (let n = 0; n < 11; n += 1) statuses.push((await call('POST', '/v1/admin/login', attempt)).status);
    expect(statuses.at(0)).toBe(401);
    expect(statuses.at(-1)).toBe(429);
  });
});
