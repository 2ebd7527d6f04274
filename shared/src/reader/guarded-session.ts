import { ReaderError } from './error.ts';
import type { CardSession } from './slot.ts';
import type { Exchange } from './t0.ts';

export interface GuardedSessionInit {
  readonly atr: Uint8Array;
  readonly exchange: Exchange;
  /** Whether the slot has given the card to a later session, or taken its power. */
  readonly over: () => boolean;
  readonly end: () => Promise<void>;
}

/** A session that lets one command at a time through, and none once it is over; no answer passes without a status word. */
export class GuardedSession implements CardSession {
  readonly atr: Uint8Array;
  readonly #init: GuardedSessionInit;
  #busy = false;

  constructor(init: GuardedSessionInit) {
    this.atr = init.atr;
    this.#init = init;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.#init.over()) throw removed();
    if (this.#busy) {
      throw new ReaderError({
        code: 'reader.busy',
        message: 'The card is being asked something; wait for its answer.',
      });
    }
    this.#busy = true;
    try {
      const answer = await this.#init.exchange(apdu);
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

/** What a session says whose card left. */
export function removed(cause?: unknown): ReaderError {
  return new ReaderError({
    code: 'reader.removed',
    message: 'The card was taken out; put it back in.',
    cause,
  });
}
