import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { compactVerify, importJWK } from 'jose';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commandPayload, type CommandPayload, type SendBatch } from '@bianmin/shared/api/command';
import { PROVINCE } from '@bianmin/shared/api/org';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { ProblemError } from '../../kernel/problem.ts';
import { adminCommandRoutes } from './command-routes.ts';
import { terminalCommandRoutes } from './command-result-routes.ts';
import { terminalHeartbeatRoutes } from './heartbeat-routes.ts';
import { CommandBatchStore } from '../store/command-batches.ts';
import { TerminalCommandStore } from '../store/terminal-commands.ts';
import { TerminalHealthStore } from '../store/terminal-health.ts';
import { TerminalStore } from '../store/terminals.ts';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { BeatKeys } from './beat-keys.ts';
import { CommandBatches } from './command-batches.ts';
import { CommandHints } from './command-hints.ts';
import { CommandKeeper } from './command-keeper.ts';
import { CommandSigner } from './command-signer.ts';
import { Commands } from './commands.ts';
import { PresenceBoard } from './presence.ts';
import { presenceViews } from './presence-view.ts';
import { Targets, TARGETS_AT_ONCE } from './targets.ts';
import { WATCHED, WATCHED_BEAT_MS, WATCHED_MS, WatchedTerminals } from './watched.ts';

const MINUTE = 60_000;
const URUMQI = [PROVINCE, '650100', 'c0000000000000001'];
const KASHI = [PROVINCE, '653100', 'c0000000000000002'];
const PATHS: Readonly<Record<string, readonly string[]>> = {
  [PROVINCE]: [PROVINCE],
  '650100': [PROVINCE, '650100'],
  '653100': [PROVINCE, '653100'],
};
const id = (no: number): string => `t${no.toString(16).padStart(30, '0')}`;
const HERE = id(1);
const signKey = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  .privateKey.export({ format: 'der', type: 'pkcs8' })
  .toString('base64');
const reason = 'a test of commands';

let t: TestContext;
let kiosk: FakeTerminal;
let clock: ManualClock;
let terminals: TerminalStore;
let store: TerminalCommandStore;
let batchStore: CommandBatchStore;
let health: TerminalHealthStore;
let board: PresenceBoard;
let signer: CommandSigner;
let calls: AdminCalls;
let keeper: CommandKeeper;
let recorded: string[];
/** How often MongoDB was asked what waits. */
let asked: number;

beforeAll(async () => {
  t = await openTestContext();
  kiosk = await fakeTerminal(HERE);
  terminals = new TerminalStore(t.db);
  store = new TerminalCommandStore(t.db);
  batchStore = new CommandBatchStore(t.db);
  health = new TerminalHealthStore(t.db);
  signer = new CommandSigner(signKey);
  await Promise.all([terminals.prepare(), store.prepare(), batchStore.prepare(), health.prepare()]);
});
afterAll(() => t.close());
beforeEach(async () => {
  for (const name of ['terminals', 'terminal_commands', 'command_batches', 'terminal_health']) {
    await t.db.collection(name).deleteMany({});
  }
  await t.redis.flushdb();
  clock = new ManualClock();
  recorded = [];
  asked = 0;
  calls = await serve(signer);
});
afterEach(() => calls.close());

