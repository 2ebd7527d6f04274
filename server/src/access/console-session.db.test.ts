import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import { TOTP } from 'otpauth';
import { ADMIN_PASSWORD, openTestWeb, type TestWeb } from '../testing/web.ts';
import { FRESH_MS } from './sessions.ts';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly cookie: string | null;
}

let s: TestWeb;
const began = systemClock.now(); // It stands: what a busy machine takes makes no session older.
let aheadMs = 0;
beforeAll(async () => {
  s = await openTestWeb({}, { ...systemClock, now: () => began + aheadMs });
});
afterAll(() => s.close());
afterEach(() => {
  aheadMs = 0;
});

async function call(
  method: string,
  path: string,
  init: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(s.web.url + path, {
    method,
    headers: {
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...init.headers,
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  const text = await response.text();
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, body, cookie: response.headers.get('set-cookie') };
}

/** As a browser keeps and sends it. */
async function browser(name = 'admin', password = ADMIN_PASSWORD) {
  const login = await call('POST', '/v1/admin/login', { body: { name, password, session: 'cookie' } });
  const cookie = login.cookie?.split(';')[0] ?? '';
  const csrf = String(login.body['csrf']);
  return { login, cookie, csrf, headers: { cookie, 'x-csrf-token': csrf } };
}

describe('a login of the console', () => {
  it('is a cookie that only this host and no script has, and no token in the answer', async () => {
    const { login, csrf, cookie } = await browser();
    expect(login.cookie).toMatch(
      /^__Host-bianmin=[\w-]{43}; Path=\/; Max-Age=28800; Secure; HttpOnly; SameSite=Strict$/,
    );
    expect(Object.keys(login.body).toSorted()).toEqual(['csrf', 'expiresAt', 'next']);
    const me = await call('GET', '/v1/admin/me', { headers: { cookie } });
    expect(me.body).toMatchObject({ name: 'admin', scope: 'province', csrf, next: 'ready' });
  });

  it('changes nothing without its own csrf, nor for another site, nor as a bearer', async () => {
    const { cookie, headers } = await browser();
    const other = await browser();
    const code = async (given: Record<string, string>): Promise<unknown> =>
      (await call('POST', '/v1/admin/logout', { headers: given })).body['code'];
    expect(await code({ cookie })).toBe('auth.csrf');
    expect(await code({ cookie, 'x-csrf-token': other.csrf })).toBe('auth.csrf');
    expect(await code({ ...headers, 'sec-fetch-site': 'cross-site' })).toBe('auth.csrf');
    const authorization = `Bearer ${cookie.split('=')[1] ?? ''}`;
    expect(await code({ authorization })).toBe('auth.expired');
    const left = await call('POST', '/v1/admin/logout', { headers });
    expect([left.status, left.cookie]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await call('GET', '/v1/admin/me', { headers })).body['code']).toBe('auth.expired');
  });

  it.each(['cookie', 'bearer'])('gives power for five minutes, then asks once more (%s)', async (kind) => {
    const { headers: ofBrowser } = await browser();
    const program = await call('POST', '/v1/admin/login', {
      body: { name: 'admin', password: ADMIN_PASSWORD },
    });
    const bearer = { authorization: `Bearer ${String(program.body['token'])}` };
    const headers: Record<string, string> = kind === 'cookie' ? ofBrowser : bearer;
    const ask = (): Promise<Answer> =>
      call('PUT', '/v1/admin/roles/cashier', {
        headers: { ...headers, 'if-none-match': '*' },
        body: { permissions: ['order:read'] },
      });
    aheadMs = FRESH_MS - 1000;
    expect((await ask()).status).toBe(202);
    aheadMs = FRESH_MS + 1000;
    expect((await ask()).body['code']).toBe('auth.step-up');
    const confirm = (password: string): Promise<Answer> =>
      call('POST', '/v1/admin/me/confirm', { headers, body: { password } });
    expect((await confirm('not this one')).body['code']).toBe('auth.bad-credentials');
    expect((await ask()).body['code']).toBe('auth.step-up');
    expect((await confirm(ADMIN_PASSWORD)).status).toBe(204);
    expect((await ask()).status).toBe(202);
  });

  it('ends when nobody has used it for half an hour, whatever its page asks by itself', async () => {
    const [worked, left] = [await browser(), await browser()];
    const me = (headers: Record<string, string>): Promise<Answer> => call('GET', '/v1/admin/me', { headers });
    const told = (await me(worked.headers)).body['idle'];
    expect(told).toEqual({ ms: 1_800_000, leftMs: 1_800_000 });
    for (const minute of [20, 40, 60]) {
      aheadMs = minute * 60_000;
      expect((await me(worked.headers)).status).toBe(200);
    }
    aheadMs = 29 * 60_000;
    const byItself = { ...left.headers, 'x-background': '1' };
    expect((await me(byItself)).body['idle']).toEqual({ ms: 1_800_000, leftMs: 60_000 });
    aheadMs = 31 * 60_000;
    expect((await me(byItself)).body['code']).toBe('auth.expired');
    expect((await me(left.headers)).body['code']).toBe('auth.expired');
    const program = await call('POST', '/v1/admin/login', {
      body: { name: 'admin', password: ADMIN_PASSWORD },
    });
    const authorization = `Bearer ${String(program.body['token'])}`;
    aheadMs += 3 * 3_600_000;
    expect((await me({ authorization })).body).toMatchObject({ idle: null });
  });

  it('is over at once where it is ended from elsewhere, and names no token', async () => {
    const [one, two] = [await browser(), await browser()];
    const listed = await call('GET', '/v1/admin/me/sessions', { headers: one.headers });
    const sessions = listed.body['sessions'] as { id: string; own: boolean; kind: string }[];
    expect(sessions.filter(({ own }) => own)).toHaveLength(1);
    expect(JSON.stringify(listed.body)).not.toContain(one.cookie.split('=')[1]);
    const { id } = sessions.find(({ own }) => own) ?? { id: '' };
    const end = (headers: Record<string, string>): Promise<Answer> =>
      call('DELETE', `/v1/admin/me/sessions/${id}`, { headers });
    expect((await end(two.headers)).status).toBe(204);
    expect((await end(two.headers)).status).toBe(404);
    expect((await call('GET', '/v1/admin/me', { headers: one.headers })).body['code']).toBe('auth.expired');
  });

  it('wants the code where there is a second factor, each once, or a recovery code', async () => {
    const { headers } = await browser();
    const proposed = await call('POST', '/v1/admin/me/totp', { headers });
    const factor = new TOTP({ secret: String(proposed.body['secret']) });
    const codeNow = (): string => factor.generate({ timestamp: began + aheadMs });
    const wrong = { headers, body: { code: '12345678' } };
    expect((await call('POST', '/v1/admin/me/totp/confirm', wrong)).body['code']).toBe('auth.totp');
    const body = { code: codeNow() };
    const on = await call('POST', '/v1/admin/me/totp/confirm', { headers, body });
    const recovery = on.body['codes'] as string[];
    expect(new Set(recovery).size).toBe(10);
    const kept = JSON.stringify(await s.t.db.collection('users').find().toArray());
    expect(kept).not.toContain(String(proposed.body['secret']));
    expect(kept).not.toContain(recovery[0]);

    const next = await browser();
    expect(next.login.body['next']).toBe('totp');
    const prove = async (given: Record<string, string>): Promise<unknown> => {
      const answer = await call('POST', '/v1/admin/me/confirm', { headers: next.headers, body: given });
      return answer.body['code'] ?? answer.status;
    };
    const me = (): Promise<Answer> => call('GET', '/v1/admin/me', { headers: next.headers });
    const roles = (): Promise<Answer> => call('GET', '/v1/admin/roles', { headers: next.headers });
    expect((await roles()).body['code']).toBe('auth.unfinished');
    expect(await prove({ password: ADMIN_PASSWORD })).toBe('auth.totp');
    expect(await prove({ code: body.code })).toBe('auth.totp');
    expect((await me()).body['next']).toBe('totp');
    aheadMs = 60_000;
    expect(await prove({ code: codeNow() })).toBe(204);
    expect((await me()).body).toMatchObject({ next: 'ready', totp: true });
    expect(await prove({ code: codeNow() })).toBe('auth.totp');
    expect(await prove({ code: recovery[3]?.toUpperCase() ?? '' })).toBe(204);
    expect(await prove({ code: recovery[3] ?? '' })).toBe('auth.totp');
    expect((await call('DELETE', '/v1/admin/me/totp', { headers: next.headers })).status).toBe(204);
    expect((await browser()).login.body['next']).toBe('ready');
  });

  it('every route that moves money or gives power wants that', () => {
    const unmarked = s.web.routes
      .filter(({ method, path }) => method !== 'get' && POWER.test(path) && !path.includes('/sessions'))
      .filter(({ path }) => !SENDING.test(path))
      .filter(({ stepUp }) => stepUp !== true);
    expect(unmarked.map(({ path }) => path)).toEqual([]);
  });
});

const POWER =
  /^\/v1\/admin\/(?:refunds|floats|deposit|transfers|discounts|users|roles|approvals|payment-keys|replacements)\b|\/(?:reversal|decisions|settlement|refund)$/;
/** Of a file, which takes longer, and gives nothing until it is asked for as a whole. */
const SENDING = /\/household-files(?:\/:id\/parts)?$/;
