import type { Redis } from 'ioredis';
import type { Clock } from '@bianmin/card/clock';
import { parseJson } from '@bianmin/card/json-text';
import {
  toStep,
  VITALS_STEPS,
  type Heartbeat,
  type Platform,
  type Presence,
} from '@bianmin/purchase/api/heartbeat';
import { presenceBounds } from './presence-rule.ts';
import type { TerminalHealth } from '../store/terminal-health.ts';
import { BEAT_KEYS, beatTrips, type Taken } from './beat-trips.ts';
import { HearingRecord } from './hearing.ts';
import type { Once } from './replay.ts';
import { noteTroubles, troublesOf, type Troubles } from './troubles.ts';

const { seen: SEEN, seenBoxes: SEEN_BOXES, vitals: VITALS, changed: CHANGED } = BEAT_KEYS;
const FAULTS = 'fleet:faults';

/** Faults are counted by the hour, and for so long. */
const HOUR_MS = 3_600_000;
const FAULT_HOURS = 48;
/** Who was not heard for longer is not counted. */
export const COUNTED_MS = 7 * 24 * HOUR_MS;

/** What a terminal last said of itself, and where it stood then. */
export type Vitals = Omit<TerminalHealth, '_id' | 'seenAt'>;

export type PresenceCounts = Readonly<Record<Exclude<Presence, 'never'>, number>>;

/** Which of a fault's counts one belongs to: what it may have in common with others that have it, too. */
interface FaultOf {
  readonly kind: 'kiosk' | 'box';
  readonly version: string;
  readonly platform?: Platform;
  /** The reader that sells; empty where there is none. */
  readonly reader: string;
  /** Organisations from the province down, to the terminal's own. */
  readonly orgPath: readonly string[];
  readonly code: string;
}

export interface FaultCount extends FaultOf {
  readonly count: number;
}

/**
 * Who was heard, when, and what they said, in Redis: it may be lost, and everybody is there again with their next beat. Clock
 * and disk are rounded, so that words change only with what they mean.
 */
export class PresenceBoard {
  /** For how long it could be heard. */
  readonly hearing: HearingRecord;
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #beats: ReturnType<typeof beatTrips>;

  /** `marks`: where used proofs of beats are remembered, where that is another Redis. */
  constructor(redis: Redis, clock: Clock, marks?: Redis) {
    this.#redis = redis;
    this.#clock = clock;
    this.hearing = new HearingRecord(redis, clock);
    this.#beats = beatTrips(redis, clock, marks);
  }