async function serve(by: CommandSigner | undefined): Promise<AdminCalls> {
  board = new PresenceBoard(t.redis, clock);
  const hints = new CommandHints(t.redis);
  const audit = {
    record: ({ action }: { action: string }) => Promise.resolve(void recorded.push(action)),
  } as never;
  const presence = presenceViews({
    board,
    store: health,
    clock,
    intervals: { kiosk: MINUTE, box: 60 * MINUTE },
  });
  const targets = new Targets({ terminals, health, presence });
  const watched = new WatchedTerminals(t.redis, clock);
  const log = pino({ level: 'silent' });
  const commands = new Commands({ store, hints, watched, terminals, signer: by, audit, clock, log });
  const orgs = {
    getWithin: (org: string, scope: string) => {
      const path = PATHS[org];
      if (path?.includes(scope) === true) return Promise.resolve({ _id: org, path } as never);
      return Promise.reject(new ProblemError({ code: 'request.not-found', message: 'None.' }));
    },
  };
  const batches = new CommandBatches({ batches: batchStore, store, commands, targets, orgs, audit, clock });
  keeper = new CommandKeeper({ store, batches: batchStore, hints, targets, clock });
  const counted = {
    handOut: (terminalId: string) => {
      asked += 1;
      return commands.handOut(terminalId);
    },
  };
  return serveAdmin(
    [
      ...adminCommandRoutes({ commands, batches }),
      ...terminalCommandRoutes({ commands }),
      ...terminalHeartbeatRoutes({
        ...{ board, commands: counted, intervals: { kiosk: MINUTE, box: 60 * MINUTE }, random: () => 0.5 },
        beatKeys: new BeatKeys({ secret: new Uint8Array(32), clock }),
      }),
    ],
    { log },
    kiosk,
  );
}

async function enrol(
  no: number,
  more: { kind?: 'kiosk' | 'box'; path?: readonly string[]; version?: string } = {},
) {
  const { kind = 'kiosk', path = URUMQI, version = '1.0.0' } = more;
  const at = new Date(clock.now());
  const { sealKey } = kiosk;
  await terminals.enrol({ _id: id(no), signKey: sealKey, sealKey, kind, name: 'k', version, enrolledAt: at });
  await terminals.decide({ id: id(no), from: ['pending'], to: 'accepted', by: 'test', at });
  await terminals.place(id(no), { _id: path.at(-1) ?? '', path });
}

const send = (kind: string, more: { key?: string; to?: string; as?: string; ttlS?: number } = {}) => {
  const { key = randomUUID(), to = HERE, as, ttlS } = more;
  return calls.call('post', `/v1/admin/terminals/${to}/commands`, {
    body: { key, kind, reason, ...(ttlS === undefined ? {} : { ttlS }) },
    ...(as === undefined ? {} : { as }),
  });
};
const beat = async (): Promise<string[]> => {
  const { body } = await calls.call('post', '/v1/terminal/heartbeat', {
    body: { version: '1.0.0', readers: [] },
  });
  return (body['commands'] ?? []) as string[];
};
const opened = async (jws: string): Promise<CommandPayload> => {
  const { payload, protectedHeader } = await compactVerify(jws, await importJWK(signer.publicKey, 'ES256'));
  expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'command+jws' });
  return commandPayload.parse(JSON.parse(new TextDecoder().decode(payload)));
};
const states = async () => (await store.of(HERE, 20)).map(({ kind, state }) => [kind, state]).toSorted();
const answer = (command: string, body: object) =>
  calls.call('post', `/v1/terminal/commands/${command}/result`, { body });

