/** Windows that one process counts at most; who comes beyond them waits. */
const MOST = 50_000;

interface Window {
  n: number;
  readonly untilMs: number;
}

/** Fixed windows of one process alone, as `RateLimiter` counts them for all. */
export class LocalWindows {
  readonly #windows = new Map<string, Window>();

  /** Counts one. Gives how long the caller has to wait, ms, where there were `max` already. */
  take(key: string, max: number, windowMs: number): number | undefined {
    const now = performance.now();
    const known = this.#windows.get(key);
    if (known !== undefined && known.untilMs > now) {
      known.n += 1;
      return known.n > max ? known.untilMs - now : undefined;
    }
    if (this.#windows.size >= MOST) this.#forgetOver(now);
    if (this.#windows.size >= MOST) return windowMs;
    this.#windows.set(key, { n: 1, untilMs: now + windowMs });
    return undefined;
  }

  #forgetOver(now: number): void {
    for (const [key, { untilMs }] of this.#windows) if (untilMs <= now) this.#windows.delete(key);
  }
}
