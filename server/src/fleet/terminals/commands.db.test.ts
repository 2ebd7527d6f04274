import axios from 'axios';
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnostics } from '@bianmin/purchase/api/diagnostics';
import type { TerminalSupport } from '@bianmin/purchase/api/support';
import { openSupport } from '@bianmin/purchase/node/support/archive';
import { adminCommandRoutes } from './command-routes.ts';
import { expectOthersRefused } from '../../testing/admin-calls.ts';
import { CommandSigner } from './command-signer.ts';
import { WATCHED, WATCHED_BEAT_MS, WATCHED_MS } from './watched.ts';
import { CommandWorld, HERE, MINUTE, reason, terminalId } from '../../testing/command-world.ts';

const DAY = 86_400_000;
const SUPPORT: TerminalSupport = {
  ...{ kind: 'kiosk', at: '2026-03-01T00:00:00.000Z', version: '1.0.0', machine: null, system: null },
  ...{ settings: [], readers: null, journal: { entries: [] }, lines: [], log: ['{"message":"host is up"}'] },
};
const MACHINE: Diagnostics = {
  ...{ at: '2026-03-01T00:00:00.000Z', fingerprint: 'abc', terminalId: null, uptimeS: 1, readers: [] },
  versions: { app: '1.0.0', node: null, electron: null, chromium: null, system: 'android' },
  server: { link: 'online', lastAnswerAt: null, roundTripMs: null, skewMs: null },
  ...{ disk: null, journal: null, screen: { name: 'wait', problem: null }, faults: [] },
};

let f: CommandWorld;
beforeAll(async () => {
  f = await CommandWorld.open();
});
afterAll(() => f.close());
beforeEach(() => f.fresh());
afterEach(() => f.calls.close());

