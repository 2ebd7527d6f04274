import { StandIns } from '../adapters/mongo/stand-ins.ts';
import { reachOf } from '../adapters/redis/redis-reach.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import type { Deps } from '../config/deps.ts';

/** How often processes tell each other that Redis is away from them, ms, and how long that is believed. */
const TELL_MS = 5_000;
const BELIEVED_MS = 15_000;
/** For so long it is known that it was, ms: what Redis forgot meanwhile could be sent again for two minutes, by clocks that differ. */
const KNOWN_MS = 5 * 60_000;

/** Whether this process has to do without Redis, or one of both. */
export function isRedisAway({ redis, marks = redis }: Pick<Deps, 'redis' | 'marks'>): boolean {
  return reachOf(redis).away || reachOf(marks).away;
}

type WithReach = Pick<Deps, 'db' | 'redis' | 'marks' | 'clock'>;

function reachesOf({ redis, marks = redis }: WithReach) {
  return Object.entries({ 'away:cache': reachOf(redis), 'away:marks': reachOf(marks) });
}

/** What a process that begins has not seen: that Redis was away from others just now, and may have forgotten what was used before. */
export async function hearOfAbsences(deps: WithReach): Promise<void> {
  const all = reachesOf(deps);
  const told = await new StandIns(deps.db, deps.clock).getAll(all.map(([name]) => name));
  // It came back after the last time that they told.
  for (const [no, [, reach]] of all.entries()) {
    const at = told[no];
    if (typeof at === 'string') reach.wasAway(Math.min(Number(at) + TELL_MS, deps.clock.now()));
  }
}

/**
 * Tells the others which Redis is away from this process, and hears it of them: what all must find is then put where all find it. Makes
 * the index of what is put there. Gives what stops it.
 */
export async function shareReach(deps: WithReach & Pick<Deps, 'log'>): Promise<() => Promise<void>> {
  const { db, redis, marks = redis, clock, log } = deps;
  const standIns = new StandIns(db, clock);
  await standIns.prepare();
  const all = reachesOf(deps);
  const tell = async (): Promise<number> => {
    const gone = all.filter(([, { away }]) => away);
    for (const [name] of gone) await standIns.put(name, String(clock.now()), KNOWN_MS);
    return gone.length;
  };
  const work = async (): Promise<number> => {
    const gone = await tell();
    const told = await standIns.getAll(all.map(([name]) => name));
    const since = clock.now() - BELIEVED_MS;
    for (const [no, [, reach]] of all.entries()) if (Number(told[no]) > since) reach.told();
    return gone;
  };
  const tellAtOnce = (): void => {
    tell().catch((error: unknown) => {
      log.warn({ err: error }, 'the others could not be told that Redis is away');
    });
  };
  for (const each of new Set([redis, marks])) each.on('away', tellAtOnce);
  const stop = startRounds({ work, everyMs: TELL_MS, what: 'whether Redis is away', clock, log });
  return async () => {
    for (const each of [redis, marks]) each.off('away', tellAtOnce);
    await stop();
  };
}
