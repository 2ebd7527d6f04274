import { describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { TerminalHealthStore } from '../store/terminal-health.ts';
import { createFleetMetrics } from './terminal-metrics.ts';
import { adminFleetRoutes } from './cohort-routes.ts';
import { takeBeat, terminalHeartbeatRoutes } from './heartbeat-routes.ts';
import { serveAdmin } from '../../testing/admin-calls.ts';
import { fakeTerminal } from '../../testing/order-world.ts';
import { BeatKeys } from './beat-keys.ts';
import { Cohorts } from './cohorts.ts';
import { KEEP_AT_ONCE } from './presence-keeper.ts';
import { presenceViews } from './presence-view.ts';
import {
  KASHI,
  KIOSK_BEATS_MS,
  URUMQI,
  eachBeatingFleet,
  says,
  terminalNo,
} from '../../testing/beating-fleet.ts';

describe('what terminals say of themselves', () => {
  const fleet = eachBeatingFleet();

  it('is kept when it changes, and not when it does not', async () => {
    const keeper = fleet.current.keeper();
    await fleet.current.board.beat(
      terminalNo(1),
      { kind: 'kiosk', orgPath: URUMQI },
      { ...says('1.0.0'), diskFreeMb: 5_010 },
    );
    await keeper.round();
    expect((await fleet.current.store.of([terminalNo(1)])).get(terminalNo(1))).toMatchObject({
      ...{ kind: 'kiosk', orgPath: URUMQI, version: '1.0.0', readers: ['ACR39U'], diskFreeMb: 5_000 },
      seenAt: new Date(fleet.current.clock.now()),
    });
    fleet.current.clock.jump(KIOSK_BEATS_MS);
    await fleet.current.board.beat(
      terminalNo(1),
      { kind: 'kiosk', orgPath: URUMQI },
      { ...says('1.0.0'), diskFreeMb: 4_990 },
    );
    expect(await keeper.round()).toBe(0);
    await fleet.current.board.beat(terminalNo(1), { kind: 'kiosk', orgPath: URUMQI }, says('1.1.0'));
    expect(await keeper.round()).toBe(1);
    expect((await fleet.current.store.of([terminalNo(1)])).get(terminalNo(1))).toMatchObject({
      version: '1.1.0',
    });
  });

  it('is put back on the list where it could not be kept', async () => {
    await fleet.current.board.beat(terminalNo(1), { kind: 'box', orgPath: KASHI }, says('1.0.0'));
    const broken = {
      of: () => Promise.resolve(new Map()),
      keep: () => Promise.reject(new Error('no database')),
    } as unknown as TerminalHealthStore;
    await expect(fleet.current.keeper(broken).round()).rejects.toThrow('no database');
    await fleet.current.keeper().round();
    expect((await fleet.current.store.of([terminalNo(1)])).size).toBe(1);
  });

  it('writes nothing that MongoDB knows already, after Redis was lost', async () => {
    const keeper = fleet.current.keeper();
    const beat = (no: number, version: string) =>
      fleet.current.board.beat(
        terminalNo(no),
        { kind: 'box', orgPath: KASHI },
        { ...says(version), diskFreeMb: 5_000 },
      );
    await Promise.all([beat(1, '1.0.0'), beat(2, '1.0.0')]);
    while ((await keeper.round()) > 0) continue;
    await fleet.current.t.redis.flushdb();
    await Promise.all([beat(1, '1.0.0'), beat(2, '1.1.0')]);
    const written: string[] = [];
    const watched = {
      of: (ids: readonly string[]) => fleet.current.store.of(ids),
      keep: (health: readonly { _id: string }[]) =>
        Promise.resolve(void written.push(...health.map(({ _id }) => _id))),
      seen: () => Promise.resolve([]),
    } as unknown as TerminalHealthStore;
    await fleet.current.keeper(watched).round();
    expect(written).toEqual([terminalNo(2)]);
  });

  it('is known to minutes after Redis was lost, and whole again after the next beat', async () => {
    const keeper = fleet.current.keeper();
    await fleet.current.board.beat(terminalNo(1), { kind: 'kiosk', orgPath: KASHI }, says('1.0.0'));
    await keeper.round();
    const seenAt = fleet.current.clock.now();
    await fleet.current.t.redis.flushdb();
    await fleet.current.pass(3 * KIOSK_BEATS_MS);
    const [view] = (await presenceViews(fleet.current.heard())([terminalNo(1)])).values();
    expect(view).toMatchObject({ presence: 'unknown', seenAt: new Date(seenAt) });
    await fleet.current.board.beat(terminalNo(1), { kind: 'kiosk', orgPath: KASHI }, says('1.0.0'));
    expect(
      (await presenceViews(fleet.current.heard())([terminalNo(1), terminalNo(2)])).get(terminalNo(1))
        ?.presence,
    ).toBe('online');
    expect((await presenceViews(fleet.current.heard())([terminalNo(2)])).get(terminalNo(2))).toMatchObject({
      ...{ presence: 'never', seenAt: null, blocked: false },
    });
  });

  it('tells MongoDB now and then that a terminal is still there, and writes again what a restore lost', async () => {
    const keeper = fleet.current.keeper();
    const terminals = KEEP_AT_ONCE + 3;
    for (let no = 0; no < terminals; no += 1) {
      await fleet.current.board.beat(terminalNo(no), { kind: 'box', orgPath: KASHI }, says('1.0.0'));
      if (no % 100 === 0) fleet.current.clock.jump(1);
    }
    while ((await keeper.round()) > 0) continue;
    await fleet.current.t.db.collection<{ _id: string }>('terminal_health').deleteOne({ _id: terminalNo(7) });
    fleet.current.clock.jump(11 * KIOSK_BEATS_MS);
    const again = fleet.current.clock.now();
    for (let no = 0; no < terminals; no += 1) {
      await fleet.current.board.beat(terminalNo(no), { kind: 'box', orgPath: KASHI }, says('1.0.0'));
      if (no % 100 === 0) fleet.current.clock.jump(1);
    }
    while ((await keeper.round()) > 0) continue;
    const kept = await fleet.current.store.of(Array.from({ length: terminals }, (_, no) => terminalNo(no)));
    expect(kept.size).toBe(terminals);
    expect([...kept.values()].filter(({ seenAt }) => seenAt.getTime() < again)).toEqual([]);
  });

  it('comes by a terminal’s own call, which is told when the next is due, and shows to administrators', async () => {
    const terminal = { ...(await fakeTerminal(terminalNo(9))), orgPath: KASHI };
    const beatKeys = new BeatKeys({ secret: new Uint8Array(32), clock: fleet.current.clock });
    const routes = [
      ...terminalHeartbeatRoutes({
        ...{
          board: fleet.current.board,
          beatKeys,
          intervals: { kiosk: KIOSK_BEATS_MS, box: 60 * KIOSK_BEATS_MS },
          random: () => 0.75,
        },
        commands: { handOut: () => Promise.reject(new Error('Nothing waits.')) },
        metrics: createFleetMetrics(new Registry()),
      }),
      ...adminFleetRoutes({ cohorts: new Cohorts(fleet.current.inService()) }),
    ];
    const calls = await serveAdmin(routes, { log: pino({ level: 'silent' }) }, terminal);
    try {
      const body = { ...says('1.2.0', { 'reader.timeout': 1 }), chips: [{ chip: 'SLE4442', count: 2 }] };
      const beat = (more: object) =>
        calls.call('POST', '/v1/terminal/heartbeat', { body: { ...body, ...more } });
      expect(await beat({})).toMatchObject({ status: 200, body: { nextMs: 66_000 } });
      expect((await beat({ errors: [{ code: 'A sentence of a fault', count: 1 }] })).status).toBe(400);
      expect((await beat({ customerNo: '6501000001' })).status).toBe(400);
      await fleet.current.keeper().round();
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
    const keeper = fleet.current.keeper();
    const at = { kind: 'kiosk', orgPath: URUMQI } as const;
    await fleet.current.board.beat(terminalNo(1), at, { ...says('1.0.0'), blocked: true });
    await fleet.current.board.beat(terminalNo(2), at, { ...says('1.0.0'), blocked: false });
    // One that is older than the word.
    await fleet.current.board.beat(terminalNo(3), at, says('1.0.0'));
    await keeper.round();
    const views = await presenceViews(fleet.current.heard())([terminalNo(1), terminalNo(2), terminalNo(3)]);
    expect([1, 2, 3].map((no) => views.get(terminalNo(no))?.blocked)).toEqual([true, false, false]);
    const cohortsNow = async () => (await new Cohorts(fleet.current.inService()).of(WHOLE_PROVINCE)).cohorts;
    expect(await cohortsNow()).toMatchObject([{ terminals: 3, blocked: 1 }]);
    await fleet.current.board.beat(terminalNo(1), at, { ...says('1.0.0'), blocked: false });
    await keeper.round();
    expect(await cohortsNow()).toMatchObject([{ terminals: 3, blocked: 0 }]);
  });

  it('of a box is due by the hour, and one that its family unplugged counts for no alarm', async () => {
    const keeper = fleet.current.keeper();
    await fleet.current.board.beat(terminalNo(1), { kind: 'kiosk', orgPath: URUMQI }, says('1.0.0'));
    await fleet.current.board.beat(terminalNo(2), { kind: 'box', orgPath: URUMQI }, says('1.0.0'));
    await keeper.round();
    await fleet.current.pass(20 * KIOSK_BEATS_MS);
    const seen = await presenceViews(fleet.current.heard())([terminalNo(1), terminalNo(2)]);
    expect([...seen.values()].map(({ presence }) => presence)).toEqual(['missing', 'online']);
    expect(await fleet.current.board.counts(KIOSK_BEATS_MS)).toEqual({
      ...{ online: 0, late: 0, missing: 1, unknown: 0 },
    });
    await fleet.current.pass(11 * 60 * KIOSK_BEATS_MS);
    const { cohorts } = await new Cohorts(fleet.current.inService()).of(WHOLE_PROVINCE);
    // Among equals the order is the database's.
    expect(cohorts.toSorted((one, other) => (other.kind < one.kind ? -1 : 1))).toMatchObject([
      { kind: 'kiosk', presence: { missing: 1 } },
      { kind: 'box', presence: { missing: 1 } },
    ]);
    const services = {
      ...{ board: fleet.current.board, intervals: fleet.current.heard().intervals, random: () => 0.5 },
      commands: { handOut: () => Promise.resolve([]) },
    };
    const beater = { terminalId: terminalNo(2), kind: 'box', orgPath: URUMQI } as const;
    expect(await takeBeat(services, beater, { beat: says('1.0.0') })).toEqual({
      nextMs: 60 * KIOSK_BEATS_MS,
    });
  });
});
