import type { Clock } from '@bianmin/card/clock';
import type { Trigger } from '../adapters/queue/trigger.ts';

interface QueuedJob {
  readonly orderNo: string;
  readonly cause: string;
}

/** A queue in memory that a test empties by hand, and whose jobs can be lost or doubled. */
export class FakeTrigger implements Trigger {
  readonly #clock: Clock;
  readonly #jobs = new Map<string, QueuedJob & { readonly at: number }>();
  /** How often each request becomes a job: 0 loses it, 2 doubles it. */
  copies: () => number = () => 1;
  reachable = true;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  request(orderNo: string, cause: string, delayMs = 0): Promise<boolean> {
    const copies = this.reachable ? this.copies() : 0;
    for (let copy = copies; copy > 0; copy -= 1) {
      this.#jobs.set(`${orderNo}-${cause}-${copy}`, { orderNo, cause, at: this.#clock.now() + delayMs });
    }
    return Promise.resolve(this.reachable);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Jobs whose time has come, taken out of the queue. */
  take(): QueuedJob[] {
    const ready = [...this.#jobs].filter(([, job]) => job.at <= this.#clock.now());
    for (const [id] of ready) this.#jobs.delete(id);
    return ready.map(([, job]) => job);
  }
}
