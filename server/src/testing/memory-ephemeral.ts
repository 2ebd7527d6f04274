import type { Clock } from '@bianmin/card/clock';
import type { Ephemeral } from '../adapters/redis/ephemeral.ts';

/** What Redis keeps for a while, in memory. */
export class MemoryEphemeral implements Ephemeral {
  readonly #clock: Clock;
  readonly #entries = new Map<string, { value: string; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  put(key: string, value: string, ttlMs: number): Promise<void> {
    this.#entries.set(key, { value, until: this.#clock.now() + ttlMs });
    return Promise.resolve();
  }

  async putNew(key: string, value: string, ttlMs: number): Promise<boolean> {
    const until = this.#entries.get(key)?.until ?? Number.NEGATIVE_INFINITY;
    if (until > this.#clock.now()) return false;
    await this.put(key, value, ttlMs);
    return true;
  }

  get(key: string): Promise<string | null> {
    const entry = this.#entries.get(key);
    return Promise.resolve(entry === undefined || entry.until <= this.#clock.now() ? null : entry.value);
  }

  getAll(keys: readonly string[]): Promise<(string | null)[]> {
    return Promise.all(keys.map((key) => this.get(key)));
  }
}
