import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import { luaScript, type LuaScript } from '../../adapters/redis/lua-script.ts';
import { COMMAND_HINTS } from './command-hints.ts';
import { Gathered } from './gathered.ts';
import { LATE_TO_MISSING } from './presence-rule.ts';
import type { Once } from './replay.ts';
import { LATE_KEY, TROUBLES_KEPT_MS } from './troubles.ts';
import { WATCHED } from './watched.ts';

/** When each was last heard, ms: a sorted set; of home boxes again. What each last said of itself: a hash. Whose words changed: a set. */
export const BEAT_KEYS = {
  seen: 'fleet:seen',
  seenBoxes: 'fleet:seen:boxes',
  vitals: 'fleet:vitals',
  changed: 'fleet:changed',
} as const;

/**
 * Beats, as many as came together: one trip, and a document only where something changed. KEYS: seen, vitals, changed, hints
 * of commands, watched, seen boxes, late. ARGV: now; then of each: terminal, kind, vitals, the key of its nonce or nothing, for how long
 * that is remembered in seconds, after how many ms it is late or 0. Gives of each 0: its nonce was there, nothing was taken; 1: taken; one more where a command waits, whose
 * hint is taken too; two more where a user watches.
 */
const BEATS = `
local taken = {}
local anyone = redis.call('EXISTS', KEYS[5]) == 1
for at = 2, #ARGV, 6 do
  local id, kind, vitals, once = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  if once ~= '' and not redis.call('SET', once, '1', 'EX', ARGV[at + 4], 'NX') then
    taken[#taken + 1] = 0
  else
    local due = tonumber(ARGV[at + 5])
    local last = due > 0 and redis.call('ZSCORE', KEYS[1], id)
    local gap = last and tonumber(ARGV[1]) - tonumber(last) or 0
    if gap > due and gap <= due * ${LATE_TO_MISSING} then
      redis.call('HSET', KEYS[7], id, ARGV[1])
      redis.call('PEXPIRE', KEYS[7], ${TROUBLES_KEPT_MS})
    end
    redis.call('ZADD', KEYS[1], ARGV[1], id)
    if kind == 'box' then redis.call('ZADD', KEYS[6], ARGV[1], id) end
    if redis.call('HGET', KEYS[2], id) ~= vitals then
      redis.call('HSET', KEYS[2], id, vitals)
      redis.call('SADD', KEYS[3], id)
    end
    local result = 1 + redis.call('SREM', KEYS[4], id)
    local till = anyone and redis.call('ZSCORE', KEYS[5], id)
    if till and tonumber(till) > tonumber(ARGV[1]) then result = result + 2 end
    taken[#taken + 1] = result
  end
end
return taken
`;
/** Beats of one trip: Redis does nothing else meanwhile, and none waits long for others. */
const TOGETHER = { most: 200, withinMs: 10 };

/** Nonces of beats: KEYS; ARGV: for how long each is remembered, s. Gives of each 1 where it was not there. */
const FIRST_TIMES = `
local first = {}
for no = 1, #KEYS do
  first[no] = redis.call('SET', KEYS[no], '1', 'EX', ARGV[no], 'NX') and 1 or 0
end
return first
`;
const firsts = z.array(z.union([z.literal(0), z.literal(1)]));

/**
 * `waits`: a command waits for the terminal; `watched`: a user looks at it. `again`: it was sent before and refused.
 */
export type Taken = 'again' | { readonly waits: boolean; readonly watched: boolean };
const results = z.array(
  z.int().transform((no): Taken => {
    if (no === 0) return 'again';
    return { waits: ((no - 1) & 1) === 1, watched: ((no - 1) & 2) === 2 };
  }),
);

export interface Beat {
  readonly id: string;
  readonly kind: 'kiosk' | 'box';
  /** As they are kept. */
  readonly vitals: string;
  readonly once: Once | undefined;
  /** After how long without a beat this one is late, ms; 0: that is not looked at. */
  readonly lateAfterMs: number;
}

/**
 * Carries beats into Redis, those of the same milliseconds together. `marks`: where nonces are remembered, where it is another Redis; they
 * are asked about there first, together as well.
 */
export function beatTrips(redis: Redis, clock: Pick<Clock, 'now'>, marks?: Redis): Gathered<Beat, Taken> {
  const script = luaScript(redis, 'fleetBeats', BEATS);
  const { seen, seenBoxes, vitals, changed } = BEAT_KEYS;
  const carry = async (beats: readonly Beat[]): Promise<Taken[]> => {
    const args = beats.flatMap((beat) => [
      ...[beat.id, beat.kind, beat.vitals],
      ...[beat.once?.key ?? '', String(beat.once?.ttlS ?? 0), String(beat.lateAfterMs)],
    ]);
    return results.parse(
      await script(
        [seen, vitals, changed, COMMAND_HINTS, WATCHED, seenBoxes, LATE_KEY],
        [String(clock.now()), ...args],
      ),
    );
  };
  if (marks === undefined) return new Gathered(TOGETHER, carry);
  const mark = luaScript(marks, 'fleetBeatNonces', FIRST_TIMES);
  return new Gathered(TOGETHER, async (beats) => {
    const isFirst = await firstTimes(mark, beats);
    const fresh = beats.filter((_, no) => isFirst[no] === true).map((beat) => ({ ...beat, once: undefined }));
    const taken = fresh.length === 0 ? [] : await carry(fresh);
    return isFirst.map((first): Taken => (first ? (taken.shift() ?? 'again') : 'again'));
  });
}

/** Of each beat whether its nonce was not there, and leaves it there. What cannot be remembered is not taken. */
async function firstTimes(mark: LuaScript, beats: readonly Beat[]): Promise<boolean[]> {
  const marked = beats.flatMap(({ once }) => (once === undefined ? [] : [once]));
  if (marked.length === 0) return beats.map(() => true);
  const [keys, ttls] = [marked.map(({ key }) => key), marked.map(({ ttlS }) => ttlS)];
  const answers = firsts.parse(await mark(keys, ttls));
  return beats.map(({ once }) => once === undefined || answers.shift() === 1);
}
