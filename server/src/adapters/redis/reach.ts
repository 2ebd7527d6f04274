import { setTimeout as sleep } from 'node:timers/promises';
import { LIMITS } from '../../kernel/limits.ts';

/** So long without an answer, and it is away, ms: a line that is made anew is not. */
const AWAY_AFTER_MS = 1_000;
/** From one look at what is away to the next, ms, and how many in a row must be answered. */
const LOOK_MS = 500;
const LOOKS = 3;

export interface ReachInit {
  /** Writes something there; rejects where it is not taken. */
  readonly look: () => Promise<unknown>;
  /** Nobody asks any more. */
  readonly isOver: () => boolean;
  /** Told of each change. */
  readonly onChange?: (away: boolean) => void;
}

/**
 * Whether a store answers this process, decided once for all who ask: while it is away nobody waits for it, one look after the other
 * is had at it, and it is back once it has taken some in a row. While it is there, this costs nothing but to be told of answers.
 */
export class Reach {
  readonly #init: ReachInit;
  #away = false;
  #leftAtMs = -Infinity;
  #toldAtMs = -Infinity;
  #answeredMs = performance.now();
  #missingSinceMs: number | undefined;

  constructor(init: ReachInit) {
    this.#init = init;
  }

  get away(): boolean {
    return this.#away;
  }

  /** Wall clock, ms, of the last moment at which it was away; of now, while it is. -Infinity: it never was. */
  get awayAt(): number {
    return this.#away ? Date.now() : this.#leftAtMs;
  }

  /** Wall clock, ms, of the last moment at which it was away from this process or, as far as it was told, from another. */
  get awayForSomeAt(): number {
    return Math.max(this.awayAt, this.#toldAtMs);
  }

  /** Whether it was away, from this process or as far as it was told from another, within so long until now, ms. */
  wasAwayForSomeWithin(ms: number): boolean {
    return Date.now() - this.awayForSomeAt < ms;
  }

  /** It was away at this moment (wall clock, ms), before this process began: what it had then may be lost. */
  wasAway(atMs: number): void {
    this.#leftAtMs = Math.max(this.#leftAtMs, atMs);
  }

  /** Another process says that it is away. */
  told(): void {
    this.#toldAtMs = Date.now();
  }

  /** Something was answered. */
  answered(): void {
    this.#answeredMs = performance.now();
    this.#missingSinceMs = undefined;
  }

  /** What was asked at this moment (monotonic, ms) was not answered. */
  missed(askedMs: number): void {
    // Where others were answered since, it is this question that is slow.
    const sinceMs = Math.max(askedMs, this.#answeredMs);
    this.#missingSinceMs = Math.min(this.#missingSinceMs ?? sinceMs, sinceMs);
    if (performance.now() - this.#missingSinceMs >= AWAY_AFTER_MS) this.refused();
  }

  /** It says itself that it takes nothing. */
  refused(): void {
    if (this.#away) return;
    this.#away = true;
    this.#init.onChange?.(true);
    void this.#untilBack();
  }

  async #untilBack(): Promise<void> {
    for (let taken = 0; taken < LOOKS;) {
      await sleep(LOOK_MS, undefined, { ref: false });
      if (this.#init.isOver()) return;
      taken = (await this.#isTaken()) ? taken + 1 : 0;
    }
    this.#leftAtMs = Date.now();
    this.#away = false;
    this.answered();
    this.#init.onChange?.(false);
  }

  async #isTaken(): Promise<boolean> {
    const limit = new AbortController();
    const tooLate = sleep(LIMITS.redis, false, { ref: false, signal: limit.signal }).catch(() => false);
    const taken = this.#init.look().then(
      () => true,
      () => false,
    );
    const is = await Promise.race([taken, tooLate]);
    limit.abort();
    return is;
  }
}
