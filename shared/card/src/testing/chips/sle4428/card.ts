import { fromHex, toHex } from '../../../bytes/hex.ts';
import type { Tries } from '../../../chip/contract.ts';
import {
  ATR_BYTES,
  ERROR_COUNTER_ADDRESS,
  HALF_CYCLE_MS,
  MAIN_SIZE,
  PSC_ADDRESS,
  TRIES_FULL,
  triesOf,
} from '../../../chip/sle4428/constants.ts';
import { Eeprom } from '../../eeprom.ts';
import { EepromCard } from '../../eeprom-card.ts';
import { seededRandom } from '../../random.ts';
import type { CardSnapshot } from '../../simulated-card.ts';
import { Sle4428Chip } from './chip.ts';
import { AcsSle4428Firmware } from './firmware.ts';

/** What stands between the card's contacts and the host. */
export interface Sle4428Firmware {
  /** Power came or went. */
  reset(): void;
  transmit(apdu: Uint8Array): Uint8Array;
}

export interface SimulatedSle4428Init {
  /** 1,021 bytes; `blankSle4428Main` for a fresh chip. Bytes 0–3 are the answer to reset. */
  readonly main: Uint8Array;
  /** 2 bytes. */
  readonly code: Uint8Array;
  /** 128 bytes, 0 bits are protected; all open when absent. */
  readonly protection?: Uint8Array;
  /** FF when absent. */
  readonly errorCounter?: number;
  /** Of the bits of torn bytes. */
  readonly seed?: number;
  /** The reader that it is in: an ACS-like one when absent. */
  readonly firmware?: (chip: Sle4428Chip) => Sle4428Firmware;
}

/** Memory as the factory leaves it: erased but for the answer to reset. */
export function blankSle4428Main(): Uint8Array {
  const main = new Uint8Array(MAIN_SIZE).fill(0xff);
  main.set(ATR_BYTES);
  return main;
}

/** An SLE4428 in a reader. */
export class SimulatedSle4428Card extends EepromCard {
  readonly chip = 'SLE4428';
  readonly #chip: Sle4428Chip;
  readonly #firmware: Sle4428Firmware;

  constructor(init: SimulatedSle4428Init) {
    super(new Eeprom({ halfMs: HALF_CYCLE_MS, random: seededRandom(init.seed ?? 1) }));
    this.#chip = new Sle4428Chip({ ...init, eeprom: this.eeprom });
    this.#firmware = init.firmware?.(this.#chip) ?? new AcsSle4428Firmware(this.#chip);
  }

  /** The same card again, with everything it held, in an ACS-like reader or another one. */
  static restore(
    snapshot: CardSnapshot,
    seed = 1,
    firmware?: SimulatedSle4428Init['firmware'],
  ): SimulatedSle4428Card {
    const { main, code, protection, errorCounter } = snapshot.state;
    if (typeof main !== 'string' || typeof code !== 'string' || typeof protection !== 'string') {
      throw new TypeError('not a snapshot of an SLE4428');
    }
    return new SimulatedSle4428Card({
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
    return this.#chip.memory.subarray(0, MAIN_SIZE);
  }

  /** FF full … 00 locked, without a command. */
  get errorCounter(): number {
    return this.#chip.memory[ERROR_COUNTER_ADDRESS] ?? 0;
  }

  zone(name: string): Uint8Array | undefined {
    return name === 'main' ? this.main : undefined;
  }

  get tries(): readonly Tries[] {
    return [{ left: triesOf(this.errorCounter), full: TRIES_FULL }];
  }

  setTriesLeft(left: number): void {
    this.#chip.memory[ERROR_COUNTER_ADDRESS] = (1 << left) - 1;
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
        main: toHex(this.main),
        code: toHex(this.#chip.memory.subarray(PSC_ADDRESS)),
        protection: toHex(this.#chip.protection),
        errorCounter: this.errorCounter,
      },
    };
  }
}
