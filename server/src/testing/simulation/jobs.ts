import type { Trigger } from '../../adapters/queue/trigger.ts';
import type { Turns } from './turns.ts';
import type { Weather } from './weather.ts';

/** Jobs of one order that wait at the same time. */
const MOST = 4;

/** A queue whose jobs are lost, doubled and late, and handed out to whichever worker is there. */
export class Jobs implements Trigger {
  readonly #turns: Turns;
  readonly #weather: Weather;
  readonly #work: (orderNo: string, cause: string) => Promise<void>;
  /** Jobs that wait, by order: a queue that grows by itself is none. */
  readonly #waiting = new Map<string, number>();

  constructor(init: {
    turns: Turns;
    weather: Weather;
    work: (orderNo: string, cause: string) => Promise<void>;
  }) {
    this.#turns = init.turns;
    this.#weather = init.weather;
    this.#work = init.work;
  }

  request(orderNo: string, cause: string, delayMs = 0): Promise<boolean> {
    if (this.#weather.isAway('queue')) return Promise.resolve(false);
    for (let copies = this.#weather.copies(); copies > 0 && this.#countOf(orderNo) < MOST; copies -= 1) {
      this.#waiting.set(orderNo, this.#countOf(orderNo) + 1);
      this.#turns.begin(async () => {
        await this.#turns.wait('job', delayMs);
        this.#waiting.set(orderNo, this.#countOf(orderNo) - 1);
        await this.#work(orderNo, cause);
      });
    }
    return Promise.resolve(true);
  }

  #countOf(orderNo: string): number {
    return this.#waiting.get(orderNo) ?? 0;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
