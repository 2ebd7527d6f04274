import type { Clock } from '../clock.ts';
import { Stop } from '../stop.ts';

/** A process that holds a library which may take it down. Electron starts one with `utilityProcess`, Node with `fork`. */
export interface ReaderChild {
  /** Never throws: a child that is gone says so by its exit. */
  send(request: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: () => void): void;
  /** At once, whatever it is doing. */
  kill(): void;
}

/** How a child was lost: it ended, left a request without an answer, said what cannot be read, or its event loop hangs. */
export type ChildLoss = 'ended' | 'late' | 'malformed' | 'silent';

/** What a child says, as far as it matters here; `unready` is that it can never serve. */
export type ChildSaid<Answer, News> =
  'ready' | 'unready' | 'alive' | { readonly answer: Answer } | { readonly news: News };

/** How often a child is asked for a sign of life, ms, and how many times in a row it may owe one. */
export interface Pulse {
  readonly everyMs: number;
  readonly misses: number;
}

/** Opening a device may hold the child's event loop up for a second or two. */
export const DEVICE_PULSE: Pulse = { everyMs: 1_000, misses: 5 };
/** Half a second, a second, and so on up to half a minute. */
export const devicePauseMs = (n: number): number => Math.min(500 * 2 ** (n - 1), 30_000);

export interface GuardedChildInit<Answer, News> {
  readonly clock: Clock;
  readonly start: () => ReaderChild;
  /** Reads and checks what it says; throws where that cannot be read, and the child is ended as if it had crashed. */
  readonly sort: (raw: unknown) => ChildSaid<Answer, News>;
  readonly hear: (news: News) => void;
  /** What it told is void. Another one is on its way. */
  readonly onLost: (loss: ChildLoss) => void;
  /** A child that is not ready by then is given up, ms. */
  readonly readyMs: number;
  /** From the n-th loss in a row to the next child, ms; n from 1. */
  readonly pauseMs: (n: number) => number;
  /** Absent for a library that blocks its event loop while all is well. */
  readonly pulse?: Pulse;
}

/** A child that lived so long has nothing to do with the losses before it, ms. */
const STEADY_MS = 60_000;

/** A child that is asked things, is ended where it hangs, and is started again whenever it is lost. */
export class GuardedChild<Answer extends { readonly id: number }, News> {
  readonly #init: GuardedChildInit<Answer, News>;
  readonly #waiting = new Map<number, (answer: Answer | 'lost') => void>();
  readonly #closing = new Stop();
  #child: ReaderChild | undefined;
  /** The same, once it is ready. */
  #serving: ReaderChild | undefined;
  #nextId = 1;
  #losses = 0;
  #readyAt = 0;
  #heard = false;

  constructor(init: GuardedChildInit<Answer, News>) {
    this.#init = init;
  }

  /** Starts a child; false where it does not get ready. */
  async begin(): Promise<boolean> {
    const child = this.#init.start();
    this.#child = child;
    const isReady = await this.#ready(child);
    if (!isReady || this.#child !== child) {
      if (this.#child === child) this.#child = undefined;
      child.kill();
      return false;
    }
    this.#serving = child;
    this.#readyAt = this.#init.clock.monotonic();
    child.onExit(() => {
      if (this.#child === child) this.#lose('ended');
    });
    const { pulse } = this.#init;
    if (pulse !== undefined) this.#feel(child, pulse).catch(() => undefined); // Closed.
    return true;
  }

  /** Starts children, with growing pauses, until one gets ready. */
  async again(): Promise<void> {
    try {
      while (!this.#closing.stopped) {
        await this.#init.clock.sleep(this.#init.pauseMs(++this.#losses), this.#closing.signal);
        if (await this.begin()) return;
      }
    } catch {
      // Closed while waiting.
    }
  }

  /** Its answer; `lost` where there is no child or it ends, `late` where it says nothing in time: it is ended then. */
  async ask(request: object, timeoutMs: number): Promise<Answer | 'late' | 'lost'> {
    const child = this.#child;
    if (child === undefined) return 'lost';
    const id = this.#nextId++;
    const timer = new Stop();
    try {
      const answer = await new Promise<Answer | 'late' | 'lost'>((resolve) => {
        this.#waiting.set(id, resolve);
        this.#init.clock.sleep(timeoutMs, timer.signal).then(
          () => {
            resolve('late');
          },
          () => undefined,
        );
        child.send({ id, ...request });
      });
      if (answer === 'late') this.#end(child, 'late');
      return answer;
    } finally {
      timer.stop();
      this.#waiting.delete(id);
    }
  }

  close(): void {
    this.#closing.stop();
    const child = this.#child;
    [this.#child, this.#serving] = [undefined, undefined];
    this.#settleAll();
    child?.kill();
  }

  #ready(child: ReaderChild): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = new Stop();
      const settle = (isReady: boolean): void => {
        timer.stop();
        resolve(isReady);
      };
      child.onMessage((raw) => {
        const said = this.#sorted(raw);
        if (said === undefined) {
          if (this.#serving === child) this.#end(child, 'malformed');
          else if (this.#child === child) this.#child = undefined;
          settle(false);
          return;
        }
        if (this.#child === child) this.#heard = true;
        if (said === 'ready' || said === 'unready') settle(said === 'ready');
        else if (said !== 'alive' && this.#child === child) this.#take(said);
      });
      child.onExit(() => {
        settle(false);
      });
      this.#init.clock.sleep(this.#init.readyMs, timer.signal).then(
        () => {
          settle(false);
        },
        () => undefined,
      );
    });
  }

  #sorted(raw: unknown): ChildSaid<Answer, News> | undefined {
    try {
      return this.#init.sort(raw);
    } catch {
      return undefined;
    }
  }

  #take(said: { readonly answer: Answer } | { readonly news: News }): void {
    if ('news' in said) this.#init.hear(said.news);
    else this.#waiting.get(said.answer.id)?.(said.answer);
  }

  /** Turns are counted, not time: where we were held up ourselves, what it said waits behind us. */
  async #feel(child: ReaderChild, { everyMs, misses }: Pulse): Promise<void> {
    let missed = 0;
    while (this.#child === child) {
      missed = this.#heard ? 0 : missed + 1;
      if (missed === misses) return this.#end(child, 'silent');
      this.#heard = false;
      child.send({ op: 'ping' });
      await this.#init.clock.sleep(everyMs, this.#closing.signal);
    }
  }

  #end(child: ReaderChild, loss: ChildLoss): void {
    if (this.#child !== child) return;
    this.#lose(loss);
    child.kill();
  }

  #lose(loss: ChildLoss): void {
    [this.#child, this.#serving] = [undefined, undefined];
    if (this.#init.clock.monotonic() - this.#readyAt >= STEADY_MS) this.#losses = 0;
    this.#settleAll();
    this.#init.onLost(loss);
    void this.again();
  }

  #settleAll(): void {
    for (const settle of this.#waiting.values()) settle('lost');
  }
}
