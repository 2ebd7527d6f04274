import type { Region } from '../../chip/region.ts';
import { ACS_MAX_BODY as ACS_MAX } from '../../chip/dialect/acs.ts';
import {
  BUS_CLOCK_HZ,
  COMMAND_CLOCKS,
  HALF_CYCLE_MS,
  MAIN_SIZE,
  OUTGOING_END_CLOCKS,
  PSC_SIZE,
  RESET_CLOCKS,
} from '../../chip/sle4442/constants.ts';
import { SLE4442_CLOCKS } from '../chips/sle4442/chip.ts';
import type { CardUsage } from '../simulated-card.ts';
import type { MemoryCost, MemorySum } from './memory.ts';
import type { ChangedRun } from './model.ts';

/** Read security, burn, compare three bytes, erase, read security. */
const CODE_CLOCKS =
  2 * (COMMAND_CLOCKS + 32 + OUTGOING_END_CLOCKS) +
  2 * COMMAND_CLOCKS +
  PSC_SIZE * (COMMAND_CLOCKS + SLE4442_CLOCKS.compare);

/** Adds up an SLE4442's commands as they pass through pseudo-APDUs. */
class Sle4442Sum implements MemorySum {
  #apdus = 0;
  #bytes = 0;
  #clocks = 0;
  #halves = 0;
  #cycles = 0;

  open(): void {
    this.#clocks += 2 * RESET_CLOCKS;
    this.#apdu(6, 0);
  }

  read({ length }: Region): void {
    for (let rest = length; rest > 0; rest -= ACS_MAX) {
      const part = Math.min(rest, ACS_MAX);
      this.#apdu(5, part);
      this.#clocks += COMMAND_CLOCKS + part * 8 + OUTGOING_END_CLOCKS;
    }
  }

  codes(): void {
    this.#apdu(5 + PSC_SIZE, 0);
    this.#clocks += CODE_CLOCKS;
    this.#halves += 2;
    this.#cycles += 2;
  }

  write({ before, data }: ChangedRun): void {
    for (let at = 0; at < data.length; at += ACS_MAX) this.#apdu(5 + Math.min(ACS_MAX, data.length - at), 0);
    data.forEach((byte, i) => {
      const rises = (byte & ~(before[i] ?? 0)) !== 0;
      this.#halves += rises && byte !== 0xff ? 2 : 1;
    });
    this.#clocks += data.length * COMMAND_CLOCKS;
    this.#cycles += data.length;
  }

  total(): CardUsage {
    return {
      apdus: this.#apdus,
      bytes: this.#bytes,
      busMs: (this.#clocks * 1000) / BUS_CLOCK_HZ,
      eepromMs: this.#halves * HALF_CYCLE_MS,
      eepromCycles: this.#cycles,
    };
  }

  #apdu(command: number, answer: number): void {
    this.#apdus += 1;
    this.#bytes += command + answer + 2;
  }
}

export const sle4442Cost: MemoryCost = {
  sum: () => new Sle4442Sum(),
  readGap: Math.floor((COMMAND_CLOCKS + OUTGOING_END_CLOCKS) / 8),
  pageSize: 1,
  whole: [{ zone: 'main', offset: 0, length: MAIN_SIZE }],
};
