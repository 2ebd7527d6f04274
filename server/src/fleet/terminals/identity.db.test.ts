import { generateKeyPair, SignJWT } from 'jose';
import type { Context } from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProblemError } from '../../kernel/problem.ts';
import { EnrolCodeStore } from '../store/enrol-codes.ts';
import { TerminalStore } from '../store/terminals.ts';
import { openAccess, type TestAccess } from '../../testing/access.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { TestTerminal } from '../../testing/terminal.ts';
import { TerminalAuthenticator } from './authenticate.ts';
import { Enrolment } from './enrolment.ts';
import { ReplayGuard } from './replay.ts';
import { TerminalTokens, TOKEN_TTL_S } from './tokens.ts';

const SECRET = new Uint8Array(32).fill(7);
const CODE = 'OPEN-SESAME';
const HERE = { ip: '127.0.0.1', traceId: 'a'.repeat(32) };

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ProblemError ? error.code : String(error);
}

describe.each(['ES256', 'RS256'] as const)('a terminal’s identity, by %s', (alg) => {
  const clock = new ManualClock();
  let t: TestContext;
  let access: TestAccess;
  let terminals: TerminalStore;
  let enrolment: Enrolment;
  let tokens: TerminalTokens;
  let authenticator: TerminalAuthenticator;
  let codes: EnrolCodeStore;
  const placed: [string, string][] = [];

  beforeAll(async () => {
    t = await openTestContext();
    access = await openAccess(t, clock);
    terminals = new TerminalStore(t.db);
    codes = new EnrolCodeStore(t.db);
    await terminals.prepare();
    const replay = new ReplayGuard(t.redis);
    const { limiter, audit } = access;
    enrolment = new Enrolment({
      place: (id, org) => Promise.resolve(void placed.push([id, org])),
      terminals,
      codes,
      replay,
      limiter,
      audit,
      clock,
      commandKey: undefined,
    });
    tokens = new TerminalTokens({ secret: SECRET, find: (id) => terminals.get(id), replay, clock });
    authenticator = new TerminalAuthenticator({ tokens, terminals, replay, clock });
    await codes.add(CODE, { by: 'environment', at: new Date(clock.now()) });
  });
  afterAll(() => t.close());

  async function accepted(): Promise<TestTerminal> {
    const terminal = await TestTerminal.create(clock, alg);
    await enrolment.enrol(await terminal.enrolment(), HERE);
    await terminals.decide({
      id: terminal.id,
      from: ['pending'],
      to: 'accepted',
      by: 'test',
      at: new Date(clock.now()),
    });
    return terminal;
  }

  describe('enrolment', () => {
    it('gives a key its number, waiting until somebody accepts it, the same number every time', async () => {
      const terminal = await TestTerminal.create(clock, alg);
      const first = await enrolment.enrol(await terminal.enrolment(), HERE);
      expect(first).toEqual({ terminalId: terminal.id, status: 'pending' });
      expect(terminal.id).toMatch(/^t[0-9a-f]{30}$/);
      expect(await enrolment.enrol(await terminal.enrolment({ name: 'Renamed' }), HERE)).toEqual(first);
      expect((await terminals.get(terminal.id))?.name).toBe('Renamed');
      const engine = 'Mozilla/5.0 (Linux; Android 5.1) Chrome/39.0.0.0';
      await enrolment.enrol(await terminal.enrolment({ kind: 'box', engine }), HERE);
      expect(await terminals.get(terminal.id)).toMatchObject({ engine, kind: 'kiosk' });
    });

    it('accepts one terminal by a one-time code, and that terminal again after a restart', async () => {
      const first = await TestTerminal.create(clock, alg);
      const second = await TestTerminal.create(clock, alg);
      const status = async (terminal: TestTerminal): Promise<string> =>
        (await enrolment.enrol(await terminal.enrolment({ code: CODE }), HERE)).status;
      expect(await status(first)).toBe('accepted');
      expect(await status(second)).toBe('pending');
      await codes.add(CODE, { by: 'environment', at: new Date(clock.now()) });
      expect(await status(second)).toBe('pending');
      expect(await status(first)).toBe('accepted');
      expect(JSON.stringify(await t.db.collection('enrolCodes').find().toArray())).not.toContain(CODE);
    });

    it('is put into the organisation of its code', async () => {
      await codes.add('CODE-OF-A-COMMUNITY', { by: 'test', at: new Date(clock.now()), org: '650100' });
      const terminal = await TestTerminal.create(clock, alg);
      await enrolment.enrol(await terminal.enrolment({ code: 'CODE-OF-A-COMMUNITY' }), HERE);
      expect(placed).toContainEqual([terminal.id, '650100']);
    });

    it('mends a crash between taking the code and accepting the terminal', async () => {
      const terminal = await TestTerminal.create(clock, alg);
      await codes.add('CRASHED-CODE', { by: 'test', at: new Date(clock.now()) });
      await enrolment.enrol(await terminal.enrolment(), HERE);
      expect(await codes.take('CRASHED-CODE', terminal.id, new Date(clock.now()))).not.toBeNull();
      const again = await enrolment.enrol(await terminal.enrolment({ code: 'CRASHED-CODE' }), HERE);
      expect(again.status).toBe('accepted');
    });

    it('does not take a code that has expired, nor let a rejected terminal in by one', async () => {
      const at = new Date(clock.now());
      await codes.add('EXPIRED-CODE', { by: 'test', at, expiresAt: new Date(at.getTime() - 1) });
      await codes.add('ANOTHER-CODE', { by: 'test', at });
      const terminal = await TestTerminal.create(clock, alg);
      const enrol = async (code: string): Promise<string> =>
        (await enrolment.enrol(await terminal.enrolment({ code }), HERE)).status;
      expect(await enrol('EXPIRED-CODE')).toBe('pending');
      await terminals.decide({ id: terminal.id, from: ['pending'], to: 'rejected', by: 'test', at });
      expect(await enrol('ANOTHER-CODE')).toBe('rejected');
    });

    it('stops looking at codes from where too many wrong ones came', async () => {
      const terminal = await TestTerminal.create(clock, alg);
      const elsewhere = { ...HERE, ip: '192.0.2.9' };
      const enrol = async (): Promise<unknown> =>
        enrolment.enrol(await terminal.enrolment({ code: 'WRONG-CODE' }), elsewhere);
      for (let n = 0; n < 20; n += 1) await enrol();
      expect(await codeOf(enrol())).toBe('request.rate-limited');
    });

    it('refuses a replay, a stale one, another key than named, another kind of message', async () => {
      const terminal = await TestTerminal.create(clock, alg);
      const other = await TestTerminal.create(clock, alg);
      const enrol = async (jws: string | Promise<string>): Promise<string> =>
        codeOf(enrolment.enrol(await jws, HERE));
      const once = await terminal.enrolment();
      expect(await enrol(once)).toBe('undefined');
      expect(await enrol(once)).toBe('terminal.bad-proof');
      const nowS = Math.floor(clock.now() / 1000);
      expect(await enrol(terminal.enrolment({ iat: nowS - 301 }))).toBe('terminal.bad-proof');
      expect(await enrol(terminal.enrolment({ iat: nowS + 301 }))).toBe('terminal.bad-proof');
      expect(await enrol(terminal.enrolment({ signKey: other.sign.publicJwk }))).toBe('terminal.bad-proof');
      expect(await enrol(terminal.enrolment({}, { jwk: other.sign.publicJwk }))).toBe('terminal.bad-proof');
      expect(await enrol(terminal.enrolment({}, { typ: 'dpop+jwt' }))).toBe('terminal.bad-proof');
      expect(await enrol(`${once.slice(0, -8)}AAAAAAAA`)).toBe('terminal.bad-proof');
      expect(await enrol('x')).toBe('terminal.bad-proof');
    });
  });

  describe('tokens', () => {
    it('are refused while the terminal waits, and after it is rejected', async () => {
      const terminal = await TestTerminal.create(clock, alg);
      await enrolment.enrol(await terminal.enrolment(), HERE);
      expect(await codeOf(tokens.issue(await terminal.assertion()))).toBe('terminal.pending');
      await terminals.decide({
        id: terminal.id,
        from: ['pending'],
        to: 'rejected',
        by: 'x',
        at: new Date(clock.now()),
      });
      expect(await codeOf(tokens.issue(await terminal.assertion()))).toBe('terminal.rejected');
    });

    it('are given once for an assertion, and only for a right one', async () => {
      const terminal = await accepted();
      const other = await accepted();
      const nowS = Math.floor(clock.now() / 1000);
      const once = await terminal.assertion();
      expect((await tokens.issue(once)).expiresIn).toBe(TOKEN_TTL_S);
      const refused: Promise<string>[] = [
        Promise.resolve(once),
        terminal.assertion({ aud: 'somewhere-else' }),
        terminal.assertion({ sub: other.id }),
        terminal.assertion({ iss: other.id, sub: other.id }),
        terminal.assertion({ iat: nowS - 200, exp: nowS - 140 }),
        terminal.assertion({ exp: nowS + 3600 }),
        terminal.assertion({ exp: undefined }),
        terminal.assertion({ jti: undefined }),
        terminal.assertion({}, 'dpop+jwt'),
        terminal.assertion({ iss: 't'.padEnd(31, '0'), sub: 't'.padEnd(31, '0') }),
        Promise.resolve('not a token'),
      ];
      for (const assertion of refused) {
        expect(await codeOf(tokens.issue(await assertion))).toBe('terminal.bad-proof');
      }
    });
  });

  describe('a call', () => {
    const url = 'https://api.example/v1/terminal/orders/1';
    const call = (headers: Record<string, string>, path = '/v1/terminal/orders/1'): Promise<unknown> =>
      authenticator.authenticate({
        method: 'GET',
        path,
        get: (name: string) => headers[name.toLowerCase()] ?? '',
        set: () => undefined,
      } as unknown as Context);
    const tokenOf = async (terminal: TestTerminal): Promise<string> =>
      (await tokens.issue(await terminal.assertion())).accessToken;

    it('is known by its token and a proof of the key, whatever host the terminal sees us under', async () => {
      const terminal = await accepted();
      const accessToken = await tokenOf(terminal);
      for (const host of ['https://api.example', 'http://10.1.2.3:8080']) {
        const dpop = await terminal.proof({
          method: 'GET',
          url: `${host}/v1/terminal/orders/1`,
          accessToken,
        });
        expect(await call({ authorization: `DPoP ${accessToken}`, dpop })).toEqual({
          kind: 'terminal',
          device: 'kiosk',
          orgPath: ['province'],
          terminalId: terminal.id,
          sealKey: terminal.seal.publicJwk,
        });
      }
    });

    it('is refused with a proof that is used twice', async () => {
      const terminal = await accepted();
      const accessToken = await tokenOf(terminal);
      const dpop = await terminal.proof({ method: 'GET', url, accessToken });
      const headers = { authorization: `DPoP ${accessToken}`, dpop };
      await call(headers);
      expect(await codeOf(call(headers))).toBe('terminal.bad-proof');
    });

    it('is refused with a proof that was made for anything else', async () => {
      const terminal = await accepted();
      const other = await accepted();
      const accessToken = await tokenOf(terminal);
      const nowS = Math.floor(clock.now() / 1000);
      const proofs = [
        terminal.proof({ method: 'POST', url, accessToken }),
        terminal.proof({ method: 'GET', url: `${url}/claim`, accessToken }),
        terminal.proof({ method: 'GET', url, accessToken: await tokenOf(terminal) }),
        terminal.proof({ method: 'GET', url, accessToken, wrong: { iat: nowS - 61 } }),
        terminal.proof({ method: 'GET', url, accessToken, wrong: { iat: nowS + 61 } }),
        terminal.proof({ method: 'GET', url, accessToken, wrong: { jti: undefined } }),
        terminal.proof({ method: 'GET', url, accessToken, header: { typ: 'jwt' } }),
        terminal.proof({ method: 'GET', url, accessToken, header: { jwk: other.sign.publicJwk } }),
        other.proof({ method: 'GET', url, accessToken }),
        Promise.resolve(''),
      ];
      for (const proof of proofs) {
        const headers = { authorization: `DPoP ${accessToken}`, dpop: await proof };
        expect(await codeOf(call(headers))).toBe('terminal.bad-proof');
      }
    });

    it('is refused with a private key in the proof', async () => {
      const terminal = await accepted();
      const accessToken = await tokenOf(terminal);
      const jwk = { ...terminal.sign.publicJwk, d: 'A'.repeat(43) };
      const dpop = await terminal.proof({ method: 'GET', url, accessToken, header: { jwk } });
      expect(await codeOf(call({ authorization: `DPoP ${accessToken}`, dpop }))).toBe('terminal.bad-proof');
    });

    it('is refused without a token, with a foreign one, with an expired one', async () => {
      const terminal = await accepted();
      const accessToken = await tokenOf(terminal);
      expect(await codeOf(call({}))).toBe('auth.required');
      expect(await codeOf(call({ authorization: `Bearer ${accessToken}` }))).toBe('auth.required');
      const forged = await new SignJWT({ cnf: { jkt: 'x' } })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .setIssuer('bianmin')
        .setSubject(terminal.id)
        .setExpirationTime(Math.floor(clock.now() / 1000) + 60)
        .sign(new Uint8Array(32).fill(8));
      expect(await codeOf(call({ authorization: `DPoP ${forged}`, dpop: 'x' }))).toBe('auth.required');
      const { privateKey } = await generateKeyPair('ES256');
      const otherAlgorithm = await new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
        .sign(privateKey);
      expect(await codeOf(call({ authorization: `DPoP ${otherAlgorithm}`, dpop: 'x' }))).toBe(
        'auth.required',
      );
      clock.jump(TOKEN_TTL_S * 1000 + 1000);
      const dpop = await terminal.proof({ method: 'GET', url, accessToken });
      expect(await codeOf(call({ authorization: `DPoP ${accessToken}`, dpop }))).toBe('auth.expired');
    });

    it('is refused within seconds of the terminal’s rejection', async () => {
      const terminal = await accepted();
      const accessToken = await tokenOf(terminal);
      const attempt = async (): Promise<string> =>
        codeOf(
          call({
            authorization: `DPoP ${accessToken}`,
            dpop: await terminal.proof({ method: 'GET', url, accessToken }),
          }),
        );
      expect(await attempt()).toBe('undefined');
      await terminals.decide({
        id: terminal.id,
        from: ['accepted'],
        to: 'rejected',
        by: 'x',
        at: new Date(clock.now()),
      });
      clock.jump(5001);
      expect(await attempt()).toBe('terminal.rejected');
    });
  });
});
