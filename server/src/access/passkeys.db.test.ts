import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import { Attacker } from '../testing/attacker.ts';
import { SoftKey, type Wrong } from '../testing/soft-key.ts';
import { openTestWeb, type TestWeb } from '../testing/web.ts';
import { passkeySite } from './passkeys.ts';

const ORIGIN = 'https://console.example.org';
const MINE = '/v1/admin/me/passkeys';
let s: TestWeb;
const began = systemClock.now();
let aheadMs = 0;
const now = (): number => began + aheadMs;
beforeAll(async () => {
  s = await openTestWeb({ TRUSTED_PROXIES: 1, ADMIN_ORIGIN: ORIGIN }, { ...systemClock, now });
});
afterAll(() => s.close());
let person: Attacker;
let key: SoftKey;
beforeEach(async () => {
  await s.t.redis.flushdb();
  for (const name of ['attempts', 'passkeys', 'sessions']) await s.t.db.collection(name).deleteMany({});
  await s.t.db.collection('users').updateMany({}, { $unset: { totp: 1, recovery: 1 } });
  key = new SoftKey(ORIGIN);
  person = new Attacker(s.web.url, '203.0.113.9');
  await person.login();
});

type Options = { challenge: string };
const asked = async (who: Attacker, what: 'options' | 'challenge'): Promise<Options> => {
  const { status, body } = await who.call('POST', `${MINE}/${what}`);
  expect(status).toBe(200);
  return body as Options;
};
const add = async (who = person, device = key, wrong: Wrong = {}, name = '办公室的钥匙') => {
  const credential = device.create(await asked(who, 'options'), wrong);
  return who.call('POST', MINE, { name, credential });
};
const confirm = async (who: Attacker, device = key, wrong: Wrong = {}) =>
  who.confirm({ passkey: device.get(await asked(who, 'challenge'), wrong) });
/** A login that waits for a second factor. */
const again = async (ip = '203.0.113.9'): Promise<Attacker> => {
  const who = new Attacker(s.web.url, ip);
  expect((await who.login()).body['next']).toBe('totp');
  return who;
};

