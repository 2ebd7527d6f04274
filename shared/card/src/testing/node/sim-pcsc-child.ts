import { fromHex, toHex } from '../../bytes/hex.ts';
import type { Clock } from '../../clock.ts';
import type { ReaderChild } from '../../node/guarded-child.ts';
import type { PcscMessage, PcscRequest } from '../../node/pcsc-messages.ts';
import type { SimulatedCard } from '../simulated-card.ts';

type Failed = Extract<PcscMessage, { type: 'failed' }>;

/** The process that holds the PC/SC library, with one reader and a simulated card in it. */
export class SimulatedPcscChild implements ReaderChild {
  readonly reader = 'ACS ACR38U-CCID 00 00';
  /** The next command to a card waits in the service until it is let go on. */
  hold = false;
  /** Each command to a card takes so long. */
  slowMs = 0;
  readonly #clock: Clock;
  #card: SimulatedCard | undefined;
  #connected: SimulatedCard | undefined;
  #waiting: PcscRequest | undefined;
  #hear: (message: PcscMessage) => void = () => undefined;
  #exits: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  send(request: PcscRequest): void {
    // Between processes nothing comes at once.
    const slowMs = request.op === 'transmit' ? this.slowMs : 0;
    void (slowMs > 0 ? this.#clock.sleep(slowMs) : Promise.resolve()).then(() => {
      if (request.op === 'transmit' && this.hold) {
        this.hold = false;
        this.#waiting = request;
      } else this.#carryOut(request);
    });
  }

  onMessage(listener: (message: PcscMessage) => void): void {
    this.#hear = listener;
    void Promise.resolve().then(() => {
      listener({ type: 'ready' });
      this.#tell();
    });
  }

  onExit(listener: () => void): void {
    this.#exits.push(listener);
  }

  kill(): void {
    this.#card?.powerOff();
    for (const listener of this.#exits.splice(0)) listener();
  }

  insert(card: SimulatedCard): void {
    this.#card = card;
    this.#tell();
  }

  eject(): void {
    this.#card?.powerOff();
    this.#card = undefined;
    this.#tell();
  }

  /** The command that waits goes on, to whatever card is connected now: the real service is kinder. */
  letGo(): void {
    const request = this.#waiting;
    this.#waiting = undefined;
    if (request !== undefined) this.#carryOut(request);
  }

  #tell(): void {
    const { reader } = this;
    if (this.#card === undefined) return this.#hear({ type: 'reader', reader });
    const atr = this.#card.powerOn() ?? new Uint8Array();
    if (this.#connected !== this.#card) this.#card.powerOff();
    this.#hear({ type: 'reader', reader, atr: toHex(atr) });
  }

  #carryOut(request: PcscRequest): void {
    const { id } = request;
    const failed = (code: Failed['code']): void => {
      this.#hear({ type: 'failed', id, code });
    };
    if (request.op === 'disconnect') {
      this.#connected?.powerOff();
      this.#connected = undefined;
      this.#hear({ type: 'done', id });
    } else if (this.#card === undefined) failed(request.op === 'connect' ? 'pcsc.no-card' : 'pcsc.io');
    else if (request.op === 'connect') {
      this.#card.powerOn();
      this.#connected = this.#card;
      this.#hear({ type: 'done', id, protocol: 0 });
    } else if (request.op !== 'transmit' || this.#connected !== this.#card) failed('pcsc.removed');
    else this.#hear({ type: 'done', id, data: toHex(this.#card.transmit(fromHex(request.data))) });
  }
}
