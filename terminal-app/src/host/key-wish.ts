import type { Clock } from '@bianmin/card/clock';
import { ApiError } from '@bianmin/purchase/api/client-error';
import type { EnrolRequest } from '@bianmin/purchase/api/terminal';

/** Until a server that refused the wish hears it again; up to twice as long, so that a fleet does not come with it at once. */
const AGAIN_MS = 1_800_000;

/** The wish for a key with an enrolment. A server of before, maybe rolled back, takes no enrolment that has a wish. */
export class KeyWish {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #random: () => number;
  #againAt = Number.NEGATIVE_INFINITY;

  constructor(init: { readonly clock: Pick<Clock, 'monotonic'>; readonly random: () => number }) {
    this.#clock = init.clock;
    this.#random = init.random;
  }

  /** Whether the server refused it not long ago. */
  get refused(): boolean {
    return this.#clock.monotonic() < this.#againAt;
  }

  /** Enrols with it; without where it is not wanted or was refused. */
  async enrol<T>(wanted: boolean, enrol: (wants: Pick<EnrolRequest, 'beatKey'>) => Promise<T>): Promise<T> {
    if (!wanted || this.refused) return enrol({});
    try {
      return await enrol({ beatKey: true });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'request.malformed') throw error;
      this.#againAt = this.#clock.monotonic() + AGAIN_MS * (1 + this.#random());
      return enrol({});
    }
  }
}
