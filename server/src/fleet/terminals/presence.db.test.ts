import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PROVINCE } from '@bianmin/shared/api/org';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { TerminalHealthStore } from '../store/terminal-health.ts';
import { TerminalStore } from '../store/terminals.ts';
import { TestTerminal } from '../../testing/terminal.ts';
import { createFleetMetrics } from './terminal-metrics.ts';
import { adminFleetRoutes } from './cohort-routes.ts';
import { takeBeat, terminalHeartbeatRoutes } from './heartbeat-routes.ts';
import { serveAdmin } from '../../testing/admin-calls.ts';
import { fakeTerminal } from '../../testing/order-world.ts';
import { versionCountsOf } from './version-counts.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { BeatKeys } from './beat-keys.ts';
import { Cohorts } from './cohorts.ts';
import { PresenceBoard } from './presence.ts';
import { KEEP_AT_ONCE, PresenceKeeper } from './presence-keeper.ts';
import { nextBeat, presenceOf } from './presence-rule.ts';
import { presenceViews } from './presence-view.ts';

const MINUTE = 60_000;
const URUMQI = [PROVINCE, '650100', 'c1'];
const KASHI = [PROVINCE, '653100', 'c2'];
const id = (no: number): string => `t${no.toString(16).padStart(30, '0')}`;

describe('whether a terminal is there', () => {
  it('goes by the beats that it missed', () => {
    const after = (beats: number) => presenceOf(0, beats * MINUTE, MINUTE);
    expect([0, 1.2, 2.5, 2.6, 10, 10.1].map(after)).toEqual([
      'online',
      'online',
      'online',
      'late',
      'late',
      'missing',
    ]);
    expect(presenceOf(null, 0, MINUTE)).toBe('never');
  });

  it('beats at random moments around the interval', () => {
    expect([0, 0.5, 1].map((random) => nextBeat(MINUTE, random))).toEqual([48_000, 60_000, 72_000]);
  });
});

