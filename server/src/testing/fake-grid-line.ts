import type { Clock } from '@bianmin/card/clock';
import { GridError } from '../gateways/grid/error.ts';
import { quietly, unknown } from './fake-grid-answers.ts';
import type { Fault } from './faults.ts';

/** The line to a fake grid: what a request meets on it, and those that are still travelling. */
export class FakeGridLine {
  readonly #clock: Clock;
  readonly #travelling: { at: number; run: () => void }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lets requests that were travelling arrive, if their time has come. */
  arrive(): void {
    for (const request of this.#travelling.splice(0)) {
      if (request.at > this.#clock.now()) this.#travelling.push(request);
      else request.run();
    }
  }

  /** `lateMs`: after which a request arrives that was lost to us. */
  send<T>({ fault, lateMs }: { fault: Fault; lateMs: number }, run: () => T): Promise<T> {
    try {
      switch (fault) {
        case 'none':
          return Promise.resolve(run());
        case 'unavailable':
          throw new GridError({ code: 'grid.unavailable', message: 'The grid cannot be reached.' });
        case 'lost-request':
          throw unknown();
        case 'lost-answer':
          quietly(run);
          throw unknown();
        case 'late':
          this.#travelling.push({ at: this.#clock.now() + lateMs, run: () => quietly(run) });
          throw unknown();
      }
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