describe('a command to a terminal', () => {
  beforeEach(() => f.enrol(1));

  it('is handed out with its next beat, signed for it alone, and answered', async () => {
    const key = randomUUID();
    expect(await f.beat()).toEqual([]);
    expect(await f.send('run-diagnostics', { key, ttlS: 600 })).toMatchObject({
      status: 201,
      body: { id: key, kind: 'run-diagnostics', state: 'queued', issuedBy: 'anna', reason },
    });
    const [jws = '', ...more] = await f.beat();
    expect(more).toEqual([]);
    const nowS = Math.floor(f.clock.now() / 1000);
    expect(await f.opened(jws)).toEqual({
      ...{ iss: 'bianmin', sub: HERE, jti: key, kind: 'run-diagnostics', iat: nowS, exp: nowS + 600 },
    });
    expect(await f.states()).toEqual([['run-diagnostics', 'delivered']]);
    const result = { outcome: 'done', reportNo: '00000001', log: ['{"level":30}'] };
    expect((await f.answer(key, result)).status).toBe(204);
    // Said twice, the first counts.
    expect((await f.answer(key, { outcome: 'failed', code: 'command.interrupted' })).status).toBe(204);
    expect((await f.calls.call('get', `/v1/admin/commands/${key}`)).body).toMatchObject({
      command: { state: 'done', reportNo: '00000001', hasLog: true, hasPicture: false, code: null },
      ...{ log: ['{"level":30}'], picture: null },
    });
    expect(f.recorded).toEqual(['command.send']);
  });

  it('reaches one that an administrator looks at within two seconds, and no other more often than usual', async () => {
    await f.enrol(2);
    const nextOf = async (): Promise<unknown> =>
      (await f.calls.call('post', '/v1/terminal/heartbeat', { body: { version: '1.0.0', readers: [] } }))
        .body['nextMs'];
    const look = (no: number, as?: string) =>
      f.calls.call('get', `/v1/admin/terminals/${terminalId(no)}/commands`, as === undefined ? {} : { as });
    await look(2);
    expect(await nextOf()).toBe(MINUTE);
    // A terminal is not watched by those who may not see it.
    expect((await look(1, 'carl|terminal:read|653100')).body['code']).toBe('request.not-found');
    expect(await nextOf()).toBe(MINUTE);
    await look(1);
    expect(await nextOf()).toBe(WATCHED_BEAT_MS);
    await f.send('restart');
    f.clock.jump(WATCHED_BEAT_MS);
    expect((await f.beat()).length).toBe(1);
    f.clock.jump(WATCHED_MS);
    expect(await nextOf()).toBe(MINUTE);
    // An administrator who sends one waits for what becomes of it; one who stopped looking is forgotten.
    await f.send('block');
    expect(await nextOf()).toBe(WATCHED_BEAT_MS);
    expect(await f.t.redis.zrange(WATCHED, '0', '-1')).toEqual([HERE]);
  });

  it('costs a fleet for which nothing waits no question to MongoDB', async () => {
    await f.beat();
    await f.beat();
    expect(f.asked).toBe(0);
    await f.send('restart');
    expect((await f.beat()).length).toBe(1);
    await f.beat();
    expect(f.asked).toBe(1);
  });

  it('is handed out again until it is answered, and after Redis was lost', async () => {
    await f.send('block');
    await f.t.redis.flushdb();
    expect(await f.beat()).toEqual([]);
    await f.keeper.tidy();
    expect((await f.beat()).length).toBe(1);
    // The answer to that beat was lost: the set of hints ends after ten minutes and is made anew.
    await f.keeper.tidy();
    expect(await f.beat()).toEqual([]);
    await f.t.redis.del('fleet:commands:whole');
    await f.keeper.tidy();
    expect((await f.beat()).length).toBe(1);
  });

  it('comes more than once where there are more than one answer carries', async () => {
    for (let no = 0; no < 10; no += 1) await f.send('reload-content');
    const first = await f.beat();
    expect(first.length).toBe(8);
    for (const jws of first) await f.answer((await f.opened(jws)).jti, { outcome: 'done' });
    expect((await f.beat()).length).toBe(2);
  });

  it('sent twice is one, and with another meaning none', async () => {
    const key = randomUUID();
    await f.send('restart', { key });
    expect((await f.send('restart', { key })).status).toBe(201);
    expect((await f.send('block', { key })).body['code']).toBe('order.idempotency-mismatch');
    expect(await f.states()).toEqual([['restart', 'queued']]);
  });

  it('is taken back while no terminal has it, and not after', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const cancel = async (key: string) =>
      (await f.calls.call('post', `/v1/admin/commands/${key}/cancel`)).body['state'];
    await f.send('restart', { key: first });
    expect(await cancel(first)).toBe('cancelled');
    expect(await f.beat()).toEqual([]);
    await f.send('restart', { key: second });
    await f.beat();
    expect(await cancel(second)).toBe('delivered');
  });

  it('ends by itself, and an answer that comes later is still true', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    await f.send('restart', { key: first, ttlS: 60 });
    await f.send('restart', { key: second, ttlS: 600 });
    await f.beat();
    f.clock.jump(2 * MINUTE);
    await f.keeper.tidy();
    expect((await f.states()).map(([, state]) => state)).toEqual(['delivered', 'expired']);
    await f.answer(first, { outcome: 'done' });
    expect((await f.states()).map(([, state]) => state)).toEqual(['delivered', 'done']);
    // What is over is not handed out, whatever the round did not get to.
    f.clock.jump(20 * MINUTE);
    await f.t.redis.flushdb();
    await f.keeper.tidy();
    expect(await f.beat()).toEqual([]);
  });

  it('is answered by its own terminal alone', async () => {
    await f.enrol(2);
    const key = randomUUID();
    await f.send('restart', { key, to: terminalId(2) });
    expect((await f.answer(key, { outcome: 'done' })).body['code']).toBe('request.not-found');
  });

  it('to a home box is one that it can do', async () => {
    await f.enrol(2, { kind: 'box' });
    for (const kind of ['screenshot', 'resend-logs']) {
      expect((await f.send(kind, { to: terminalId(2) })).body['code']).toBe('command.not-possible');
    }
    expect(f.recorded).toEqual([]);
    for (const kind of [
      'restart',
      'reload-content',
      'run-diagnostics',
      'support-archive',
      'block',
      'unblock',
    ]) {
      expect((await f.send(kind, { to: terminalId(2) })).status).toBe(201);
    }
  });

  it('needs a key, and a terminal that is accepted', async () => {
    const decided = { by: 'test', at: new Date(f.clock.now()) };
    await f.terminals.decide({ id: HERE, from: ['accepted'], to: 'rejected', ...decided });
    expect((await f.send('restart')).body['code']).toBe('command.not-possible');
    await f.terminals.decide({ id: HERE, from: ['rejected'], to: 'accepted', ...decided });
    await f.calls.close();
    f.calls = await f.serve(undefined);
    expect((await f.send('restart')).body['code']).toBe('command.not-possible');
  });

  it('is given within the scope, and with the permission, alone', async () => {
    const key = randomUUID();
    await f.send('restart', { key });
    expect((await f.send('restart', { as: 'carl|terminal:command|653100' })).body['code']).toBe(
      'request.not-found',
    );
    const read = await f.calls.call('get', `/v1/admin/commands/${key}`, {
      as: 'carl|terminal:command|653100',
    });
    expect(read.body['code']).toBe('request.not-found');
    const routes = adminCommandRoutes({} as never).filter(
      ({ permission }) => permission === 'terminal:command',
    );
    await expectOthersRefused(f.calls, routes, (path) => path.replace(':id', key));
  });

  it('for a support archive brings one that can be fetched for seven days, once it was asked for', async () => {
    const key = randomUUID();
    await f.send('support-archive', { key });
    expect((await f.calls.call('get', `/v1/admin/commands/${key}/archive`)).body['code']).toBe(
      'request.not-found',
    );
    await f.answer(key, { outcome: 'done', support: SUPPORT });
    expect((await f.calls.call('get', `/v1/admin/commands/${key}`)).body).toMatchObject({
      command: { state: 'done', archiveUntil: new Date(f.clock.now() + 7 * DAY).toISOString() },
    });
    const { status, type, name, bytes } = await f.calls.file(`/v1/admin/commands/${key}/archive`);
    expect([status, type]).toEqual([200, 'application/zip']);
    expect(name).toBe('attachment; filename="support-kiosk-20260301080000.zip"');
    expect(openSupport(bytes).parts).toEqual(SUPPORT);
    const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
    // `fetch` tells caches to look again, which is no condition any more.
    const again = await axios.get(`${f.calls.url}/v1/admin/commands/${key}/archive`, {
      ...{ headers: { authorization: 'Bearer anna', 'if-none-match': etag }, validateStatus: () => true },
    });
    expect(again.status).toBe(304);
    expect(f.recorded).toEqual(['command.send', 'support.fetch', 'support.fetch']);
    f.clock.jump(7 * DAY);
    expect((await f.calls.call('get', `/v1/admin/commands/${key}/archive`)).body['code']).toBe(
      'request.not-found',
    );
  });

  it('for a support archive of a home box brings its report as one', async () => {
    const key = randomUUID();
    const reportNo = await f.reports.add(HERE, MACHINE);
    await f.send('support-archive', { key });
    await f.answer(key, { outcome: 'done', reportNo });
    const { bytes } = await f.calls.file(`/v1/admin/commands/${key}/archive`);
    expect(openSupport(bytes).parts).toMatchObject({ kind: 'box', machine: MACHINE });
  });

  it('is refused with an archive that holds what no archive has', async () => {
    const key = randomUUID();
    await f.send('support-archive', { key });
    const answered = await f.answer(key, { outcome: 'done', support: { ...SUPPORT, pin: '918273' } });
    expect(answered.body['code']).toBe('request.malformed');
  });

  it('is no word of a key that is none', () => {
    expect(() => new CommandSigner('nonsense')).toThrow('COMMAND_SIGN_KEY is no PKCS#8 key');
  });
});
