import { compactDecrypt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestTerminal } from '../../testing/terminal.ts';
import { ALGORITHMS, CODE, HERE, IdentityWorld } from '../../testing/identity-world.ts';
import { codeOf } from '../../testing/problem-code.ts';
import { BEAT_KEY_NEXT_S, BEAT_KEY_TTL_S } from './beat-keys.ts';
import { NEW_KEYS_PER_HOUR } from './waiting.ts';

describe.each(ALGORITHMS)('a terminal’s enrolment, by %s', (alg) => {
  let i: IdentityWorld;
  beforeAll(async () => {
    i = await IdentityWorld.open(alg);
  });
  afterAll(() => i.close());

  it('gives a key its number, waiting until an administrator accepts it, the same number every time', async () => {
    const terminal = await TestTerminal.create(i.clock, alg);
    const first = await i.enrolment.enrol(await terminal.enrolment(), HERE);
    expect(first).toEqual({ terminalId: terminal.id, status: 'pending' });
    expect(terminal.id).toMatch(/^t[0-9a-f]{30}$/);
    expect(await i.enrolment.enrol(await terminal.enrolment({ name: 'Renamed' }), HERE)).toEqual(first);
    expect((await i.terminals.get(terminal.id))?.name).toBe('Renamed');
    const engine = 'Mozilla/5.0 (Linux; Android 5.1) Chrome/39.0.0.0';
    await i.enrolment.enrol(await terminal.enrolment({ kind: 'box', engine }), HERE);
    expect(await i.terminals.get(terminal.id)).toMatchObject({ engine, kind: 'kiosk' });
  });

  it('accepts one terminal by a one-time code, and that terminal again after a restart', async () => {
    const first = await TestTerminal.create(i.clock, alg);
    const second = await TestTerminal.create(i.clock, alg);
    const status = async (terminal: TestTerminal): Promise<string> =>
      (await i.enrolment.enrol(await terminal.enrolment({ code: CODE }), HERE)).status;
    expect(await status(first)).toBe('accepted');
    expect(await status(second)).toBe('pending');
    await i.codes.add(CODE, { by: 'environment', at: new Date(i.clock.now()) });
    expect(await status(second)).toBe('pending');
    expect(await status(first)).toBe('accepted');
    expect(JSON.stringify(await i.t.db.collection('enrolCodes').find().toArray())).not.toContain(CODE);
  });

  it('gives a key for beats with the one proof, sealed to the terminal, once it is accepted', async () => {
    const terminal = await TestTerminal.create(i.clock, alg);
    const enrol = async (wants: { beatKey?: true } = {}, code?: string) =>
      i.enrolment.enrol(await terminal.enrolment(code === undefined ? {} : { code }), { ...HERE, ...wants });
    expect(await enrol({ beatKey: true })).not.toHaveProperty('beatKey');
    await i.codes.add('WITH-A-KEY', { by: 'test', at: new Date(i.clock.now()) });
    const { beatKey } = await enrol({ beatKey: true }, 'WITH-A-KEY');
    expect(beatKey).toMatchObject({ expiresIn: BEAT_KEY_NEXT_S, takenFor: BEAT_KEY_TTL_S });
    const { plaintext } = await compactDecrypt(beatKey?.sealedKey ?? '', terminal.seal.privateKey);
    const token = beatKey?.token ?? '';
    expect(new TextDecoder().decode(plaintext)).toBe(i.beatKeys.keyOf(token).toString('base64url'));
    expect(i.beatKeys.proven(token, () => undefined)).toMatchObject({ terminalId: terminal.id });
    expect(await enrol()).not.toHaveProperty('beatKey');
  });

  it('is put into the organisation of its code', async () => {
    await i.codes.add('CODE-OF-A-COMMUNITY', { by: 'test', at: new Date(i.clock.now()), org: '650100' });
    const terminal = await TestTerminal.create(i.clock, alg);
    await i.enrolment.enrol(await terminal.enrolment({ code: 'CODE-OF-A-COMMUNITY' }), HERE);
    expect(i.placed).toContainEqual([terminal.id, '650100']);
  });

  it('mends a crash between taking the code and accepting the terminal', async () => {
    const terminal = await TestTerminal.create(i.clock, alg);
    await i.codes.add('CRASHED-CODE', { by: 'test', at: new Date(i.clock.now()) });
    await i.enrolment.enrol(await terminal.enrolment(), HERE);
    expect(await i.codes.take('CRASHED-CODE', terminal.id, new Date(i.clock.now()))).not.toBeNull();
    const again = await i.enrolment.enrol(await terminal.enrolment({ code: 'CRASHED-CODE' }), HERE);
    expect(again.status).toBe('accepted');
  });

  it('does not take a code that has expired, nor let a rejected terminal in by one', async () => {
    const at = new Date(i.clock.now());
    await i.codes.add('EXPIRED-CODE', { by: 'test', at, expiresAt: new Date(at.getTime() - 1) });
    await i.codes.add('ANOTHER-CODE', { by: 'test', at });
    const terminal = await TestTerminal.create(i.clock, alg);
    const enrol = async (code: string): Promise<string> =>
      (await i.enrolment.enrol(await terminal.enrolment({ code }), HERE)).status;
    expect(await enrol('EXPIRED-CODE')).toBe('pending');
    await i.terminals.decide({ id: terminal.id, from: ['pending'], to: 'rejected', by: 'test', at });
    expect(await enrol('ANOTHER-CODE')).toBe('rejected');
  });

  it('stops looking at codes from where too many wrong ones came', async () => {
    const terminal = await TestTerminal.create(i.clock, alg);
    const elsewhere = { ...HERE, ip: '192.0.2.9' };
    const enrol = async (): Promise<unknown> =>
      i.enrolment.enrol(await terminal.enrolment({ code: 'WRONG-CODE' }), elsewhere);
    for (let n = 0; n < 20; n += 1) await enrol();
    expect(await codeOf(enrol())).toBe('request.rate-limited');
  });

  it('takes only so many new keys from one address in an hour, and known ones all the time', async () => {
    const elsewhere = { ...HERE, ip: '192.0.2.10' };
    const known = await TestTerminal.create(i.clock, alg);
    const enrol = async (terminal: TestTerminal, where = elsewhere): Promise<string> =>
      codeOf(i.enrolment.enrol(await terminal.enrolment(), where));
    expect(await enrol(known)).toBe('none');
    await i.t.redis.incrby('rate:enrol-new:192.0.2.10', NEW_KEYS_PER_HOUR - 1);
    const unknown = await TestTerminal.create(i.clock, alg);
    expect(await enrol(unknown)).toBe('request.rate-limited');
    expect(await i.terminals.get(unknown.id)).toBeNull();
    expect(await enrol(known)).toBe('none');
    expect(await enrol(unknown, HERE)).toBe('none');
  });

  it('refuses a replay, a stale one, another key than named, another kind of message', async () => {
    const terminal = await TestTerminal.create(i.clock, alg);
    const other = await TestTerminal.create(i.clock, alg);
    const enrol = async (jws: string | Promise<string>): Promise<string> =>
      codeOf(i.enrolment.enrol(await jws, HERE));
    const once = await terminal.enrolment();
    expect(await enrol(once)).toBe('none');
    expect(await enrol(once)).toBe('terminal.bad-proof');
    const nowS = Math.floor(i.clock.now() / 1000);
    expect(await enrol(terminal.enrolment({ iat: nowS - 301 }))).toBe('terminal.bad-proof');
    expect(await enrol(terminal.enrolment({ iat: nowS + 301 }))).toBe('terminal.bad-proof');
    expect(await enrol(terminal.enrolment({ signKey: other.sign.publicJwk }))).toBe('terminal.bad-proof');
    expect(await enrol(terminal.enrolment({}, { jwk: other.sign.publicJwk }))).toBe('terminal.bad-proof');
    expect(await enrol(terminal.enrolment({}, { typ: 'dpop+jwt' }))).toBe('terminal.bad-proof');
    expect(await enrol(`${once.slice(0, -8)}AAAAAAAA`)).toBe('terminal.bad-proof');
    expect(await enrol('x')).toBe('terminal.bad-proof');
  });
});