describe('what terminals say of themselves', () => {
  let t: TestContext;
  let store: TerminalHealthStore;
  let clock: ManualClock;
  let board: PresenceBoard;

  beforeAll(async () => {
    t = await openTestContext();
    store = new TerminalHealthStore(t.db);
    await store.prepare();
    begin();
  });
  afterEach(async () => {
    await t.redis.flushdb();
    await t.db.collection('terminal_health').deleteMany({});
    begin();
  });
  afterAll(() => t.close());

  function begin(): void {
    clock = new ManualClock();
    board = new PresenceBoard(t.redis, clock);
  }
  const keeperOf = (kept: TerminalHealthStore = store) => new PresenceKeeper({ board, store: kept, clock });
  const heard = () => ({ board, store, clock, intervals: { kiosk: MINUTE, box: 60 * MINUTE } });
  const inService = (...out: string[]) => ({
    ...{ ...heard(), terminals: { outOfService: () => Promise.resolve(new Set(out)) } },
  });
  const says = (version: string, errors: Record<string, number> = {}) => ({
    version,
    readers: ['ACR39U'],
    errors: Object.entries(errors).map(([code, count]) => ({ code, count })),
  });

  it('is kept when it changes, and not when it does not', async () => {
    const keeper = keeperOf();
    await board.beat(id(1), { kind: 'kiosk', orgPath: URUMQI }, { ...says('1.0.0'), diskFreeMb: 5_010 });
    await keeper.round();
    expect((await store.of([id(1)])).get(id(1))).toMatchObject({
      ...{ kind: 'kiosk', orgPath: URUMQI, version: '1.0.0', readers: ['ACR39U'], diskFreeMb: 5_000 },
      seenAt: new Date(clock.now()),
    });
    clock.jump(MINUTE);
    await board.beat(id(1), { kind: 'kiosk', orgPath: URUMQI }, { ...says('1.0.0'), diskFreeMb: 4_990 });
    expect(await keeper.round()).toBe(0);
    await board.beat(id(1), { kind: 'kiosk', orgPath: URUMQI }, says('1.1.0'));
    expect(await keeper.round()).toBe(1);
    expect((await store.of([id(1)])).get(id(1))).toMatchObject({ version: '1.1.0' });
  });

  it('is put back on the list where it could not be kept', async () => {
    await board.beat(id(1), { kind: 'box', orgPath: KASHI }, says('1.0.0'));
    const broken = {
      of: () => Promise.resolve(new Map()),
      keep: () => Promise.reject(new Error('no database')),
    } as unknown as TerminalHealthStore;
    await expect(keeperOf(broken).round()).rejects.toThrow('no database');
    await keeperOf().round();
    expect((await store.of([id(1)])).size).toBe(1);
  });

  it('writes nothing that MongoDB knows already, after Redis was lost', async () => {
    const keeper = keeperOf();
    const beat = (no: number, version: string) =>
      board.beat(id(no), { kind: 'box', orgPath: KASHI }, { ...says(version), diskFreeMb: 5_000 });
    await Promise.all([beat(1, '1.0.0'), beat(2, '1.0.0')]);
    while ((await keeper.round()) > 0) continue;
    await t.redis.flushdb();
    await Promise.all([beat(1, '1.0.0'), beat(2, '1.1.0')]);
    const written: string[] = [];
    const watched = {
      of: (ids: readonly string[]) => store.of(ids),
      keep: (health: readonly { _id: string }[]) =>
        Promise.resolve(void written.push(...health.map(({ _id }) => _id))),
      seen: () => Promise.resolve([]),
    } as unknown as TerminalHealthStore;
    await keeperOf(watched).round();
    expect(written).toEqual([id(2)]);
  });

  it('is known to minutes after Redis was lost, and whole again after the next beat', async () => {
    const keeper = keeperOf();
    await board.beat(id(1), { kind: 'kiosk', orgPath: KASHI }, says('1.0.0'));
    await keeper.round();
    await t.redis.flushdb();
    clock.jump(3 * MINUTE);
    expect((await presenceViews(heard())([id(1)])).get(id(1))?.presence).toBe('late');
    await board.beat(id(1), { kind: 'kiosk', orgPath: KASHI }, says('1.0.0'));
    expect((await presenceViews(heard())([id(1), id(2)])).get(id(1))?.presence).toBe('online');
    expect((await presenceViews(heard())([id(2)])).get(id(2))).toEqual({
      ...{ presence: 'never', seenAt: null, blocked: false },
    });
  });

  it('tells MongoDB now and then that a terminal is still there, and writes again what a restore lost', async () => {
    const keeper = keeperOf();
    const terminals = KEEP_AT_ONCE + 3;
    for (let no = 0; no < terminals; no += 1) {
      await board.beat(id(no), { kind: 'box', orgPath: KASHI }, says('1.0.0'));
      if (no % 100 === 0) clock.jump(1);
    }
    while ((await keeper.round()) > 0) continue;
    await t.db.collection<{ _id: string }>('terminal_health').deleteOne({ _id: id(7) });
    clock.jump(11 * MINUTE);
    const again = clock.now();
    for (let no = 0; no < terminals; no += 1) {
      await board.beat(id(no), { kind: 'box', orgPath: KASHI }, says('1.0.0'));
      if (no % 100 === 0) clock.jump(1);
    }
    while ((await keeper.round()) > 0) continue;
    const kept = await store.of(Array.from({ length: terminals }, (_, no) => id(no)));
    expect(kept.size).toBe(terminals);
    expect([...kept.values()].filter(({ seenAt }) => seenAt.getTime() < again)).toEqual([]);
  });

  it('comes by a terminal’s own call, which is told when the next is due, and shows to administrators', async () => {
    const terminal = { ...(await fakeTerminal(id(9))), orgPath: KASHI };
    const beatKeys = new BeatKeys({ secret: new Uint8Array(32), clock });
    const routes = [
      ...terminalHeartbeatRoutes({
        ...{ board, beatKeys, intervals: { kiosk: MINUTE, box: 60 * MINUTE }, random: () => 0.75 },
        commands: { handOut: () => Promise.reject(new Error('Nothing waits.')) },
        metrics: createFleetMetrics(new Registry()),
      }),
      ...adminFleetRoutes({ cohorts: new Cohorts(inService()) }),
    ];
    const calls = await serveAdmin(routes, { log: pino({ level: 'silent' }) }, terminal);
    try {
      const body = { ...says('1.2.0', { 'reader.timeout': 1 }), chips: [{ chip: 'SLE4442', count: 2 }] };
      const beat = (more: object) =>
        calls.call('POST', '/v1/terminal/heartbeat', { body: { ...body, ...more } });
      expect(await beat({})).toMatchObject({ status: 200, body: { nextMs: 66_000 } });
      expect((await beat({ errors: [{ code: 'A sentence of a fault', count: 1 }] })).status).toBe(400);
      expect((await beat({ customerNo: '6501000001' })).status).toBe(400);
      await keeperOf().round();
      const seen = await calls.call('GET', '/v1/admin/fleet/cohorts', { as: 'ann|terminal:read|653100' });
      expect(seen.body['cohorts']).toMatchObject([{ version: '1.2.0', presence: { online: 1 } }]);
      const elsewhere = await calls.call('GET', '/v1/admin/fleet/cohorts', {
        as: 'bob|terminal:read|650100',
      });
      expect(elsewhere.body['cohorts']).toEqual([]);
    } finally {
      await calls.close();
    }
  });

  it('says whether it sells, where the terminal says so, and is counted', async () => {
    const keeper = keeperOf();
    const at = { kind: 'kiosk', orgPath: URUMQI } as const;
    await board.beat(id(1), at, { ...says('1.0.0'), blocked: true });
    await board.beat(id(2), at, { ...says('1.0.0'), blocked: false });
    // One that is older than the word.
    await board.beat(id(3), at, says('1.0.0'));
    await keeper.round();
    const views = await presenceViews(heard())([id(1), id(2), id(3)]);
    expect([1, 2, 3].map((no) => views.get(id(no))?.blocked)).toEqual([true, false, false]);
    const cohortsNow = async () => (await new Cohorts(inService()).of(WHOLE_PROVINCE)).cohorts;
    expect(await cohortsNow()).toMatchObject([{ terminals: 3, blocked: 1 }]);
    await board.beat(id(1), at, { ...says('1.0.0'), blocked: false });
    await keeper.round();
    expect(await cohortsNow()).toMatchObject([{ terminals: 3, blocked: 0 }]);
  });

  it('is told apart by what it runs on', async () => {
    const keeper = keeperOf();
    const at = { kind: 'kiosk', orgPath: URUMQI } as const;
    const faulty = says('1.0.0', { 'reader.timeout': 2 });
    await board.beat(id(1), at, { ...faulty, platform: 'windows' });
    await board.beat(id(2), at, { ...says('1.0.0'), platform: 'linux' });
    await board.beat(id(3), at, { ...says('1.0.0'), platform: 'linux' });
    await board.beat(id(4), at, says('1.0.0'));
    await keeper.round();
    const { cohorts } = await new Cohorts(inService()).of(WHOLE_PROVINCE);
    const told = cohorts.map(({ platform, terminals, faults }) => [platform, terminals, faults.length]);
    // Among equals the order is the database's.
    const byName = <T extends readonly unknown[]>(rows: readonly T[]): T[] =>
      rows.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    expect(byName(told)).toEqual([
      ['linux', 2, 0],
      [null, 1, 0],
      ['windows', 1, 1],
    ]);
    const counts = versionCountsOf(cohorts).map(({ platform, terminals }) => [platform, terminals]);
    expect(byName(counts)).toEqual([
      ['linux', 2],
      [null, 1],
      ['windows', 1],
    ]);
  });

  it('does not miss those that were cut off', async () => {
    const keeper = keeperOf();
    for (const no of [1, 2]) await board.beat(id(no), { kind: 'kiosk', orgPath: URUMQI }, says('1.0.0'));
    await keeper.round();
    clock.jump(20 * MINUTE);
    const countedBut = async (...out: string[]) =>
      (await new Cohorts(inService(...out)).of(WHOLE_PROVINCE)).cohorts.map(
        ({ presence }) => presence.missing,
      );
    expect(await countedBut()).toEqual([2]);
    expect(await countedBut(id(1))).toEqual([1]);
    expect(await countedBut(id(1), id(2))).toEqual([]);
    const terminals = new TerminalStore(t.db);
    for (const [no, to] of (['rejected', 'suspended', 'retired', 'accepted'] as const).entries()) {
      const { signKey, sealKey } = await TestTerminal.create(clock).then((keys) => ({
        ...{ signKey: keys.sign.publicJwk, sealKey: keys.seal.publicJwk },
      }));
      const enrolledAt = new Date(clock.now());
      const enrolled = {
        _id: id(no),
        signKey,
        sealKey,
        kind: 'kiosk',
        name: 'k',
        version: '1',
        enrolledAt,
      } as const;
      await terminals.enrol(enrolled);
      await terminals.decide({ id: id(no), from: ['pending'], to, by: 'a test', at: enrolledAt });
      await terminals.place(id(no), { _id: 'c1', path: no === 2 ? KASHI : URUMQI });
    }
    expect([...(await terminals.outOfService(WHOLE_PROVINCE))].sort()).toEqual([id(0), id(1), id(2)]);
    expect([...(await terminals.outOfService(scopeOf('650100')))].sort()).toEqual([id(0), id(1)]);
    expect(await terminals.cutOffSince(new Date(0))).toEqual(
      new Map([
        [id(0), 'rejected'],
        [id(1), 'suspended'],
        [id(2), 'retired'],
      ]),
    );
  });

  it('of a box is due by the hour, and one that its family unplugged counts for no alarm', async () => {
    const keeper = keeperOf();
    await board.beat(id(1), { kind: 'kiosk', orgPath: URUMQI }, says('1.0.0'));
    await board.beat(id(2), { kind: 'box', orgPath: URUMQI }, says('1.0.0'));
    await keeper.round();
    clock.jump(20 * MINUTE);
    const seen = await presenceViews(heard())([id(1), id(2)]);
    expect([...seen.values()].map(({ presence }) => presence)).toEqual(['missing', 'online']);
    expect(await board.counts(MINUTE)).toEqual({ online: 0, late: 0, missing: 1 });
    clock.jump(11 * 60 * MINUTE);
    const { cohorts } = await new Cohorts(inService()).of(WHOLE_PROVINCE);
    // Among equals the order is the database's.
    expect(cohorts.toSorted((one, other) => (other.kind < one.kind ? -1 : 1))).toMatchObject([
      { kind: 'kiosk', presence: { missing: 1 } },
      { kind: 'box', presence: { missing: 1 } },
    ]);
    const services = {
      ...{ board, intervals: heard().intervals, random: () => 0.5 },
      commands: { handOut: () => Promise.resolve([]) },
    };
    const beater = { terminalId: id(2), kind: 'box', orgPath: URUMQI } as const;
    expect(await takeBeat(services, beater, { beat: says('1.0.0') })).toEqual({ nextMs: 60 * MINUTE });
  });

  it('shows a fault first in the version, reader and place that has it', async () => {
    const keeper = keeperOf();
    for (let no = 0; no < 4; no += 1) {
      await board.beat(id(no), { kind: 'kiosk', orgPath: URUMQI }, says('1.0.0'));
    }
    clock.jump(5 * MINUTE);
    await board.beat(id(4), { kind: 'kiosk', orgPath: KASHI }, says('1.1.0', { 'reader.timeout': 3 }));
    await board.beat(id(4), { kind: 'kiosk', orgPath: KASHI }, says('1.1.0', { 'reader.timeout': 2 }));
    await board.beat(id(0), { kind: 'kiosk', orgPath: URUMQI }, says('1.0.0'));
    while ((await keeper.round()) > 0) continue;
    const cohorts = new Cohorts(inService());
    const { cohorts: all } = await cohorts.of(WHOLE_PROVINCE);
    const same = { kind: 'kiosk', platform: null, reader: 'ACR39U' };
    expect(all).toEqual([
      {
        ...{ ...same, version: '1.0.0', org: '650100', terminals: 4, faults: [] },
        presence: { online: 1, late: 3, missing: 0 },
        blocked: 0,
      },
      {
        ...{ ...same, version: '1.1.0', org: '653100', terminals: 1 },
        presence: { online: 1, late: 0, missing: 0 },
        blocked: 0,
        faults: [{ code: 'reader.timeout', count: 5 }],
      },
    ]);
    const inKashi = await cohorts.of(scopeOf('653100'));
    expect(inKashi.cohorts.map(({ version }) => version)).toEqual(['1.1.0']);
    // Half a minute old at most.
    clock.jump(25_000);
    expect((await cohorts.of(WHOLE_PROVINCE)).at).toBe(clock.now() - 25_000);
    clock.jump(6_000);
    expect((await cohorts.of(WHOLE_PROVINCE)).at).toBe(clock.now());
    clock.jump(25 * 3_600_000);
    expect((await cohorts.of(scopeOf('653100'))).cohorts[0]?.faults).toEqual([]);
  });
});
