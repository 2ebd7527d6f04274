import {
  ATR_BYTES,
  ERROR_COUNTER_FULL,
  HALF_CYCLE_MS,
  MAIN_SIZE,
  TRIES_FULL,
  triesOf,
} from '../../../chip/sle4442/constants.ts';
import { fromHex, toHex } from '../../../bytes/hex.ts';
import type { Tries } from '../../../chip/contract.ts';
import { Eeprom } from '../../eeprom.ts';
import { EepromCard } from '../../eeprom-card.ts';
import { seededRandom } from '../../random.ts';
import { Sle4442Chip, type Sle4442Clocks } from './chip.ts';
import { AcsSle4442Firmware } from './firmware.ts';
import type { CardSnapshot } from '../../simulated-card.ts';

/** What stands between the card's contacts and the host. */
export interface Sle4442Firmware {
  /** Power came or went. */
  reset(): void;
  transmit(apdu: Uint8Array): Uint8Array;
}

export interface SimulatedSle4442Init {
  /** 256 bytes; `blankSle4442Main` for a fresh chip. Bytes 0–3 are the answer to reset. */
  readonly main: Uint8Array;
  /** 3 bytes. */
  readonly code: Uint8Array;
  /** 4 bytes, 0 bits are protected; all open when absent. */
  readonly protection?: Uint8Array;
  /** 07 when absent. */
  readonly errorCounter?: number;
  /** Of the bits of torn bytes. */
  readonly seed?: number;
  readonly clocks?: Sle4442Clocks;
  readonly breakEndsPresentation?: boolean;
  /** Older reader firmware: reads bring the protection memory along. */
  readonly appendProtection?: boolean;
  /** The reader that it is in: an ACS-like one when absent. */
  readonly firmware?: (chip: Sle4442Chip) => Sle4442Firmware;
}

/** Main memory as the factory leaves it: erased but for the answer to reset. */
export function blankSle4442Main(): Uint8Array {
  const main = new Uint8Array(MAIN_SIZE).fill(0xff);
  main.set(ATR_BYTES);
  return main;
}

/** An SLE4442 in an ACS-like reader. */
export class SimulatedSle4442Card extends EepromCard {
  readonly chip = 'SLE4442';
  readonly #chip: Sle4442Chip;
  readonly #firmware: Sle4442Firmware;

  constructor(init: SimulatedSle4442Init) {
    super(new Eeprom({ halfMs: HALF_CYCLE_MS, random: seededRandom(init.seed ?? 1) }));
    this.#chip = new Sle4442Chip({ ...init, eeprom: this.eeprom });
    this.#firmware = init.firmware?.(this.#chip) ?? new AcsSle4442Firmware(this.#chip, init);
  }

  /** The same card again, with everything it held, in an ACS-like reader or another one. */
  static restore(
    snapshot: CardSnapshot,
    seed = 1,
    firmware?: SimulatedSle4442Init['firmware'],
  ): SimulatedSle4442Card {
    const { main, code, protection, errorCounter } = snapshot.state;
    if (typeof main !== 'string' || typeof code !== 'string' || typeof protection !== 'string') {
      throw new TypeError('not a snapshot of an SLE4442');
    }
    return new SimulatedSle4442Card({
      main: fromHex(main),
      code: fromHex(code),
      protection: fromHex(protection),
      errorCounter: Number(errorCounter),
      seed,
      ...(firmware === undefined ? {} : { firmware }),
    });
  }

  /** The chip's memory for meters, which read it on their own contacts, and for tests. Live, not a copy. */
  get main(): Uint8Array {
    return this.#chip.main;
  }

  /** 07 full … 00 locked, without a command. */
  get errorCounter(): number {
    return (this.#chip.security[0] ?? 0) & ERROR_COUNTER_FULL;
  }

  zone(name: string): Uint8Array | undefined {
    return name === 'main' ? this.#chip.main : undefined;
  }

  get tries(): readonly Tries[] {
    return [{ left: triesOf(this.errorCounter), full: TRIES_FULL }];
  }

  setTriesLeft(left: number): void {
    this.#chip.security[0] = (1 << left) - 1;
  }

  protected reset(): Uint8Array {
    return Uint8Array.of(0x3b, 0x04, ...this.#chip.reset());
  }

  protected forget(): void {
    this.#firmware.reset();
    this.#chip.powerOff();
  }

  protected run(apdu: Uint8Array): Uint8Array {
    return this.#firmware.transmit(apdu);
  }

  protected busMs(): number {
    return this.#chip.busMs;
  }

  protected resetBus(): void {
    this.#chip.resetUsage();
  }

  snapshot(): CardSnapshot {
    return {
      chip: this.chip,
      state: {
        main: toHex(this.#chip.main),
        code: toHex(this.#chip.security.subarray(1)),
        protection: toHex(this.#chip.protection),
        errorCounter: this.errorCounter,
      },
    };
  }
}
