import type { Clock } from '../clock.ts';
import { Stop } from '../stop.ts';
import { UsbError } from './error.ts';

/** What waits at most for a reader; older things are dropped, as the system's own queues do. */
const MAX_WAITING = 256;

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: UsbError) => void;
  readonly timer: Stop;
}

/** Things that come when they like, taken one at a time: `usb.timeout`, `usb.busy` for a second taker. */
export class ArrivalQueue<T> {
  readonly #clock: Clock;
  #values: T[] = [];
  #waiter: Waiter<T> | undefined;
  #end: UsbError | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  push(value: T): void {
    if (this.#end !== undefined) return;
    const waiter = this.#release();
    if (waiter !== undefined) {
      waiter.resolve(value);
      return;
    }
    this.#values.push(value);
    if (this.#values.length > MAX_WAITING) this.#values.shift();
  }

  /** Puts back what was not used up; it is the next to be taken. */
  unshift(value: T): void {
    if (this.#end === undefined) this.#values.unshift(value);
  }

  take(timeoutMs: number): Promise<T> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    if (this.#waiter !== undefined) {
      const message = 'The reader is being asked something; wait for its answer.';
      return Promise.reject(new UsbError({ code: 'usb.busy', message }));
    }
    const value = this.#values.shift();
    return value === undefined ? this.#arrival(timeoutMs) : Promise.resolve(value);
  }

  /** Forgets what was not taken. */
  clear(): void {
    this.#values = [];
  }

  /** Ends the queue: the caller that waits, and each later one, gets this error. */
  end(error: UsbError): void {
    if (this.#end !== undefined) return;
    this.#end = error;
    this.#values = [];
    this.#release()?.reject(error);
  }

  #arrival(timeoutMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter<T> = { resolve, reject, timer: new Stop() };
      this.#waiter = waiter;
      void this.#clock.sleep(Math.max(timeoutMs, 0), waiter.timer.signal).then(
        () => {
          if (this.#waiter !== waiter) return;
          this.#waiter = undefined;
          reject(
            new UsbError({
              code: 'usb.timeout',
              message: 'The reader takes too long; unplug it and plug it in again.',
            }),
          );
        },
        () => undefined,
      );
    });
  }

  #release(): Waiter<T> | undefined {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.timer.stop();
    return waiter;
  }
}
