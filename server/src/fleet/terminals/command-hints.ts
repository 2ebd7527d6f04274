import type { Redis } from 'ioredis';

/** Terminals for which a command waits: a set, which each beat looks into on its one trip. */
export const COMMAND_HINTS = 'fleet:commands';
/** Here while the set is whole. It ends by itself, so that a hint which was lost is there again after this long, s. */
const WHOLE = 'fleet:commands:whole';
const WHOLE_S = 600;
const AT_ONCE = 1000;

/** May be lost: it is made anew from MongoDB. So a fleet for which nothing waits asks MongoDB nothing. */
export class CommandHints {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async add(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#redis.sadd(COMMAND_HINTS, ...ids);
  }

  /** Makes the set anew where it is not known to be whole; gives how many were hinted at. */
  async mend(waiting: () => AsyncIterable<string>): Promise<number> {
    if ((await this.#redis.exists(WHOLE)) === 1) return 0;
    let ids: string[] = [];
    let hinted = 0;
    for await (const id of waiting()) {
      ids.push(id);
      hinted += 1;
      if (ids.length < AT_ONCE) continue;
      await this.add(ids);
      ids = [];
    }
    await this.add(ids);
    await this.#redis.set(WHOLE, '1', 'EX', WHOLE_S);
    return hinted;
  }
}
