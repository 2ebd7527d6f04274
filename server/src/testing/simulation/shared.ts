import type { Clock } from '@bianmin/card/clock';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { Ephemeral } from '../../adapters/redis/ephemeral.ts';
import type { AccountRequest } from '../../gateways/grid/accounts.ts';
import type { GridSale, SellRequest } from '../../gateways/grid/contract.ts';
import type { Trigger } from '../../adapters/queue/trigger.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import type { FakeChannel } from '../fake-channel.ts';
import { FakeGrid } from '../fake-grid.ts';
import type { MemoryApprovals, MemoryReadings } from '../memory-approvals.ts';
import type { MemoryCaseStore } from '../memory-cases.ts';
import type { MemoryBudgets, MemoryCaps, MemoryRules } from '../memory-discounts.ts';
import { MemoryEphemeral } from '../memory-ephemeral.ts';
import type { MemoryFloatStore } from '../memory-floats.ts';
import type { MemoryShardLeases } from '../memory-leases.ts';
import type { MemoryNotificationStore } from '../memory-orders.ts';
import { Unreachable } from './gate.ts';
import type { Weather } from './weather.ts';

/** What all processes use: what they know is here or with grid and channels, and nowhere else. */
export interface Shared {
  readonly orders: OrderStore;
  readonly notifications: MemoryNotificationStore;
  readonly cases: MemoryCaseStore;
  readonly leases: MemoryShardLeases;
  readonly floats: MemoryFloatStore;
  readonly budgets: MemoryBudgets;
  readonly caps: MemoryCaps;
  readonly rules: MemoryRules;
  readonly approvals: MemoryApprovals;
  readonly readings: MemoryReadings;
  readonly ephemeral: Ephemeral;
  readonly jobs: Trigger;
  readonly grid: CountingGrid;
  readonly channels: ReadonlyMap<Channel, FakeChannel>;
}

/** Counts how often each order's sale was asked for. */
export class CountingGrid extends FakeGrid {
  readonly asked = new Map<string, number>();

  override sell(request: SellRequest): Promise<GridSale> {
    this.#count(request);
    return super.sell(request);
  }

  override payAccount(request: AccountRequest): ReturnType<FakeGrid['payAccount']> {
    this.#count(request);
    return super.payAccount(request);
  }

  #count({ orderNo }: Pick<SellRequest, 'orderNo'>): void {
    this.asked.set(orderNo, (this.asked.get(orderNo) ?? 0) + 1);
  }
}

/** A Redis that may be away, and forgets things. */
export class UnsureEphemeral implements Ephemeral {
  readonly #kept: MemoryEphemeral;
  readonly #weather: Weather;

  constructor(clock: Clock, weather: Weather) {
    this.#kept = new MemoryEphemeral(clock);
    this.#weather = weather;
  }

  async put(key: string, value: string, ttlMs: number): Promise<void> {
    this.#refuseWhileAway();
    if (!this.#weather.forgets()) await this.#kept.put(key, value, ttlMs);
  }

  async putNew(key: string, value: string, ttlMs: number): Promise<boolean> {
    this.#refuseWhileAway();
    return this.#weather.forgets() || this.#kept.putNew(key, value, ttlMs);
  }

  async get(key: string): Promise<string | null> {
    this.#refuseWhileAway();
    return this.#kept.get(key);
  }

  async getAll(keys: readonly string[]): Promise<(string | null)[]> {
    this.#refuseWhileAway();
    return this.#kept.getAll(keys);
  }

  #refuseWhileAway(): void {
    if (this.#weather.isAway('redis')) throw new Unreachable('Redis cannot be reached.');
  }
}
