import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import { Attacker, loginFrom } from '../testing/attacker.ts';
import { ADMIN_PASSWORD, openTestWeb, type TestWeb } from '../testing/web.ts';

const QUARTER_MS = 15 * 60_000;
let s: TestWeb;
const began = systemClock.now();
let aheadMs = 0;
const now = (): number => began + aheadMs;
beforeAll(async () => {
  s = await openTestWeb({ TRUSTED_PROXIES: 1 }, { ...systemClock, now });
});
afterAll(() => s.close());
beforeEach(async () => {
  await s.t.redis.flushdb();
  await s.t.db.collection('attempts').deleteMany({});
  await s.t.db.collection('users').updateMany({}, { $unset: { totp: 1, recovery: 1 } });
});

const times = <T>(n: number, each: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: n }, (_, at) => each(at)));
const inTurn = async <T>(n: number, each: (at: number) => Promise<T>): Promise<T[]> => {
  const answers: T[] = [];
  for (let at = 0; at < n; at += 1) answers.push(await each(at));
  return answers;
};
const tested = (codes: readonly (string | undefined)[], as = 'auth.bad-credentials'): number =>
  codes.filter((code) => code === as).length;

describe('guessing a password', () => {
  it('in parallel tests ten from one address, and thirty from everywhere', async () => {
    const one = await times(29, () => loginFrom(s.web.url, '203.0.113.1', 'wrong'));
    expect(tested(one)).toBe(10);
    expect(tested(one, 'auth.locked')).toBe(19);
    const everywhere = await times(61, (at) => loginFrom(s.web.url, `198.51.100.${at}`, 'wrong'));
    expect(tested(everywhere)).toBe(20);
  });

  it('from one household’s IPv6 network is guessing from one address', async () => {
    const guess = (at: number) => loginFrom(s.web.url, `2001:db8:7:1::${at.toString(16)}`, 'wrong', `u${at}`);
    expect(tested(await inTurn(60, guess))).toBeLessThanOrEqual(50);
  });

  it('is remembered through a Redis that forgot, and passes by itself', async () => {
    await inTurn(10, () => loginFrom(s.web.url, '203.0.113.1', 'wrong'));
    await s.t.redis.flushdb();
    expect(await loginFrom(s.web.url, '203.0.113.1', ADMIN_PASSWORD)).toBe('auth.locked');
    aheadMs += QUARTER_MS;
    expect(await loginFrom(s.web.url, '203.0.113.1', ADMIN_PASSWORD)).toBe('in');
  });

  it('leaves each try and each lock in the trail, and what is refused by the lock alone leaves nothing', async () => {
    const inTrail = (action: string) => s.t.db.collection('audit').countDocuments({ action });
    const before = await inTrail('session.refuse');
    await inTurn(15, () => loginFrom(s.web.url, '203.0.113.1', 'wrong'));
    expect((await inTrail('session.refuse')) - before).toBe(10);
    expect(await inTrail('secret.lock')).toBeGreaterThan(0);
  });
});

describe('guessing a code', () => {
  it('is not made anew by giving the right password again', async () => {
    const owner = new Attacker(s.web.url, '203.0.113.1');
    await owner.login();
    await owner.turnTotpOn(now);
    const codes: (string | undefined)[] = [];
    for (let login = 0; login < 5; login += 1) {
      const thief = new Attacker(s.web.url, `198.51.100.${login}`);
      expect((await thief.login()).body['next']).toBe('totp');
      const answers = await times(6, (at) => thief.confirm({ code: String(100_000 + login * 10 + at) }));
      codes.push(...answers.map(({ code }) => code));
    }
    expect(tested(codes, 'auth.totp')).toBe(10);
    expect(tested(codes, 'auth.locked')).toBe(20);
  });

  it('does not lock the browser in which its owner entered one before', async () => {
    const owner = new Attacker(s.web.url, '203.0.113.1');
    await owner.login();
    const factor = await owner.turnTotpOn(now);
    aheadMs += 60_000;
    await owner.login();
    expect((await owner.confirm({ code: factor.generate({ timestamp: now() }) })).status).toBe(204);
    const thief = new Attacker(s.web.url, '198.51.100.1');
    await thief.login();
    await inTurn(12, (at) => thief.confirm({ code: String(100_000 + at) }));
    aheadMs += 60_000;
    await owner.login();
    expect((await owner.confirm({ code: factor.generate({ timestamp: now() }) })).status).toBe(204);
  });
});

describe('wrong passwords by strangers', () => {
  it('lock neither the browser that its owner uses nor a step-up in its login', async () => {
    const owner = new Attacker(s.web.url, '203.0.113.9');
    await owner.login();
    const factor = await owner.turnTotpOn(now);
    aheadMs += 60_000;
    await owner.login();
    await owner.confirm({ code: factor.generate({ timestamp: now() }) });
    // Thirty and more, also from the owner's own network.
    await times(25, () => loginFrom(s.web.url, '203.0.113.9', 'wrong'));
    await times(29, () => loginFrom(s.web.url, '198.51.100.3', 'wrong'));
    await times(29, () => loginFrom(s.web.url, '198.51.100.4', 'wrong'));
    expect((await owner.confirm({ password: ADMIN_PASSWORD })).status).toBe(204);
    expect((await owner.login()).status).toBe(200);
    // The same from a browser that never was the owner's.
    expect(await loginFrom(s.web.url, '192.0.2.77', ADMIN_PASSWORD)).toBe('auth.locked');
  });

  it('ten of them lock nothing but who gave them', async () => {
    await inTurn(10, () => loginFrom(s.web.url, '198.51.100.5', 'wrong'));
    expect(await loginFrom(s.web.url, '198.51.100.5', ADMIN_PASSWORD)).toBe('auth.locked');
    expect(await loginFrom(s.web.url, '203.0.113.9', ADMIN_PASSWORD)).toBe('in');
  });

  it('a browser that guesses is no better than a stranger', async () => {
    const owner = new Attacker(s.web.url, '203.0.113.9');
    await owner.login();
    const factor = await owner.turnTotpOn(now);
    aheadMs += 60_000;
    await owner.login();
    await owner.confirm({ code: factor.generate({ timestamp: now() }) });
    const codes = await inTurn(12, () => owner.login('wrong'));
    expect(tested(codes.map(({ code }) => code))).toBe(10);
    expect(codes.at(-1)?.retryAfterS).toBeGreaterThan(0);
    // Nor is a cookie that nobody signed.
    const forged = new Attacker(s.web.url, '198.51.100.6');
    for (const [name] of owner.cookies) forged.cookies.set(name, 'AAAAAAAAAAAAAAAAAAAAAA.1.AAAA');
    const guesses = await inTurn(12, () => forged.login('wrong'));
    expect(tested(guesses.map(({ code }) => code))).toBe(10);
  });

  it('in a login that was stolen are few as well', async () => {
    const thief = new Attacker(s.web.url, '203.0.113.9');
    await thief.login();
    const codes = await times(29, () => thief.confirm({ password: 'wrong' }));
    expect(tested(codes.map(({ code }) => code))).toBe(10);
  });
});
