import { HALF_CYCLE_MS, ERROR_COUNTER_FULL, ATR_BYTES, MAIN_SIZE } from '../chip/sle4442/constants.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { Eeprom } from './eeprom.ts';
import { seededRandom } from './random.ts';
import { Sle4442Chip, type Sle4442Clocks } from './sim-sle4442-chip.ts';
import { AcsSle4442Firmware } from './sim-sle4442-firmware.ts';
import type { CardSnapshot, CardUsage, CutHook, SimulatedCard } from './simulated-card.ts';

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
}

/** Main memory as the factory leaves it: erased but for the answer to reset. */
export function blankSle4442Main(): Uint8Array {
  const main = new Uint8Array(MAIN_SIZE).fill(0xff);
  main.set(ATR_BYTES);
  return main;
}

/** An SLE4442 in an ACS-like reader. */
export class SimulatedSle4442Card implements SimulatedCard {
  readonly chip = 'SLE4442';
  readonly #eeprom: Eeprom;
  readonly #chip: Sle4442Chip;
  readonly #firmware: AcsSle4442Firmware;
  #powered = false;
  #apdus = 0;
  #bytes = 0;

  constructor(init: SimulatedSle4442Init) {
    this.#eeprom = new Eeprom({ halfMs: HALF_CYCLE_MS, random: seededRandom(init.seed ?? 1) });
    this.#chip = new Sle4442Chip({ ...init, eeprom: this.#eeprom });
    this.#firmware = new AcsSle4442Firmware(this.#chip, init);
  }

  /** The same card again, with everything it held. */
  static restore(snapshot: CardSnapshot, seed = 1): SimulatedSle4442Card {
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
    });
  }

  get cutHook(): CutHook | undefined {
    return this.#eeprom.cutHook;
  }

  set cutHook(hook: CutHook | undefined) {
    this.#eeprom.cutHook = hook;
  }

  /** See `Eeprom.weakHook`. */
  get weakHook(): CutHook | undefined {
    return this.#eeprom.weakHook;
  }

  set weakHook(hook: CutHook | undefined) {
    this.#eeprom.weakHook = hook;
  }

  get usage(): CardUsage {
    return {
      apdus: this.#apdus,
      bytes: this.#bytes,
      busMs: this.#chip.busMs,
      eepromMs: this.#eeprom.ms,
      eepromCycles: this.#eeprom.cycles,
    };
  }

  resetUsage(): void {
    this.#apdus = 0;
    this.#bytes = 0;
    this.#chip.resetUsage();
    this.#eeprom.resetUsage();
  }

  /** The chip's memory for meters, which read it on their own contacts, and for tests. Live, not a copy. */
  get main(): Uint8Array {
    return this.#chip.main;
  }

  /** 07 full … 00 locked, without a command. */
  get errorCounter(): number {
    return (this.#chip.security[0] ?? 0) & ERROR_COUNTER_FULL;
  }

  powerOn(): Uint8Array {
    this.#powered = true;
    this.#firmware.reset();
    return Uint8Array.of(0x3b, 0x04, ...this.#chip.reset());
  }

  powerOff(): void {
    this.#powered = false;
    this.#firmware.reset();
    this.#chip.powerOff();
  }

  transmit(apdu: Uint8Array): Uint8Array {
    if (!this.#powered) throw new Error('a card without power was given a command');
    this.#apdus += 1;
    this.#bytes += apdu.length;
    try {
      const response = this.#firmware.transmit(apdu);
      this.#bytes += response.length;
      return response;
    } catch (error) {
      this.powerOff();
      throw error;
    }
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