describe('a command to a terminal', () => {
  beforeEach(() => enrol(1));

  it('is handed out with its next beat, signed for it alone, and answered', async () => {
    const key = randomUUID();
    expect(await beat()).toEqual([]);
    expect(await send('run-diagnostics', { key, ttlS: 600 })).toMatchObject({
      status: 201,
      body: { id: key, kind: 'run-diagnostics', state: 'queued', issuedBy: 'anna', reason },
    });
    const [jws = '', ...more] = await beat();
    expect(more).toEqual([]);
    const nowS = Math.floor(clock.now() / 1000);
    expect(await opened(jws)).toEqual({
      ...{ iss: 'bianmin', sub: HERE, jti: key, kind: 'run-diagnostics', iat: nowS, exp: nowS + 600 },
    });
    expect(await states()).toEqual([['run-diagnostics', 'delivered']]);
    const result = { outcome: 'done', reportNo: '00000001', log: ['{"level":30}'] };
    expect((await answer(key, result)).status).toBe(204);
    // Said twice, the first counts.
    expect((await answer(key, { outcome: 'failed', code: 'command.interrupted' })).status).toBe(204);
    expect((await calls.call('get', `/v1/admin/commands/${key}`)).body).toMatchObject({
      command: { state: 'done', reportNo: '00000001', hasLog: true, hasPicture: false, code: null },
      ...{ log: ['{"level":30}'], picture: null },
    });
    expect(recorded).toEqual(['command.send']);
  });

  it('reaches one that somebody looks at within two seconds, and no other more often than usual', async () => {
    await enrol(2);
    const nextOf = async (): Promise<unknown> =>
      (await calls.call('post', '/v1/terminal/heartbeat', { body: { version: '1.0.0', readers: [] } })).body[
        'nextMs'
      ];
    const look = (no: number, as?: string) =>
      calls.call('get', `/v1/admin/terminals/${id(no)}/commands`, as === undefined ? {} : { as });
    await look(2);
    expect(await nextOf()).toBe(MINUTE);
    // Nobody watches what they may not see.
    expect((await look(1, 'carl|terminal:read|653100')).body['code']).toBe('request.not-found');
    expect(await nextOf()).toBe(MINUTE);
    await look(1);
    expect(await nextOf()).toBe(WATCHED_BEAT_MS);
    await send('restart');
    clock.jump(WATCHED_BEAT_MS);
    expect((await beat()).length).toBe(1);
    clock.jump(WATCHED_MS);
    expect(await nextOf()).toBe(MINUTE);
    // Whoever sends one waits for what becomes of it, and who stopped looking is forgotten.
    await send('block');
    expect(await nextOf()).toBe(WATCHED_BEAT_MS);
    expect(await t.redis.zrange(WATCHED, '0', '-1')).toEqual([HERE]);
  });

  it('costs a fleet for which nothing waits no question to MongoDB', async () => {
    await beat();
    await beat();
    expect(asked).toBe(0);
    await send('restart');
    expect((await beat()).length).toBe(1);
    await beat();
    expect(asked).toBe(1);
  });

  it('is handed out again until it is answered, and after Redis was lost', async () => {
    await send('block');
    await t.redis.flushdb();
    expect(await beat()).toEqual([]);
    await keeper.tidy();
    expect((await beat()).length).toBe(1);
    // The answer to that beat was lost: the set of hints ends after ten minutes and is made anew.
    await keeper.tidy();
    expect(await beat()).toEqual([]);
    await t.redis.del('fleet:commands:whole');
    await keeper.tidy();
    expect((await beat()).length).toBe(1);
  });

  it('comes more than once where there are more than one answer carries', async () => {
    for (let no = 0; no < 10; no += 1) await send('reload-content');
    const first = await beat();
    expect(first.length).toBe(8);
    for (const jws of first) await answer((await opened(jws)).jti, { outcome: 'done' });
    expect((await beat()).length).toBe(2);
  });

  it('sent twice is one, and with another meaning none', async () => {
    const key = randomUUID();
    await send('restart', { key });
    expect((await send('restart', { key })).status).toBe(201);
    expect((await send('block', { key })).body['code']).toBe('order.idempotency-mismatch');
    expect(await states()).toEqual([['restart', 'queued']]);
  });

  it('is taken back while nobody has it, and not after', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const cancel = async (key: string) =>
      (await calls.call('post', `/v1/admin/commands/${key}/cancel`)).body['state'];
    await send('restart', { key: first });
    expect(await cancel(first)).toBe('cancelled');
    expect(await beat()).toEqual([]);
    await send('restart', { key: second });
    await beat();
    expect(await cancel(second)).toBe('delivered');
  });

  it('ends by itself, and an answer that comes later is still true', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    await send('restart', { key: first, ttlS: 60 });
    await send('restart', { key: second, ttlS: 600 });
    await beat();
    clock.jump(2 * MINUTE);
    await keeper.tidy();
    expect((await states()).map(([, state]) => state)).toEqual(['delivered', 'expired']);
    await answer(first, { outcome: 'done' });
    expect((await states()).map(([, state]) => state)).toEqual(['delivered', 'done']);
    // What is over is not handed out, whatever the round did not get to.
    clock.jump(20 * MINUTE);
    await t.redis.flushdb();
    await keeper.tidy();
    expect(await beat()).toEqual([]);
  });

  it('is answered by its own terminal alone', async () => {
    await enrol(2);
    const key = randomUUID();
    await send('restart', { key, to: id(2) });
    expect((await answer(key, { outcome: 'done' })).body['code']).toBe('request.not-found');
  });

  it('to a home box is one that it can do', async () => {
    await enrol(2, { kind: 'box' });
    for (const kind of ['screenshot', 'resend-logs']) {
      expect((await send(kind, { to: id(2) })).body['code']).toBe('command.not-possible');
    }
    expect(recorded).toEqual([]);
    for (const kind of ['restart', 'reload-content', 'run-diagnostics', 'block', 'unblock']) {
      expect((await send(kind, { to: id(2) })).status).toBe(201);
    }
  });

  it('needs a key, and a terminal that is accepted', async () => {
    const decided = { by: 'test', at: new Date(clock.now()) };
    await terminals.decide({ id: HERE, from: ['accepted'], to: 'rejected', ...decided });
    expect((await send('restart')).body['code']).toBe('command.not-possible');
    await terminals.decide({ id: HERE, from: ['rejected'], to: 'accepted', ...decided });
    await calls.close();
    calls = await serve(undefined);
    expect((await send('restart')).body['code']).toBe('command.not-possible');
  });

  it('is given within the scope, and with the permission, alone', async () => {
    const key = randomUUID();
    await send('restart', { key });
    expect((await send('restart', { as: 'carl|terminal:command|653100' })).body['code']).toBe(
      'request.not-found',
    );
    const read = await calls.call('get', `/v1/admin/commands/${key}`, { as: 'carl|terminal:command|653100' });
    expect(read.body['code']).toBe('request.not-found');
    const routes = adminCommandRoutes({} as never).filter(
      ({ permission }) => permission === 'terminal:command',
    );
    await expectOthersRefused(calls, routes, (path) => path.replace(':id', key));
  });

  it('is no word of a key that is none', () => {
    expect(() => new CommandSigner('nonsense')).toThrow('COMMAND_SIGN_KEY is no PKCS#8 key');
  });
});

