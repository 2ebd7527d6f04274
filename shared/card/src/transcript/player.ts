import { fromHex } from '../bytes/hex.ts';
import { ReaderError, type ReaderErrorCode } from '../reader/error.ts';
import type { CardSession } from '../reader/slot.ts';
import { TranscriptError } from './error.ts';
import type { Transcript } from './format.ts';
import { unmasked } from './hidden.ts';
import { Redactor } from './redact.ts';

/**
 * Answers as a card once did. Commands must come as they were recorded, in the same order; a hidden byte of a command
 * may be any, and a hidden byte of an answer comes back as 00.
 */
export class ReplaySession implements CardSession {
  readonly atr: Uint8Array;
  readonly #transcript: Transcript;
  readonly #redactor = new Redactor();
  #next = 0;

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
    this.atr = fromHex(transcript.atr);
  }

  /** Fails with `transcript.deviates` or `transcript.ended`, or with the reader's error that was recorded. */
  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    const recorded = this.#transcript.exchanges[this.#next];
    const [got] = this.#redactor.exchange(apdu, new Uint8Array());
    if (recorded === undefined) {
      throw new TranscriptError({
        code: 'transcript.ended',
        message: 'The driver asks more than was recorded; record the card again with this version.',
        context: { exchange: this.#next, got },
      });
    }
    const [command, answer] = recorded;
    const expected = unmasked(command);
    if (
      expected.length !== apdu.length ||
      expected.some((byte, i) => byte !== undefined && byte !== apdu[i])
    ) {
      throw new TranscriptError({
        code: 'transcript.deviates',
        message: `Command ${this.#next + 1} is not the one that was recorded there; find out which of the two is right.`,
        context: { exchange: this.#next, expected: command, got },
      });
    }
    this.#next += 1;
    if (answer.startsWith('!')) {
      throw new ReaderError({
        code: answer.slice(1) as ReaderErrorCode,
        message: 'The reader gave no answer here when this was recorded.',
      });
    }
    return Uint8Array.from(unmasked(answer), (byte) => byte ?? 0);
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  /** `transcript.left-over` where recorded exchanges were not asked for. */
  assertAllPlayed(): void {
    const left = this.#transcript.exchanges.length - this.#next;
    if (left === 0) return;
    throw new TranscriptError({
      code: 'transcript.left-over',
      message: `${left} recorded commands were not asked for; find out which of the two is right.`,
      context: { exchange: this.#next, left },
    });
  }
}
