import { concatBytes } from '../bytes/compare.ts';
import { PowerCut } from './simulated-card.ts';
import type { SimulatedCard } from './simulated-card.ts';

/** The part of a TCP socket that this needs. */
export interface VpcdSocket {
  write(bytes: Uint8Array): void;
  end(): void;
}

/** One-byte requests of R:frankmorgner/vsmartcard's vpcd (virtualsmartcard/doc/api); longer ones are APDUs. */
export const VPCD = { powerOff: 0x00, powerOn: 0x01, reset: 0x02, atr: 0x04 } as const;

/**
 * A simulated card in vpcd, the virtual reader of a real `pcscd`. Connecting inserts it, ending the connection takes
 * it out, which a power cut does by itself. Messages carry their length first, two bytes, big-endian.
 */
export class VpcdCard {
  readonly #card: SimulatedCard;
  readonly #socket: VpcdSocket;
  readonly #atr: Uint8Array;
  readonly #silent: () => boolean;
  #pending: Uint8Array = new Uint8Array();

  /** `silent`: whether the card leaves commands without an answer now. */
  constructor(card: SimulatedCard, socket: VpcdSocket, silent: () => boolean = () => false) {
    this.#silent = silent;
    this.#card = card;
    this.#socket = socket;
    // Asked for before the card is powered: that is how vpcd finds out whether a card is there.
    this.#atr = card.powerOn() ?? new Uint8Array();
    card.powerOff();
  }

  /** Bytes of the reader, in pieces of any size. */
  receive(bytes: Uint8Array): void {
    this.#pending = concatBytes(this.#pending, bytes);
    for (;;) {
      const [high, low] = this.#pending;
      if (high === undefined || low === undefined) return;
      const end = 2 + high * 0x100 + low;
      if (this.#pending.length < end) return;
      const message = this.#pending.slice(2, end);
      this.#pending = this.#pending.slice(end);
      if (message.length > 0) this.#carryOut(message);
    }
  }

  #carryOut(message: Uint8Array): void {
    const [code] = message;
    if (message.length > 1) this.#transmit(message);
    else if (code === VPCD.powerOff) this.#card.powerOff();
    else if (code === VPCD.powerOn || code === VPCD.reset) this.#card.powerOn();
    else if (code === VPCD.atr) this.#answer(this.#atr);
  }

  #transmit(apdu: Uint8Array): void {
    if (this.#silent()) return;
    try {
      this.#answer(this.#card.transmit(apdu));
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.#socket.end();
    }
  }

  #answer(bytes: Uint8Array): void {
    this.#socket.write(concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes));
  }
}
