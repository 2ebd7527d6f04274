import { ReaderError, type ReaderErrorCode } from '../reader/error.ts';
import type { CardSession } from '../reader/slot.ts';
import { PowerCut, type SimulatedCard } from './simulated-card.ts';

/** Called around each command; true takes the card away there. */
export type RemovalHook = (when: 'before-command' | 'before-answer') => boolean;

/**
 * A session straight on a simulated card, without reader or wire: for tests of the layers above. Does what
 * everything below `CardSession` does for T=0 cards (GET RESPONSE, lengths corrected by 6C xx).
 */
export class DirectSession implements CardSession {
  readonly atr: Uint8Array;
  readonly #card: SimulatedCard;
  readonly #removal: RemovalHook;
  #gone = false;

  /** Powers the card up. `reader.mute` where it gives no answer to reset. */
  constructor(card: SimulatedCard, removal: RemovalHook = () => false) {
    const atr = card.powerOn();
    if (atr === undefined) throw readerError('reader.mute');
    this.atr = atr;
    this.#card = card;
    this.#removal = removal;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.#gone) throw readerError('reader.removed');
    await Promise.resolve();
    if (this.#removal('before-command')) throw this.#remove();
    let answer = this.#command(apdu);
    const [sw1, sw2 = 0] = answer.subarray(-2);
    if (this.#card.chip === 'CPU' && sw1 === 0x6c) {
      const corrected = apdu.slice();
      corrected[4] = sw2;
      answer = this.#command(corrected);
    } else if (this.#card.chip === 'CPU' && sw1 === 0x61) {
      answer = this.#command(Uint8Array.of(0x00, 0xc0, 0x00, 0x00, sw2));
    }
    if (this.#removal('before-answer')) throw this.#remove();
    return answer;
  }

  end(): Promise<void> {
    if (!this.#gone) this.#card.powerOff();
    this.#gone = true;
    return Promise.resolve();
  }

  #command(apdu: Uint8Array): Uint8Array {
    try {
      return this.#card.transmit(apdu);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      throw this.#remove();
    }
  }

  #remove(): ReaderError {
    this.#gone = true;
    this.#card.powerOff();
    return readerError('reader.removed');
  }
}

function readerError(code: ReaderErrorCode): ReaderError {
  return new ReaderError({ code, message: 'The card does not answer or was taken out; put it in again.' });
}
