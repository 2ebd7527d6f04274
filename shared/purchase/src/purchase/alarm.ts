import type { Clock } from '@bianmin/card/clock';
import { Stop } from '@bianmin/card/stop';

/** One wait at a time: setting another one, or none, ends the former. */
export class Alarm {
  readonly #clock: Clock;
  #key = '';
  #stop: Stop | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The wait called `key`; one that is already running under this name goes on. */
  set(key: string, ms: () => number, ring: () => void): void {
    if (key === this.#key) return;
    this.clear();
    const stop = new Stop();
    this.#key = key;
    this.#stop = stop;
    // A wait that is ended rejects: then there is nothing to do.
    this.#clock.sleep(ms(), stop.signal).then(ring, () => undefined);
  }

  clear(): void {
    this.#stop?.stop();
    this.#stop = undefined;
    this.#key = '';
  }
}
