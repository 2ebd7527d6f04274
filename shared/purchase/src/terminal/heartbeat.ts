import type { Clock } from '@bianmin/card/clock';
import { Stop } from '@bianmin/card/stop';
import type { Heartbeat, HeartbeatAnswer } from '../api/heartbeat.ts';
import { ApiError } from '../api/client-error.ts';
import type { BeatCounts, Counted } from './beat-counts.ts';

/** Before the first answer, and after a beat that had none: between this and the longest, a random wait, ms. */
const FIRST_WAIT_MS = 5_000;
/** Instead, before the first of a machine that has just been switched on: others may have power again as well. */
export const POWER_WAIT_MS = 60_000;
const MAX_WAIT_MS = 300_000;
/** Come again then, says the server to the whole second: within it, each at a moment of its own. */
const WITHIN_MS = 1_000;
/** What a terminal knows of itself at the moment of a beat. */
export type Vitals = Omit<Heartbeat, keyof Counted>;

export interface HeartbeatsInit {
  readonly send: (beat: Heartbeat) => Promise<HeartbeatAnswer>;
  readonly vitals: () => Vitals | Promise<Vitals>;
  readonly counts: BeatCounts;
  readonly clock: Clock;
  /** 0 to 1. A fleet that lost its server must not come back in step. */
  readonly random: () => number;
  /** The first beat comes within it, ms; absent: soon. */
  readonly firstWithinMs?: number;
}

/**
 * Says again and again that this terminal is there. The server says when the next is due. What is counted meanwhile is sent
 * with the next, and kept until one was answered: a beat that was taken but not answered counts twice, which a statistic bears.
 */
export class Heartbeats {
  readonly #init: HeartbeatsInit;
  readonly #stop = new Stop();
  #running: Promise<void> | undefined;

  constructor(init: HeartbeatsInit) {
    this.#init = init;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#init;
    let wait = (this.#init.firstWithinMs ?? FIRST_WAIT_MS) * random();
    let longest = FIRST_WAIT_MS;
    while (!this.#stop.stopped) {
      await clock.sleep(wait, this.#stop.signal).catch(() => undefined);
      if (this.#stop.stopped) return;
      const { nextMs, retryAfterMs } = await this.#beat();
      longest = nextMs === undefined ? Math.min(longest * 2, MAX_WAIT_MS) : FIRST_WAIT_MS;
      if (nextMs !== undefined) wait = nextMs;
      else if (retryAfterMs !== undefined) wait = retryAfterMs + WITHIN_MS * random();
      // Anywhere up to the longest: spread over the whole wait, not around it.
      else wait = FIRST_WAIT_MS + longest * random();
    }
  }

  async #beat(): Promise<Partial<HeartbeatAnswer> & { readonly retryAfterMs?: number | undefined }> {
    const { counts, vitals, send } = this.#init;
    const counted = counts.take();
    try {
      return await send({ ...(await vitals()), ...counted });
    } catch (error) {
      // The link tells people that the server is away.
      counts.putBack(counted);
      return { retryAfterMs: error instanceof ApiError ? error.retryAfterMs : undefined };
    }
  }
}
