import { parseAtr } from '../framing/atr.ts';
import type { IccState } from '../framing/ccid/message.ts';
import { T1CardLine, apduOverT0 } from './sim-card-line.ts';
import type { ReaderFaults } from './sim-faults.ts';
import { PowerCut } from './simulated-card.ts';
import type { SimulatedCard } from './simulated-card.ts';

/** bPowerSelect of IccPowerOn 1, 2, 3 (5, 3, 1.8 V) as bits of bVoltageSupport; 0 leaves it to the reader. */
const VOLTAGE_BITS = [0x07, 0x01, 0x02, 0x04] as const;

/** One slot of a simulated reader: its card, its power and the protocol that is spoken to it. */
export class SimulatedSlot {
  readonly #level: 'tpdu' | 'short-apdu';
  readonly #faults: () => ReaderFaults;
  #card: SimulatedCard | undefined;
  #powered = false;
  #protocol = 0;
  #line: T1CardLine | undefined;

  constructor(level: 'tpdu' | 'short-apdu', faults: () => ReaderFaults) {
    this.#level = level;
    this.#faults = faults;
  }

  get card(): SimulatedCard | undefined {
    return this.#card;
  }

  get powered(): boolean {
    return this.#powered;
  }

  get icc(): IccState {
    if (this.#card === undefined) return 'absent';
    return this.#powered ? 'active' : 'inactive';
  }

  /** Time that the card's bus and EEPROM have taken so far, ms. */
  get busyMs(): number {
    const usage = this.#card?.usage;
    return usage === undefined ? 0 : usage.busMs + usage.eepromMs;
  }

  insert(card: SimulatedCard): void {
    this.#card = card;
  }

  eject(): SimulatedCard | undefined {
    const card = this.#card;
    this.powerOff();
    this.#card = undefined;
    return card;
  }

  /** The answer to reset; undefined without a card, or for one that stays mute at this voltage. */
  powerOn(select: number): Uint8Array | undefined {
    this.powerOff();
    const wanted = VOLTAGE_BITS[select] ?? 0;
    if ((wanted & ~(this.#faults().muteAtVoltages ?? 0)) === 0) return undefined;
    const atr = this.#card?.powerOn();
    this.#powered = atr !== undefined;
    this.#protocol = 0;
    this.#line = undefined;
    if (atr !== undefined && this.#level === 'tpdu') {
      const { protocol, check } = parseAtr(atr);
      if (protocol === 1) this.#line = new T1CardLine((apdu) => this.#apdu(apdu), check);
    }
    return atr;
  }

  powerOff(): void {
    if (this.#powered) this.#card?.powerOff();
    this.#powered = false;
    this.#line = undefined;
  }

  setProtocol(protocol: number): void {
    this.#protocol = protocol;
  }

  /** One TPDU, block or APDU, by the reader's level. Throws `PowerCut` where the card leaves in it. */
  exchange(data: Uint8Array): Uint8Array {
    if (this.#line !== undefined && this.#protocol === 1) return this.#line.exchange(data);
    return this.#level === 'tpdu' ? this.#apdu(data) : apduOverT0((apdu) => this.#apdu(apdu), data);
  }

  #apdu(apdu: Uint8Array): Uint8Array {
    const faults = this.#faults();
    if (this.#card === undefined) throw removal();
    if (faults.removeAfterApdus !== undefined && --faults.removeAfterApdus <= 0) {
      delete faults.removeAfterApdus;
      throw removal();
    }
    const response = this.#card.transmit(apdu);
    if (faults.removeBeforeAnswer === true) {
      delete faults.removeBeforeAnswer;
      throw removal();
    }
    return response;
  }
}

function removal(): PowerCut {
  return new PowerCut({ memory: 'reader', address: 0, half: 'write' });
}