describe('a passkey', () => {
  it('is the second factor of the next login, beside recovery codes, and confirms afterwards', async () => {
    const made = await add();
    expect(made).toMatchObject({
      status: 201,
      body: { passkey: { name: '办公室的钥匙', lastUsedAt: null } },
    });
    const codes = made.body['codes'] as string[];
    expect(codes).toHaveLength(10);
    expect((await person.call('GET', '/v1/admin/me')).body).toMatchObject({
      passkeys: 1,
      passkeysOffered: true,
    });
    const who = await again();
    expect((await who.call('GET', '/v1/admin/roles')).code).toBe('auth.unfinished');
    expect((await confirm(who)).status).toBe(204);
    expect((await who.call('GET', '/v1/admin/me')).body).toMatchObject({ next: 'ready', totp: false });
    expect([...who.cookies.keys()].some((name) => name.startsWith('__Host-bianmin-device-'))).toBe(true);
    expect((await confirm(who)).status).toBe(204);
    const other = await again('198.51.100.7');
    expect((await other.confirm({ code: codes[0] ?? '' })).status).toBe(204);
    // A second key shows no codes: those from before are good.
    expect((await add(other, new SoftKey(ORIGIN))).body['codes']).toBeNull();
  });

  it('signs for this site, this login, this person and this moment alone', async () => {
    await add();
    const who = await again();
    const refused = async (wrong: Wrong): Promise<string | undefined> =>
      (await confirm(who, key, wrong)).code;
    expect(await refused({ origin: 'https://console.example.com' })).toBe('auth.passkey');
    expect(await refused({ host: 'example.org' })).toBe('auth.passkey');
    expect(await refused({ unverified: true })).toBe('auth.passkey');
    expect((await confirm(who, new SoftKey(ORIGIN))).code).toBe('auth.passkey');
    // Of another login of the same user.
    const elsewhere = await again('198.51.100.8');
    const stolen = key.get(await asked(elsewhere, 'challenge'));
    expect((await who.confirm({ passkey: stolen })).code).toBe('auth.passkey');
    const good = key.get(await asked(who, 'challenge'));
    expect((await who.confirm({ passkey: good })).status).toBe(204);
    expect((await who.confirm({ passkey: good })).code).toBe('auth.passkey');
    // A copy of the key counts from where it was copied.
    expect(await refused({ counter: 1 })).toBe('auth.passkey');
    const late = key.get(await asked(who, 'challenge'));
    aheadMs += 6 * 60_000;
    expect((await who.confirm({ passkey: late })).code).toBe('auth.passkey');
  });

  it('is registered for this site and login alone, once', async () => {
    expect((await add(person, key, { origin: 'https://evil.example' })).code).toBe('auth.passkey');
    expect((await add(person, key, { unverified: true })).code).toBe('auth.passkey');
    const credential = key.create(await asked(person, 'options'));
    expect((await person.call('POST', MINE, { name: 'a', credential })).status).toBe(201);
    expect((await person.call('POST', MINE, { name: 'a', credential })).code).toBe('auth.passkey');
    expect((await add(person, key)).code).toBe('auth.passkey');
    const kept = JSON.stringify(await s.t.db.collection('passkeys').find().toArray());
    expect(kept).not.toMatch(/"d":/);
  });

  it('is named and removed by its owner; with the last one the codes go too', async () => {
    const id = String(((await add()).body['passkey'] as { id: string }).id);
    expect((await person.call('POST', `${MINE}/${id}/name`, { name: '家里的手机' })).status).toBe(204);
    expect((await person.call('GET', MINE)).body).toMatchObject({ passkeys: [{ id, name: '家里的手机' }] });
    expect((await person.call('POST', `${MINE}/AAAA/name`, { name: 'x' })).status).toBe(404);
    expect((await person.call('DELETE', `${MINE}/${id}`)).status).toBe(204);
    expect((await person.call('DELETE', `${MINE}/${id}`)).status).toBe(404);
    expect((await new Attacker(s.web.url, '203.0.113.9').login()).body['next']).toBe('ready');
    expect(await s.t.db.collection('users').countDocuments({ recovery: { $exists: true } })).toBe(0);
  });

  it('is guessed ten times, whatever is sent', async () => {
    await add();
    const who = await again();
    const codes: (string | undefined)[] = [];
    for (let n = 0; n < 12; n += 1) codes.push((await confirm(who, new SoftKey(ORIGIN))).code);
    expect(codes.filter((code) => code === 'auth.passkey')).toHaveLength(10);
    expect(codes.at(-1)).toBe('auth.locked');
    // Not asked for: nothing to sign.
    expect((await person.confirm({ passkey: key.get({ challenge: 'AAAA' }) })).code).toBe('auth.passkey');
  });

  it('of another form than the standard’s is malformed', async () => {
    const good = key.create(await asked(person, 'options'));
    for (const credential of [
      {},
      { ...good, id: '*' },
      { ...good, type: 'password' },
      { ...good, more: true },
      { ...good, response: { ...good.response, attestationObject: 'A'.repeat(70_000) } },
    ]) {
      expect((await person.call('POST', MINE, { name: 'a', credential })).code).toBe('request.malformed');
    }
    const nonsense = { ...good, response: { ...good.response, attestationObject: 'oA' } };
    expect((await person.call('POST', MINE, { name: 'a', credential: nonsense })).code).toBe('auth.passkey');
    expect(await s.t.db.collection('passkeys').countDocuments()).toBe(0);
  });
});

it('passkeys are made for names, and for no address of numbers', () => {
  expect(passkeySite('https://console.example.org/x')).toEqual({
    origin: ORIGIN,
    host: 'console.example.org',
  });
  expect(passkeySite('http://localhost:8080')).toEqual({
    origin: 'http://localhost:8080',
    host: 'localhost',
  });
  expect([passkeySite('https://192.0.2.1'), passkeySite('http://[::1]:8080')]).toEqual([null, null]);
});
