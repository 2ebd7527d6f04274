import { ManualClock } from '@bianmin/card/testing/manual-clock';

/**
 * So many times as fast as the wall's, and no faster than this process gets along: a while in which a busy machine does
 * not let it run counts as one millisecond, so that nothing is given up that was not even looked at.
 */
export class PatientClock extends ManualClock {
  readonly #ticks: ReturnType<typeof setInterval>;

  constructor(times: number) {
    super();
    this.#ticks = setInterval(() => {
      this.jump(times);
    }, 1);
  }

  stop(): void {
    clearInterval(this.#ticks);
  }
}
