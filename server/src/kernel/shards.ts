/** How many parts the orders that are due are looked for in: as many workers can share them. */
export const SHARDS = 8;

/** What notifications are looked for under, beside the shards. */
export const NOTIFICATIONS_SHARD = SHARDS;

/** Where an order's number ends is chance, so the parts are of one size. */
export function shardOf(orderNo: string): number {
  return Number(orderNo.slice(-4)) % SHARDS;
}

/** A lease that ends by so many ms later than one would that is taken now was taken by a clock that was ahead. */
export const LEASE_AHEAD_MS = 60_000;

/**
 * Who looks after a shard now. Leases only spare work: two workers at one order do it no harm, since each step is a
 * compare-and-set, so that clocks of workers may differ and a lease may be lost.
 */
export interface ShardLeases {
  /** Whether this holder has the shard until then: it was free, its time was over, or it was its own. */
  take(shard: number, lease: { holder: string; now: Date; until: Date }): Promise<boolean>;
  /** Gives it back at once, where it is still this holder's. */
  release(shard: number, holder: string): Promise<void>;
}

/** Where there is one worker only. */
export const SOLE_WORKER: ShardLeases = {
  take: () => Promise.resolve(true),
  release: () => Promise.resolve(),
};
