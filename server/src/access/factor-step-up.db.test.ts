import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import type { TOTP } from 'otpauth';
import { Attacker } from '../testing/attacker.ts';
import { SoftKey } from '../testing/soft-key.ts';
import { ADMIN_PASSWORD, openTestWeb, type TestWeb } from '../testing/web.ts';
import { FRESH_MS } from './sessions.ts';

const ORIGIN = 'https://console.example.org';
const KEYS = '/v1/admin/me/passkeys';
const TOTP_PATH = '/v1/admin/me/totp';
let s: TestWeb;
let aheadMs = 0;
const began = systemClock.now();
const now = (): number => began + aheadMs;
beforeAll(async () => {
  s = await openTestWeb({ TRUSTED_PROXIES: 1, ADMIN_ORIGIN: ORIGIN }, { ...systemClock, now });
});
afterAll(() => s.close());
let person: Attacker;
beforeEach(async () => {
  await s.t.redis.flushdb();
  for (const name of ['attempts', 'passkeys', 'sessions']) await s.t.db.collection(name).deleteMany({});
  await s.t.db.collection('users').updateMany({}, { $unset: { totp: 1, recovery: 1 } });
  person = new Attacker(s.web.url, '203.0.113.9');
  await person.login();
});
const later = (): void => {
  aheadMs += FRESH_MS + 1_000;
};
const code = (of: TOTP): object => ({ code: of.generate({ timestamp: now() }) });
const changes: [string, string, object?][] = [
  ['DELETE', TOTP_PATH],
  ['POST', TOTP_PATH],
  ['POST', `${TOTP_PATH}/confirm`, { code: '000000' }],
  ['POST', `${KEYS}/options`],
  ['DELETE', `${KEYS}/AAAA`],
];

describe('a change of what the next login wants', () => {
  it('wants password and authenticator of the last minutes, in either order', async () => {
    const factor = await person.turnTotpOn(now);
    later();
    const refused = async (): Promise<void> => {
      for (const [method, path, body] of changes) {
        expect([path, (await person.call(method, path, body)).code]).toEqual([path, 'auth.step-up-factors']);
      }
    };
    await refused();
    expect((await person.confirm({ password: ADMIN_PASSWORD })).status).toBe(204);
    await refused();
    later();
    expect((await person.confirm(code(factor))).status).toBe(204);
    await refused();
    expect((await person.confirm({ password: ADMIN_PASSWORD })).status).toBe(204);
    expect((await person.call('DELETE', TOTP_PATH)).status).toBe(204);
  });

  it('wants a passkey where that is the factor', async () => {
    const key = new SoftKey(ORIGIN);
    const asked = async (what: string) =>
      (await person.call('POST', `${KEYS}/${what}`)).body as { challenge: string };
    const added = await person.call('POST', KEYS, {
      ...{ name: 'a key', credential: key.create(await asked('options')) },
    });
    const { id } = added.body['passkey'] as { id: string };
    later();
    await person.confirm({ password: ADMIN_PASSWORD });
    expect((await person.call('DELETE', `${KEYS}/${id}`)).code).toBe('auth.step-up-factors');
    expect((await person.confirm({ passkey: key.get(await asked('challenge')) })).status).toBe(204);
    expect((await person.call('DELETE', `${KEYS}/${id}`)).status).toBe(204);
  });

  it('wants the password alone of whoever has no factor yet, and nothing more right after one was made', async () => {
    later();
    expect((await person.call('POST', TOTP_PATH)).code).toBe('auth.step-up-factors');
    await person.confirm({ password: ADMIN_PASSWORD });
    await person.turnTotpOn(now);
    expect((await person.call('POST', `${KEYS}/options`)).status).toBe(200);
  });

  it('leaves what moves money to either of the two', async () => {
    const factor = await person.turnTotpOn(now);
    later();
    const ask = async () => {
      const { code: problem, status } = await person.call('POST', '/v1/admin/enrol-codes');
      return status === 403 ? problem : status;
    };
    expect(await ask()).toBe('auth.step-up');
    expect((await person.confirm(code(factor))).status).toBe(204);
    expect(await ask()).toBe(201);
  });
});
