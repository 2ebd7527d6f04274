import type { Clock } from '@bianmin/card/clock';
import type { ShardLeases } from '../../kernel/shards.ts';

/** At most this many of one shard at once. */
const AT_ONCE = 4;
/** Longer than one piece takes; renewed while there is more to do. */
export const LEASE_MS = 30_000;

export interface ShardWorkersInit {
  readonly leases: ShardLeases;
  /** This worker, unlike any other. */
  readonly holder: string;
  readonly clock: Pick<Clock, 'now'>;
}

/** Does a few of them at once, each once. Resolves early, with some undone, where the shard is another worker's by now. */
export type HandOut = <T>(pieces: readonly T[], one: (piece: T) => Promise<void>) => Promise<void>;

/** A worker's hands, for work on a shard that no other worker does meanwhile. */
export class ShardWorkers {
  readonly #init: ShardWorkersInit;

  constructor(init: ShardWorkersInit) {
    this.#init = init;
  }

  /** What `work` gives; undefined where another worker has the shard. It is given back at the end. */
  async on<T>(shard: number, work: (handOut: HandOut) => Promise<T>): Promise<T | undefined> {
    const { leases, holder } = this.#init;
    const until = await this.#lease(shard);
    if (until === undefined) return undefined;
    try {
      return await work(this.#handOut(shard, until));
    } finally {
      await leases.release(shard, holder);
    }
  }

  /** `until`: when the lease ends. */
  #handOut(shard: number, until: number): HandOut {
    const { clock } = this.#init;
    let renewAt = until - LEASE_MS / 2;
    let ours = Promise.resolve(true);
    const renewed = async (still: boolean): Promise<boolean> =>
      still && (await this.#lease(shard)) !== undefined;
    return async (pieces, one) => {
      const waiting = [...pieces];
      const hand = async (): Promise<void> => {
        for (let piece = waiting.shift(); piece !== undefined; piece = waiting.shift()) {
          if (clock.now() > renewAt) {
            renewAt = clock.now() + LEASE_MS / 2;
            ours = ours.then(renewed);
          }
          if (!(await ours)) return;
          await one(piece);
        }
      };
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, pieces.length) }, hand));
    };
  }

  /** Until when the shard is ours, in ms; undefined where another worker has it. */
  async #lease(shard: number): Promise<number | undefined> {
    const { leases, holder, clock } = this.#init;
    const now = clock.now();
    const until = now + LEASE_MS;
    const ours = await leases.take(shard, { holder, now: new Date(now), until: new Date(until) });
    return ours ? until : undefined;
  }
}
