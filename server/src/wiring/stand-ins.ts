import { StandIns } from '../adapters/mongo/stand-ins.ts';
import { reachOf } from '../adapters/redis/redis-reach.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import type { Deps } from '../config/deps.ts';

/** How often processes tell each other that Redis is away from them, ms, and how long that is believed. */
const TELL_MS = 5_000;
const BELIEVED_MS = 15_000;

/** What stands in for Redis while it is away. Makes the index. */
export async function standInsOf({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<StandIns> {
  const standIns = new StandIns(db, clock);
  await standIns.prepare();
  return standIns;
}

/** Whether this process has to do without Redis, or one of both. */
export function isRedisAway({ redis, marks = redis }: Pick<Deps, 'redis' | 'marks'>): boolean {
  return reachOf(redis).away || reachOf(marks).away;
}

/**
 * Tells the others which Redis is away from this process, and hears it of them: what all must find is then put where all find it. Gives
 * what stops it.
 */
export async function shareReach(
  deps: Pick<Deps, 'db' | 'redis' | 'marks' | 'clock' | 'log'>,
): Promise<() => Promise<void>> {
  const { redis, marks = redis, clock, log } = deps;
  const standIns = await standInsOf(deps);
  const reaches = { 'away:cache': reachOf(redis), 'away:marks': reachOf(marks) };
  const all = Object.entries(reaches);
  const tell = async (): Promise<number> => {
    const gone = all.filter(([, { away }]) => away);
    for (const [name] of gone) await standIns.put(name, '', BELIEVED_MS);
    return gone.length;
  };
  const work = async (): Promise<number> => {
    const gone = await tell();
    const told = await standIns.getAll(all.map(([name]) => name));
    for (const [no, [, reach]] of all.entries()) if (told[no] !== null) reach.told();
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
