import { LEASE_AHEAD_MS, type ShardLeases } from '../kernel/shards.ts';

/** Leases in memory, with the store's rules. */
export class MemoryShardLeases implements ShardLeases {
  readonly held = new Map<number, { holder: string; until: Date }>();
  /** A killed process gives nothing back. */
  killed = false;

  take(shard: number, lease: { holder: string; now: Date; until: Date }): Promise<boolean> {
    const { holder, now, until } = lease;
    const known = this.held.get(shard);
    const ahead = until.getTime() + LEASE_AHEAD_MS;
    const runs = known !== undefined && known.until > now && known.until.getTime() <= ahead;
    if (runs && known.holder !== holder) return Promise.resolve(false);
    this.held.set(shard, { holder, until });
    return Promise.resolve(true);
  }

  release(shard: number, holder: string): Promise<void> {
    if (!this.killed && this.held.get(shard)?.holder === holder) this.held.delete(shard);
    return Promise.resolve();
  }
}
