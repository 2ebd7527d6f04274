import { createHash } from 'node:crypto';
import type { AbortSignalLike, Clock } from '@bianmin/card/clock';
import type { Dice } from '@bianmin/card/testing/dice';

interface Waiting {
  /** Not before this, ms. */
  readonly at: number;
  readonly label: string;
  readonly go: () => void;
}

/** Time passes by so much at once while some work could go on, ms. */
const MOST_HASTE_MS = 20_000;

/** Where a simulation begins, ms: a winter's morning in Beijing. */
export const BEGINNING = Date.UTC(2026, 0, 15, 1, 0, 0);

/**
 * Time, and what goes on next. All work that waits, for a moment or for its turn, waits here; once none can go on by
 * itself, the dice pick one of all whose time has come. So the same dice give the same run.
 */
export class Turns implements Clock {
  readonly #dice: Dice;
  readonly #waiting: Waiting[] = [];
  readonly #trace = createHash('sha256');
  readonly #tell: ((line: string) => void) | undefined;
  #now: number;
  #open = 0;
  #taken = 0;
  #failure: Error | undefined;
  /** Of all turns: the part in which time passes although some work could go on. */
  haste = 0;
  /** Whatever comes later comes at a multiple of this, ms: where it is long, much happens at the same moment. */
  grainMs = 1;
  /** Turns that may be taken: more is a part that turns on the spot. One seed in ten thousand takes half of them. */
  most = 40_000;

  constructor(init: { dice: Dice; now?: number; tell?: ((line: string) => void) | undefined }) {
    this.#dice = init.dice;
    this.#now = init.now ?? BEGINNING;
    this.#tell = init.tell;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  /** Turns so far. */
  get taken(): number {
    return this.#taken;
  }

  /** A digest of who went on when, so far. */
  get trace(): string {
    return this.#trace.copy().digest('hex');
  }

  /** Waits for its turn, which does not come before `afterMs`. */
  wait(label: string, afterMs = 0): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ at: this.#after(afterMs), label, go: resolve });
    });
  }

  sleep(ms: number, signal?: AbortSignalLike): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        const index = this.#waiting.indexOf(sleeper);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(new Error('The wait was given up.'));
      };
      const sleeper: Waiting = {
        at: this.#after(ms),
        label: 'wakes',
        go: () => {
          signal?.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      if (signal?.aborted === true) {
        reject(new Error('The wait was given up.'));
        return;
      }
      signal?.addEventListener('abort', giveUp);
      this.#waiting.push(sleeper);
    });
  }

  /** Something that goes on beside all else and comes to an end; what it throws ends the simulation. */
  begin(work: () => Promise<void>): void {
    this.#open += 1;
    work()
      .catch((error: unknown) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.#open -= 1;
      });
  }

  /** Turn by turn until all that was begun has ended. What sleeps for ever, as rounds do, is left where it is. */
  async run(): Promise<void> {
    const most = this.#taken + this.most;
    for (;;) {
      await drained();
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#open === 0) return;
      if (this.#taken >= most) throw new Error(`There was no end after ${this.most} turns.`);
      this.#taken += 1;
      this.#next().go();
    }
  }

  #after(ms: number): number {
    return ms <= 0 ? this.#now : Math.ceil((this.#now + ms) / this.grainMs) * this.grainMs;
  }

  #next(): Waiting {
    const ready = this.#ready();
    if (ready.length > 0 && !this.#dice.chance(this.haste)) return this.#take(ready);
    const later = this.#waiting.filter(({ at }) => at > this.#now).map(({ at }) => at);
    if (later.length === 0) {
      if (ready.length > 0) return this.#take(ready);
      throw new Error('Everybody waits, and nobody for anything that comes.');
    }
    const next = Math.min(...later);
    // Work that could go on is not left behind for long: what stands still for longer says so by itself.
    this.#now = ready.length === 0 ? next : Math.min(next, this.#now + MOST_HASTE_MS);
    return this.#take(this.#ready());
  }

  #ready(): Waiting[] {
    return this.#waiting.filter(({ at }) => at <= this.#now);
  }

  #take(ready: readonly Waiting[]): Waiting {
    const picked = this.#dice.pick(ready);
    this.#waiting.splice(this.#waiting.indexOf(picked), 1);
    const line = `${this.#now} ${picked.label}`;
    this.#trace.update(`${line}\n`);
    this.#tell?.(line);
    return picked;
  }
}

/** Once no work can go on by itself. */
function drained(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