describe('a command to many', () => {
  const batch = (target: object, more: Partial<SendBatch> = {}, as = 'anna') =>
    calls.call('post', '/v1/admin/fleet/batches', {
      body: { key: randomUUID(), kind: 'block', reason, target, ...more },
      as,
    });
  const count = async (query: string) =>
    (await calls.call('get', `/v1/admin/fleet/targets${query}`)).body['terminals'];
  const progress = async (key: unknown) => {
    const { body } = await calls.call('get', `/v1/admin/fleet/batches/${String(key)}`);
    const found = body['states'] as { state: string; count: number }[];
    return Object.fromEntries(found.filter((each) => each.count > 0).map((each) => [each.state, each.count]));
  };
  const make = async () => {
    while ((await keeper.make()) > 0) continue;
  };

  beforeEach(async () => {
    await enrol(1);
    await enrol(2, { version: '1.1.0' });
    await enrol(3, { path: KASHI });
    await enrol(4, { path: KASHI, kind: 'box' });
  });

  it('means accepted kiosks by place, version and presence', async () => {
    expect(await count('')).toBe(3);
    expect(await count('?org=650100')).toBe(2);
    expect(await count('?version=1.1.0')).toBe(1);
    // What it said of itself since goes before what it enrolled with.
    const said = { kind: 'kiosk', orgPath: KASHI, version: '1.1.0', readers: [] } as const;
    await health.keep([{ _id: id(3), ...said, seenAt: new Date(clock.now()) }]);
    expect(await count('?version=1.1.0')).toBe(2);
    expect(await count('?presence=online')).toBe(1);
    expect(await count('?org=653100&presence=never')).toBe(0);
    await board.beat(HERE, { kind: 'kiosk', orgPath: URUMQI }, { version: '1.0.0', readers: [] });
    expect(await count('?presence=online')).toBe(2);
  });

  it('is made by the worker, reaches each with its beat, and shows how far it is', async () => {
    const { status, body } = await batch({ org: '650100' });
    expect([status, body['state'], body['terminals']]).toEqual([201, 'making', 0]);
    await make();
    expect(await progress(body['id'])).toEqual({ queued: 2 });
    const [jws = ''] = await beat();
    const { jti, kind } = await opened(jws);
    expect([jti, kind]).toEqual([`${String(body['id'])}.${HERE}`, 'block']);
    expect(await progress(body['id'])).toEqual({ queued: 1, delivered: 1 });
    await answer(jti, { outcome: 'done' });
    expect(await progress(body['id'])).toEqual({ queued: 1, done: 1 });
    const listed = await calls.call('get', '/v1/admin/fleet/batches');
    expect(listed.body['batches']).toMatchObject([{ state: 'made', terminals: 2, org: '650100' }]);
    expect(recorded).toEqual(['command.batch']);
  });

  it('is cancelled for whoever has not heard it', async () => {
    const { body } = await batch({});
    await make();
    await beat();
    await calls.call('post', `/v1/admin/fleet/batches/${String(body['id'])}/cancel`);
    expect(await progress(body['id'])).toEqual({ delivered: 1, cancelled: 2 });
  });

  it('goes on where a worker died, and tells nobody twice', async () => {
    const known = await t.db.collection<{ _id: string }>('terminals').findOne({ _id: HERE });
    await t.db
      .collection<{ _id: string }>('terminals')
      .insertMany(Array.from({ length: TARGETS_AT_ONCE }, (_, no) => ({ ...known, _id: id(10 + no) })));
    const { body } = await batch({ org: '650100' });
    const key = String(body['id']);
    const unmade = await batchStore.unmade();
    // It made the piece and died before it had noted that.
    await keeper.make();
    await t.db
      .collection<{ _id: string }>('command_batches')
      .updateOne({ _id: key }, { $set: { cursor: unmade?.cursor, terminals: 0, state: 'making' } });
    await make();
    expect(await progress(key)).toEqual({ queued: TARGETS_AT_ONCE + 2 });
    expect(await t.redis.scard('fleet:commands')).toBe(TARGETS_AT_ONCE + 2);
  });

  it('that is cancelled while it is made leaves nothing', async () => {
    const { body } = await batch({});
    const key = String(body['id']);
    const advance = batchStore.advance.bind(batchStore);
    batchStore.advance = async (...given) => {
      await calls.call('post', `/v1/admin/fleet/batches/${key}/cancel`);
      return advance(...given);
    };
    try {
      await make();
    } finally {
      batchStore.advance = advance;
    }
    expect(await progress(key)).toEqual({ cancelled: 3 });
  });

  it('reaches no further than whoever sends it', async () => {
    const carl = 'carl|terminal:command|653100';
    expect((await batch({ org: '650100' }, {}, carl)).body['code']).toBe('request.not-found');
    const { body } = await batch({}, {}, carl);
    await make();
    expect(await progress(body['id'])).toEqual({ queued: 1 });
    const read = await calls.call('get', `/v1/admin/fleet/batches/${String(body['id'])}`, {
      as: 'dora|terminal:read|650100',
    });
    expect(read.body['code']).toBe('request.not-found');
  });

  it('takes no pictures and no logs of a whole province', async () => {
    expect((await batch({}, { kind: 'screenshot' as never })).status).toBe(400);
  });
});
