import type { AbortSignalLike, Clock } from '../clock.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it; sleepers wake in the order of their time. */
export class ManualClock implements Clock {
  #now: number;
  #suspendedMs = 0;
  readonly #sleepers = new Set<Sleeper>();

  constructor(now = Date.UTC(2026, 0, 15, 2, 0, 0)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#suspendedMs;
  }

  /** The machine is suspended for so long: its monotonic clock stands still, the other goes on, and no sleeper wakes. */
  suspend(ms: number): void {
    this.#now += ms;
    this.#suspendedMs += ms;
    const asleep = [...this.#sleepers];
    this.#sleepers.clear();
    for (const { at, wake } of asleep) this.#sleepers.add({ at: at + ms, wake });
  }

  sleep(ms: number, signal?: AbortSignalLike): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#sleepers.delete(sleeper);
        reject(new Error('The wait was given up.'));
      };
      const sleeper: Sleeper = {
        at: this.#now + ms,
        wake: () => {
          signal?.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      if (signal?.aborted === true) {
        giveUp();
        return;
      }
      signal?.addEventListener('abort', giveUp);
      this.#sleepers.add(sleeper);
    });
  }

  /** How many wait for a later time. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  /** Moves on (or back) by `ms` at once and wakes the sleepers whose time has come; what they start runs later. */
  jump(ms: number): void {
    this.#now += ms;
    const due = [...this.#sleepers].filter((sleeper) => sleeper.at <= this.#now);
    for (const sleeper of due.sort((a, b) => a.at - b.at)) {
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }

  /** Moves on by `ms`, waking each sleeper at its own time and letting what it starts run before the next. */
  async advance(ms: number): Promise<void> {
    await settled();
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#sleepers].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#now = Math.max(this.#now, next.at);
      this.#sleepers.delete(next);
      next.wake();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** Lets every promise that is ready run its course; nothing real is waited for. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
}