  /**
   * Takes a beat in: one trip with those that came at the same time, and a second one where something was counted. `again`
   * where `once` was there before: then nothing was taken. `lateAfterMs`: it is late where it was not heard for longer.
   */
  async beat(
    id: string,
    where: Pick<Vitals, 'kind' | 'orgPath'> & { readonly lateAfterMs?: number },
    said: Heartbeat,
    once?: Once,
  ): Promise<Taken> {
    const vitals = JSON.stringify(vitalsOf(where, said));
    const taken = await this.#beats.ask({
      ...{ id, kind: where.kind, vitals, once },
      lateAfterMs: where.lateAfterMs ?? 0,
    });
    if (taken === 'again') return taken;
    const errors = (said.errors ?? []).filter(({ count }) => count > 0);
    if (errors.length > 0) await this.#countFaults({ id, ...where }, said, errors);
    return taken;
  }

  /** When each was last heard, wall clock ms; absent: not since Redis came up. */
  async seenAt(ids: readonly string[]): Promise<Map<string, number>> {
    if (ids.length === 0) return new Map();
    const scores = await this.#redis.zmscore(SEEN, ...ids);
    const seen = new Map<string, number>();
    for (const [no, id] of ids.entries()) {
      const score = scores[no];
      if (score !== null && score !== undefined) seen.set(id, Number(score));
    }
    return seen;
  }

  /**
   * How many of the kiosks heard within a week are there now: a box is away whenever its family pulls the plug. `intervalMs`: what
   * they are told to wait between beats. Undefined where the board does not have everybody yet.
   */
  async counts(intervalMs: number): Promise<PresenceCounts | undefined> {
    const now = this.#clock.now();
    const hearing = await this.hearing.now();
    if (!hearing.whole) return undefined;
    const { online, late, unknown } = presenceBounds(now, intervalMs, hearing);
    const from = now - COUNTED_MS;
    const counted = await Promise.all(
      [online, late, unknown, from].map((bound) => this.#kiosksSince(Math.max(bound, from))),
    );
    return countsOf(counted);
  }

  async #kiosksSince(fromMs: number): Promise<number> {
    const [every = 0, boxes = 0] = await Promise.all(
      [SEEN, SEEN_BOXES].map((key) => this.#redis.zcount(key, fromMs, '+inf')),
    );
    return every - boxes;
  }

  /** Those of whom MongoDB knows; who was heard later stays so. */
  async restore(known: readonly Pick<TerminalHealth, '_id' | 'kind' | 'seenAt'>[]): Promise<void> {
    const scores = (some: typeof known) => some.flatMap(({ _id, seenAt }) => [seenAt.getTime(), _id]);
    const boxes = known.filter(({ kind }) => kind === 'box');
    if (known.length > 0) await this.#redis.zadd(SEEN, 'GT', ...scores(known));
    if (boxes.length > 0) await this.#redis.zadd(SEEN_BOXES, 'GT', ...scores(boxes));
  }

  /** Ids of those heard from `fromMs` on, and when; `limit` at most, the earliest first. */
  async seenSince(fromMs: number, limit: number): Promise<Map<string, number>> {
    const found = await this.#redis.zrange(SEEN, fromMs, '+inf', 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES');
    const seen = new Map<string, number>();
    for (let at = 0; at + 1 < found.length; at += 2) seen.set(found[at] ?? '', Number(found[at + 1]));
    return seen;
  }

  /** Takes up to `count` of those whose words changed off the list; a caller that cannot keep them puts them back. */
  async takeChanged(count: number): Promise<Map<string, Vitals>> {
    const ids = await this.#redis.spop(CHANGED, count);
    if (ids.length === 0) return new Map();
    const texts = await this.#redis.hmget(VITALS, ...ids);
    const changed = new Map<string, Vitals>();
    for (const [no, id] of ids.entries()) {
      const text = texts[no];
      if (text !== null && text !== undefined) changed.set(id, parseJson(text) as Vitals);
    }
    return changed;
  }

  async putBack(ids: Iterable<string>): Promise<void> {
    const all = [...ids];
    if (all.length > 0) await this.#redis.sadd(CHANGED, ...all);
  }

  /** When each last told of trouble with its reader or its line. */
  troubles(ids: readonly string[]): Promise<Map<string, Troubles>> {
    return troublesOf(this.#redis, ids);
  }

  /** What was counted in the hours since `fromMs`. */
  async faults(fromMs: number): Promise<FaultCount[]> {
    const hours: string[] = [];
    for (let at = hourOf(fromMs); at <= this.#clock.now(); at += HOUR_MS) hours.push(`${FAULTS}:${at}`);
    const sums = new Map<string, number>();
    for (const hour of hours.slice(-FAULT_HOURS)) {
      for (const [field, count] of Object.entries(await this.#redis.hgetall(hour))) {
        sums.set(field, (sums.get(field) ?? 0) + Number(count));
      }
    }
    return [...sums].map(([field, count]) => ({ ...(parseJson(field) as FaultOf), count }));
  }

  async #countFaults(
    { id, kind, orgPath }: Pick<Vitals, 'kind' | 'orgPath'> & { readonly id: string },
    { version, platform, readers }: Heartbeat,
    errors: NonNullable<Heartbeat['errors']>,
  ): Promise<void> {
    const key = `${FAULTS}:${hourOf(this.#clock.now())}`;
    const counting = this.#redis.multi();
    for (const { code, count } of errors) {
      const on = platform === undefined ? {} : { platform };
      const of: FaultOf = { kind, version, ...on, reader: readers[0] ?? '', orgPath, code };
      counting.hincrby(key, JSON.stringify(of), count);
    }
    noteTroubles(counting, { id, errors, now: this.#clock.now() });
    await counting.pexpire(key, FAULT_HOURS * HOUR_MS).exec();
  }
}

/** Out of how many were heard since the bound of each: online, late, unknown, at all. */
function countsOf([online = 0, late = 0, unknown = 0, all = 0]: readonly number[]): PresenceCounts {
  const left = (more: number, less: number): number => Math.max(0, more - less);
  return {
    online,
    late: left(late, online),
    missing: left(all, Math.max(unknown, late)),
    unknown: left(unknown, late),
  };
}

function vitalsOf({ kind, orgPath }: Pick<Vitals, 'kind' | 'orgPath'>, said: Heartbeat): Vitals {
  const { version, platform, readers, engine, diskFreeMb, clockSkewMs, blocked } = said;
  return {
    kind,
    orgPath,
    version,
    ...(platform === undefined ? {} : { platform }),
    readers,
    ...(engine === undefined ? {} : { engine }),
    ...(diskFreeMb === undefined ? {} : { diskFreeMb: toStep(diskFreeMb, VITALS_STEPS.diskFreeMb) }),
    ...(clockSkewMs === undefined ? {} : { clockSkewMs: toStep(clockSkewMs, VITALS_STEPS.clockSkewMs) }),
    ...(blocked === undefined ? {} : { blocked }),
  };
}

function hourOf(ms: number): number {
  return ms - (ms % HOUR_MS);
}
