import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../insight/alerts/limits.ts';
import { cohortsInTrouble } from '../../insight/alerts/rules/terminals.ts';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { KIOSK_BEATS_MS, URUMQI, eachBeatingFleet, says, terminalNo } from '../../testing/beating-fleet.ts';
import { Cohorts } from './cohorts.ts';
import { CutOff } from './cut-off.ts';
import { HearingRecord } from './hearing.ts';
import { sayBeatsAreTaken } from './listening.ts';
import { presenceViews } from './presence-view.ts';
import type { PresenceKeeper } from './presence-keeper.ts';
import { RETURN_MS } from './presence-rule.ts';

const ALL = 40;
const SILENT = 4;
const MINUTE = 60_000;

describe('who is silent', () => {
  const fleet = eachBeatingFleet();

  const beat = async (from: number, to: number): Promise<void> => {
    const where = { kind: 'kiosk', orgPath: URUMQI } as const;
    await Promise.all(
      Array.from({ length: to - from }, (_, no) =>
        fleet.current.board.beat(terminalNo(from + no), where, says('1.0.0')),
      ),
    );
  };
  const settle = async (keeper: PresenceKeeper): Promise<void> => {
    while ((await keeper.round()) > 0) continue;
  };
  /** An hour in which the first few say nothing. */
  const anHour = async (keeper: PresenceKeeper): Promise<void> => {
    await beat(0, ALL);
    await settle(keeper);
    for (let minute = 0; minute < 60; minute += 1) {
      await fleet.current.pass(KIOSK_BEATS_MS);
      await beat(SILENT, ALL);
      await settle(keeper);
    }
  };
  const counts = () => fleet.current.board.counts(KIOSK_BEATS_MS);
  const inCohorts = async () =>
    (await new Cohorts(fleet.current.inService()).of(WHOLE_PROVINCE)).cohorts[0]?.presence;
  const alerts = async () => {
    const { cohorts } = await new Cohorts(fleet.current.inService()).of(WHOLE_PROVINCE);
    const limits = { ...DEFAULT_LIMITS, 'missing-least': 1, 'missing-percent': 5 };
    const moment = { now: new Date(fleet.current.clock.now()), limits };
    return cohortsInTrouble(cohorts, moment).map(({ count }) => count);
  };
  const online = { online: ALL - SILENT, late: 0, missing: SILENT, unknown: 0 };

  it('stays so after Redis lost everything, once the others have beaten again', async () => {
    const keeper = fleet.current.keeper();
    await anHour(keeper);
    expect([await counts(), await inCohorts(), await alerts()]).toEqual([online, online, [SILENT]]);
    await fleet.current.t.redis.flushdb();
    // Nothing is said of a board that has nobody, and nobody is blamed by it.
    expect(await counts()).toBeUndefined();
    await fleet.current.pass(5 * MINUTE);
    expect(await inCohorts()).toEqual({ online: 0, late: 0, missing: 0, unknown: ALL });
    await settle(keeper);
    // Some minutes ago the others were there, the few were not.
    const between = { online: 0, late: 0, missing: SILENT, unknown: ALL - SILENT };
    expect([await counts(), await inCohorts(), await alerts()]).toEqual([between, between, [SILENT]]);
    await beat(SILENT, ALL);
    expect([await counts(), await inCohorts(), await alerts()]).toEqual([online, online, [SILENT]]);
    await fleet.current.pass(RETURN_MS);
    await beat(SILENT, ALL);
    expect([await counts(), await inCohorts(), await alerts()]).toEqual([online, online, [SILENT]]);
  });

  it('is not who could not be heard for twenty minutes', async () => {
    const keeper = fleet.current.keeper();
    await anHour(keeper);
    // No web process takes beats, or no Redis takes them from it.
    fleet.current.clock.jump(20 * MINUTE);
    const away = { online: 0, late: 0, missing: SILENT, unknown: ALL - SILENT };
    expect([await counts(), await inCohorts(), await alerts()]).toEqual([away, away, [SILENT]]);
    await fleet.current.pass(MINUTE);
    await settle(keeper);
    expect([await counts(), await inCohorts(), await alerts()]).toEqual([away, away, [SILENT]]);
    const [view] = (await presenceViews(fleet.current.heard())([terminalNo(ALL - 1)])).values();
    // Its last beat, and what we have heard of its silence since: less than two minutes of 21.
    expect(view).toMatchObject({
      presence: 'unknown',
      seenAt: new Date(fleet.current.clock.now() - 21 * MINUTE),
    });
    expect(view?.silentMs).toBeLessThan(2 * MINUTE);
    // One of them was lost in the time in which nobody could hear it: it is missed by what we hear from then on.
    await fleet.current.pass(10 * MINUTE);
    await beat(SILENT + 1, ALL);
    expect(await counts()).toEqual({ online: ALL - SILENT - 1, late: 0, missing: SILENT, unknown: 1 });
    await fleet.current.pass(5 * MINUTE);
    await beat(SILENT + 1, ALL);
    expect(await counts()).toEqual({ online: ALL - SILENT - 1, late: 0, missing: SILENT + 1, unknown: 0 });
  });

  it('is not who had too little time to come back between two absences', async () => {
    const keeper = fleet.current.keeper();
    await anHour(keeper);
    for (const heard of [2 * MINUTE, MINUTE]) {
      fleet.current.clock.jump(20 * MINUTE);
      await fleet.current.pass(heard);
      await settle(keeper);
    }
    expect([await counts(), await alerts()]).toEqual([
      { online: 0, late: 0, missing: SILENT, unknown: ALL - SILENT },
      [SILENT],
    ]);
  });

  it('is judged on a whole board alone, whoever makes it and whenever it is lost again', async () => {
    const keeper = fleet.current.keeper();
    await anHour(keeper);
    await fleet.current.t.redis.flushdb();
    await fleet.current.pass(MINUTE);
    const span = await fleet.current.board.hearing.span();
    expect(span).toMatchObject({ whole: false });
    await fleet.current.t.redis.flushdb();
    await fleet.current.pass(MINUTE);
    // What was put back before it was lost again does not count.
    expect(span === undefined ? undefined : await fleet.current.board.hearing.markWhole(span, 0)).toBe(false);
    expect(await counts()).toBeUndefined();
    await Promise.all([fleet.current.keeper().round(), fleet.current.keeper().round()]);
    expect((await counts())?.missing).toBe(SILENT);
  });

  it('costs a beat nothing: one command to Redis, as ever', async () => {
    await fleet.current.keeper().round();
    await beat(0, 1);
    const sent = vi.spyOn(fleet.current.t.redis, 'sendCommand');
    await beat(0, 1);
    expect(sent.mock.calls.map(([{ name }]) => name)).toEqual(['evalsha']);
    sent.mockRestore();
  });

  it.each(['the database', 'the Redis of used proofs', 'this process'])(
    'is nobody’s fault while no beat is taken, since %s is away',
    async (away) => {
      const keeper = fleet.current.keeper();
      await anHour(keeper);
      const { board, clock } = fleet.current;
      const lacks = (what: string): boolean => what === away;
      const cutOff = new CutOff({
        clock,
        store: {
          cutOffSince: () =>
            lacks('the database') ? Promise.reject(new Error('No primary.')) : Promise.resolve(new Map()),
        },
      });
      const marks = {
        set: () => (lacks('the Redis of used proofs') ? Promise.reject(new Error('OOM')) : Promise.resolve()),
      };
      const notReady = () => (lacks('this process') ? 'the process stood still' : undefined);
      for (let said = 0; said < 21 * 12; said += 1) {
        clock.jump(MINUTE / 12);
        await cutOff.refresh().catch(() => undefined);
        await sayBeatsAreTaken({ hearing: board.hearing, cutOff, marks, notReady }).catch(() => undefined);
      }
      expect((await inCohorts())?.missing).toBe(SILENT);
      expect(await alerts()).toEqual([SILENT]);
    },
  );

  it('stays in an open alert from look to look while web was away for some minutes', async () => {
    const keeper = fleet.current.keeper();
    await anHour(keeper);
    const { board, clock } = fleet.current;
    const seen = [await alerts()];
    clock.jump(3 * MINUTE);
    seen.push(await alerts());
    await board.hearing.listen();
    seen.push(await alerts());
    await keeper.round();
    seen.push(await alerts());
    expect(seen).toEqual(Array.from(seen, () => [SILENT]));
  });

  it('is the same to a worker whose clock is a minute off', async () => {
    const keeper = fleet.current.keeper();
    await anHour(keeper);
    const { t, clock } = fleet.current;
    for (const offMs of [MINUTE, -MINUTE]) {
      const off = new HearingRecord(t.redis, { now: () => clock.now() + offMs });
      expect(await off.span()).toMatchObject({ whole: true });
    }
    // A clock that was far ahead and was put right: what it said counts no more.
    await new HearingRecord(t.redis, { now: () => clock.now() + 60 * MINUTE }).listen();
    await fleet.current.board.hearing.listen();
    expect(await fleet.current.board.hearing.span()).toMatchObject({
      since: clock.now(),
      until: clock.now(),
    });
  });
});
