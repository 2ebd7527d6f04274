import type { Epoch } from './epoch.ts';
import { ReaderError } from './error.ts';
import type { CardSession } from './slot.ts';
import type { Exchange } from './t0.ts';

/** The longest answer: 65,536 bytes and a status word. */
const MAX_ANSWER = 65_538;

export interface GuardedSessionInit {
  readonly atr: Uint8Array;
  readonly exchange: Exchange;
  /** Over when the card left, was given to a later session, or lost its power. */
  readonly epoch: Epoch;
  readonly end: () => Promise<void>;
}

/**
 * A session that lets one command at a time through, and none once it is over: one under way then ends at once. No
 * answer passes without a status word, and none that is longer than a card's can be.
 */
export class GuardedSession implements CardSession {
  readonly atr: Uint8Array;
  readonly #init: GuardedSessionInit;
  #busy = false;

  constructor(init: GuardedSessionInit) {
    this.atr = init.atr;
    this.#init = init;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    this.#init.epoch.check();
    if (this.#busy) {
      throw new ReaderError({
        code: 'reader.busy',
        message: 'The card is being asked something; wait for its answer.',
      });
    }
    this.#busy = true;
    try {
      const answer = await this.#init.epoch.during(this.#init.exchange(apdu));
      if (answer.length > MAX_ANSWER) throw tooMuch(answer.length);
      if (answer.length >= 2) return answer;
      throw new ReaderError({
        code: 'reader.io',
        message: 'The card did not answer; take it out and put it in again.',
        context: { length: answer.length },
      });
    } finally {
      this.#busy = false;
    }
  }

  end(): Promise<void> {
    return this.#init.end();
  }
}

function tooMuch(length: number): ReaderError {
  return new ReaderError({
    code: 'reader.protocol',
    message: 'More came than a card can say; unplug the reader and plug it in again.',
    context: { length },
  });
}
