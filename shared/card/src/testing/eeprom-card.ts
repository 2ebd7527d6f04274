import type { ChipName, Tries } from '../chip/contract.ts';
import type { Eeprom } from './eeprom.ts';
import type { CardSnapshot, CardUsage, CutHook, SimulatedCard } from './simulated-card.ts';

/**
 * What every simulated chip has around its own logic: power, hooks, and the count of what passes. A chip says how it
 * resets, what a command does, and how much time its bus has taken.
 */
export abstract class EepromCard implements SimulatedCard {
  abstract readonly chip: ChipName;
  protected readonly eeprom: Eeprom;
  #powered = false;
  #apdus = 0;
  #bytes = 0;

  constructor(eeprom: Eeprom) {
    this.eeprom = eeprom;
  }

  /** Power or a full reset: the answer to reset as the reader reports it. */
  protected abstract reset(): Uint8Array | undefined;
  /** Power is gone: access rights and whatever the reader had selected. */
  protected abstract forget(): void;
  protected abstract run(apdu: Uint8Array): Uint8Array;
  protected abstract busMs(): number;
  protected abstract resetBus(): void;
  abstract snapshot(): CardSnapshot;
  abstract zone(name: string): Uint8Array | undefined;
  abstract get tries(): readonly Tries[];
  abstract setTriesLeft(left: number): void;

  get cutHook(): CutHook | undefined {
    return this.eeprom.cutHook;
  }

  set cutHook(hook: CutHook | undefined) {
    this.eeprom.cutHook = hook;
  }

  get weakHook(): CutHook | undefined {
    return this.eeprom.weakHook;
  }

  set weakHook(hook: CutHook | undefined) {
    this.eeprom.weakHook = hook;
  }

  get usage(): CardUsage {
    return {
      apdus: this.#apdus,
      bytes: this.#bytes,
      busMs: this.busMs(),
      eepromMs: this.eeprom.ms,
      eepromCycles: this.eeprom.cycles,
    };
  }

  resetUsage(): void {
    this.#apdus = 0;
    this.#bytes = 0;
    this.resetBus();
    this.eeprom.resetUsage();
  }

  powerOn(): Uint8Array | undefined {
    this.#powered = true;
    this.forget();
    return this.reset();
  }

  powerOff(): void {
    this.#powered = false;
    this.forget();
  }

  transmit(apdu: Uint8Array): Uint8Array {
    if (!this.#powered) throw new Error('a card without power was given a command');
    this.#apdus += 1;
    this.#bytes += apdu.length;
    try {
      const response = this.run(apdu);
      this.#bytes += response.length;
      return response;
    } catch (error) {
      this.powerOff();
      throw error;
    }
  }
}
