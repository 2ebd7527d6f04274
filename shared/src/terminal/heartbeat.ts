import type { Heartbeat, HeartbeatAnswer } from '../api/heartbeat.ts';
import type { ChipName } from '../chip/contract.ts';
import type { Clock } from '../clock.ts';
import { Stop } from '../stop.ts';

/** Before the first answer, and after a beat that had none: between this and the longest, a random wait, ms. */
const FIRST_WAIT_MS = 5_000;
const MAX_WAIT_MS = 300_000;
/** Codes in one beat; what came after them is counted under the last. */
const CODES_MAX = 32;
const OTHERS = 'other.codes';

/** What a terminal knows of itself at the moment of a beat. */
export type Vitals = Omit<Heartbeat, 'chips' | 'errors'>;

export interface HeartbeatsInit {
  readonly send: (beat: Heartbeat) => Promise<HeartbeatAnswer>;
  readonly vitals: () => Vitals | Promise<Vitals>;
  readonly clock: Clock;
  /** 0 to 1. A fleet that lost its server must not come back in step. */
  readonly random: () => number;
}

/**
 * Says again and again that this terminal is there. The server says when the next is due. What is counted meanwhile is sent
 * with the next, and kept until one was answered: a beat that was taken but not answered counts twice, which a statistic bears.
 */
export class Heartbeats {
  readonly #init: HeartbeatsInit;
  readonly #stop = new Stop();
  #chips: Partial<Record<ChipName, number>> = {};
  #errors = new Map<string, number>();
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

  /** A card was read. */
  card(chip: ChipName): void {
    this.#chips[chip] = (this.#chips[chip] ?? 0) + 1;
  }

  /** Something failed; `code` is a stable one, never a sentence. */
  fault(code: string): void {
    const key = this.#errors.has(code) || this.#errors.size < CODES_MAX - 1 ? code : OTHERS;
    this.#errors.set(key, (this.#errors.get(key) ?? 0) + 1);
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#init;
    let wait = FIRST_WAIT_MS * random();
    let longest = FIRST_WAIT_MS;
    while (!this.#stop.stopped) {
      await clock.sleep(wait, this.#stop.signal).catch(() => undefined);
      if (this.#stop.stopped) return;
      const answer = await this.#beat();
      longest = answer === null ? Math.min(longest * 2, MAX_WAIT_MS) : FIRST_WAIT_MS;
      // Anywhere up to the longest: spread over the whole wait, not around it.
      wait = answer === null ? FIRST_WAIT_MS + longest * random() : answer.nextMs;
    }
  }

  async #beat(): Promise<HeartbeatAnswer | null> {
    const chips = this.#chips;
    const errors = this.#errors;
    this.#chips = {};
    this.#errors = new Map();
    try {
      const vitals = await this.#init.vitals();
      return await this.#init.send({ ...vitals, chips, errors: Object.fromEntries(errors) });
    } catch {
      // The link tells people that the server is away. What was counted goes with the next.
      for (const [chip, count] of Object.entries(chips) as [ChipName, number][]) {
        this.#chips[chip] = (this.#chips[chip] ?? 0) + count;
      }
      for (const [code, count] of errors) this.#errors.set(code, (this.#errors.get(code) ?? 0) + count);
      return null;
    }
  }
}
