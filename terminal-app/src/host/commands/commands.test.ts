import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '@bianmin/shared/api/client-error';
import type { CommandResult } from '@bianmin/shared/api/command';
import type { IdentifyResponse } from '@bianmin/shared/api/card';
import { ecPublicJwk, type EcPublicJwk } from '@bianmin/shared/api/terminal';
import { codeOf } from '@bianmin/shared/errors';
import type { PurchaseApi } from '@bianmin/shared/purchase/ports';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { unlessBlocked } from './blocked-sales.ts';
import { hostCommands, type HostCommands, type HostCommandsInit } from './commands.ts';

const HERE = `t${'1'.repeat(30)}`;
let key: { sign: CryptoKey; jwk: EcPublicJwk };
let other: typeof key;
beforeAll(async () => {
  [key, other] = await Promise.all([pair(), pair()]);
});

async function pair() {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return { sign: privateKey, jwk: ecPublicJwk.parse({ kty, crv, x, y }) };
}

let folder: string;
let clock: ManualClock;
let here: HostCommands;
let moment: { busy: boolean; idleMs: number };
let shown: { screen: string; staffIn: boolean; remote: boolean };
/** What the server heard, and what of it was done, in their order. */
let heard: [string, CommandResult][];
let done: string[];
let faults: string[];
let away: boolean;
let picture: Uint8Array;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-commands-'));
  clock = new ManualClock();
  moment = { busy: false, idleMs: 3_600_000 };
  shown = { screen: 'wait', staffIn: false, remote: false };
  [heard, done, faults, away, picture] = [[], [], [], false, new Uint8Array([0xff, 0xd8])];
  begin();
  here.hearKey(key.jwk);
});
afterEach(async () => {
  await here.desk.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The program as it starts; what the disk has is there. */
function begin(shell: HostCommandsInit['shell'] = bySupervisor()): void {
  here = hostCommands({
    ...{ dataDir: folder, terminalId: HERE, clock, quietMs: 60_000, shell },
    client: {
      post: (path: string, _schema: unknown, body: unknown) => {
        if (away)
          return Promise.reject(new ApiError({ code: 'server.unavailable', message: 'away', status: 0 }));
        if (path.endsWith('/diagnostics')) return Promise.resolve({ reportNo: '00000042' } as never);
        heard.push([path.split('/')[4] ?? '', body as CommandResult]);
        return Promise.resolve(undefined as never);
      },
    },
    machine: { look: () => Promise.resolve({} as never) },
    shown: () => shown,
    reload: () => Promise.resolve(void done.push('reload')),
    log: () => ['{"level":30}', 'x'.repeat(5_000)],
    moment: () => moment,
    now: () => clock.now(),
    onBlocked: (blocked) => done.push(`blocked ${String(blocked)}`),
    onFault: (where, error) => faults.push(`${where} ${codeOf(error) ?? String(error)}`),
  });
  here.desk.start();
}

const bySupervisor = (): HostCommandsInit['shell'] => ({
  restart: () => done.push('restart'),
  picture: () => Promise.resolve(picture),
});

async function restarted(shell?: HostCommandsInit['shell']): Promise<void> {
  await here.desk.stop();
  begin(shell);
}

let n = 0;
async function command(
  kind: string,
  more: { by?: CryptoKey; to?: string; ttlS?: number; typ?: string } = {},
) {
  const { by = key.sign, to = HERE, ttlS = 600, typ = 'command+jws' } = more;
  const nowS = Math.floor(clock.now() / 1000);
  const id = `command-${(n += 1)}`;
  const jws = await new SignJWT({ iss: 'bianmin', sub: to, jti: id, kind, iat: nowS, exp: nowS + ttlS })
    .setProtectedHeader({ alg: 'ES256', typ })
    .sign(by);
  return { id, jws };
}

/** As with a beat, and the moment after it. */
async function beat(...given: { jws: string }[]): Promise<void> {
  await here.desk.take(given.map(({ jws }) => jws));
  await clock.advance(1_000);
  await here.desk.take([]);
}

describe('what a kiosk is told', () => {
  it('is done once, whatever comes again, and answered', async () => {
    const reload = await command('reload-content');
    await beat(reload, reload);
    await beat(reload);
    expect(done).toEqual(['reload']);
    expect(heard[0]).toEqual([reload.id, { outcome: 'done' }]);
    // Asked again, the server did not hear: it is told once more, and nothing is done.
    expect(heard.every(([id]) => id === reload.id)).toBe(true);
    expect(faults).toEqual([]);
  });

  it('waits until the kiosk is idle, within its time', async () => {
    moment = { busy: true, idleMs: 0 };
    const [reload, late] = [await command('reload-content'), await command('reload-content', { ttlS: 60 })];
    await beat(reload, late);
    moment = { busy: false, idleMs: 30_000 };
    await beat();
    expect(done).toEqual([]);
    await clock.advance(60_000);
    await beat();
    expect(heard).toEqual([[late.id, { outcome: 'failed', code: 'command.expired' }]]);
    moment = { busy: false, idleMs: 60_000 };
    await beat();
    expect(done).toEqual(['reload']);
    expect(heard.at(-1)).toEqual([reload.id, { outcome: 'done' }]);
  });

  it('to start again is answered by the next start, and never done twice', async () => {
    const restart = await command('restart');
    await here.desk.take([restart.jws]);
    await clock.advance(1_000);
    expect(done).toEqual(['restart']);
    await restarted();
    await beat(restart);
    await restarted();
    await beat(restart);
    expect(done).toEqual(['restart']);
    expect(new Set(heard.map(([id, result]) => `${id} ${JSON.stringify(result)}`))).toEqual(
      new Set([`${restart.id} {"outcome":"done"}`]),
    );
  });

  it('to start again is failed where the program is still there', async () => {
    const restart = await command('restart');
    await here.desk.take([restart.jws]);
    await clock.advance(1_000);
    await clock.advance(120_000);
    await beat();
    expect(heard).toEqual([[restart.id, { outcome: 'failed', code: 'command.no-restart' }]]);
  });

  it('is refused where this shell cannot, or it is of no known kind', async () => {
    await restarted({});
    const all = [await command('restart'), await command('screenshot'), await command('dance')];
    await beat(...all);
    expect(heard.map(([, { outcome, code }]) => [outcome, code])).toEqual([
      ['refused', 'command.unsupported'],
      ['refused', 'command.unsupported'],
      ['refused', 'command.unknown'],
    ]);
  });

  it('is answered when the server is back, also after a start', async () => {
    const block = await command('block');
    await here.desk.take([block.jws]);
    away = true;
    await clock.advance(1_000);
    await beat();
    expect([here.blocked, heard]).toEqual([true, []]);
    await restarted();
    away = false;
    await beat();
    expect(heard).toEqual([[block.id, { outcome: 'done' }]]);
  });

  it('sends a report, and its log cut to what is taken', async () => {
    const [report, log] = [await command('run-diagnostics'), await command('resend-logs')];
    await beat(report, log);
    expect(Object.fromEntries(heard)).toEqual({
      [report.id]: { outcome: 'done', reportNo: '00000042' },
      [log.id]: { outcome: 'done', log: ['{"level":30}', 'x'.repeat(600)] },
    });
    // A log is not kept on this machine a second time.
    expect(await readFile(join(folder, 'commands.json'), 'utf8')).not.toContain('level');
  });

  it('to send a log that was interrupted is answered as that', async () => {
    const log = await command('resend-logs');
    await here.desk.take([log.jws]);
    away = true;
    await clock.advance(1_000);
    await restarted();
    away = false;
    await beat();
    expect(heard).toEqual([[log.id, { outcome: 'failed', code: 'command.interrupted' }]]);
  });

  it('is not done where it cannot be noted first', async () => {
    await here.desk.stop();
    await writeFile(join(folder, 'file'), '');
    const was = folder;
    folder = join(was, 'file');
    begin();
    here.hearKey(key.jwk);
    folder = was;
    await beat(await command('reload-content'));
    expect([done, heard]).toEqual([[], []]);
    expect(faults.length).toBeGreaterThan(0);
  });
});

describe('a picture of the screen', () => {
  it('is taken of the waiting screen', async () => {
    const { id, jws } = await command('screenshot');
    await beat({ jws });
    expect(heard).toEqual([[id, { outcome: 'done', picture: '/9g=' }]]);
  });

  it('is refused where the kiosk is in use, before and while it is taken', async () => {
    shown = { ...shown, screen: 'who' };
    await beat(await command('screenshot'));
    shown = { ...shown, screen: 'wait' };
    await restarted({
      picture: () => {
        shown = { ...shown, staffIn: true };
        return Promise.resolve(picture);
      },
    });
    await beat(await command('screenshot'));
    expect(heard.map(([, result]) => result)).toEqual([
      { outcome: 'refused', code: 'command.personal-data' },
      { outcome: 'refused', code: 'command.personal-data' },
    ]);
  });

  it('that is too large stays here', async () => {
    picture = new Uint8Array(150_001);
    await beat(await command('screenshot'));
    expect(heard[0]?.[1]).toEqual({ outcome: 'failed', code: 'command.too-large' });
  });
});

describe('whose commands are taken', () => {
  it('only those of the key that was heard first, for this terminal, as a command', async () => {
    here.hearKey(other.jwk);
    expect(faults).toEqual(['commands command.other-key']);
    faults.length = 0;
    await beat(await command('block', { by: other.sign }));
    await beat(await command('block', { to: `t${'2'.repeat(30)}` }));
    await beat(await command('block', { typ: 'at+jwt' }));
    await beat({ jws: 'nonsense' });
    expect(faults).toEqual(Array(4).fill('commands command.bad-signature'));
    // The key is still the first after a start.
    await restarted();
    await beat(await command('block', { by: other.sign }));
    expect([here.blocked, heard]).toEqual([false, []]);
    await beat(await command('block'));
    expect(here.blocked).toBe(true);
  });

  it('none’s before a key was heard', async () => {
    await rm(join(folder, 'command-key.json'));
    await restarted();
    await beat(await command('block'));
    expect([here.blocked, faults]).toEqual([false, ['commands command.bad-signature']]);
  });
});

describe('a blocked kiosk', () => {
  const asked: string[] = [];
  const api = (unfinished: object | null): PurchaseApi =>
    ({
      identify: () => Promise.resolve({ unfinished } as IdentifyResponse),
      createOrder: () => Promise.resolve(void asked.push('order')),
      describeRemote: () => Promise.resolve(void asked.push('describe')),
      release: () => Promise.resolve(void asked.push('release')),
    }) as unknown as PurchaseApi;

  it('finishes what is open first, stays blocked over a start, and is unblocked', async () => {
    moment = { busy: true, idleMs: 0 };
    await beat(await command('block'));
    expect(here.blocked).toBe(false);
    moment = { busy: false, idleMs: 0 };
    await beat();
    expect(here.blocked).toBe(true);
    await restarted();
    expect(here.blocked).toBe(true);
    await beat(await command('unblock'));
    expect([here.blocked, done]).toEqual([false, ['blocked true', 'blocked false']]);
  });

  it('begins nothing new, and lets a payer have their card written', async () => {
    const refused = (ask: Promise<unknown>) => ask.then(() => 'taken', codeOf);
    const blocked = unlessBlocked(api(null), () => true);
    expect(await refused(blocked.identify({} as never))).toBe('terminal.blocked');
    expect(await refused(blocked.createOrder({} as never))).toBe('terminal.blocked');
    expect(await refused(blocked.describeRemote({} as never))).toBe('terminal.blocked');
    expect(asked).toEqual([]);
    const paid = unlessBlocked(api({ orderNo: '1' }), () => true);
    expect(await refused(paid.identify({} as never))).toBe('taken');
    await paid.release('1', {} as never);
    expect(asked).toEqual(['release']);
    expect(await refused(unlessBlocked(api(null), () => false).createOrder({} as never))).toBe('taken');
  });
});
