import { ACS_MAX_BODY as ACS_MAX } from '../../chip/dialect/acs.ts';
import {
  BUS_CLOCK_HZ,
  PAGE_SIZE,
  PASSWORD_SIZE,
  USER_ZONE_SIZE,
  USER_ZONES,
  WRITE_CYCLE_MS,
} from '../../chip/at88sc1608/constants.ts';
import type { Region } from '../../chip/region.ts';
import { BYTE_CLOCKS, FRAME_CLOCKS, RESET_CLOCKS } from '../chips/at88/two-wire-chip.ts';
import type { CardUsage } from '../simulated-card.ts';
import type { MemoryCost, MemorySum } from './memory.ts';
import type { ChangedRun } from './model.ts';

/** START, command and address, STOP; data bytes come on top. */
const TRANSFER_CLOCKS = FRAME_CLOCKS + 2 * BYTE_CLOCKS;
/** The password, and one byte of its counter to learn whether it was right. */
const CODE_CLOCKS = TRANSFER_CLOCKS + PASSWORD_SIZE * BYTE_CLOCKS + TRANSFER_CLOCKS + BYTE_CLOCKS;

/** Adds up an AT88SC1608's commands as they pass through pseudo-APDUs. A page is one write cycle, whatever it holds. */
class At88Sc1608Sum implements MemorySum {
  #apdus = 0;
  #bytes = 0;
  #clocks = 0;
  #ms = 0;
  #cycles = 0;
  #zone: string | undefined;

  open(): void {
    this.#clocks += 2 * RESET_CLOCKS;
    this.#apdu(6, 0);
  }

  read({ zone, length }: Region): void {
    this.#select(zone);
    for (let rest = length; rest > 0; rest -= ACS_MAX) {
      const part = Math.min(rest, ACS_MAX);
      this.#apdu(5, part);
      this.#clocks += TRANSFER_CLOCKS + part * BYTE_CLOCKS;
    }
  }

  /** The counter's bit falls and rises again, in one cycle. */
  codes(): void {
    this.#apdu(5 + 1 + PASSWORD_SIZE, 0);
    this.#clocks += CODE_CLOCKS;
    this.#ms += WRITE_CYCLE_MS;
    this.#cycles += 1;
  }

  write({ zone, offset, data }: ChangedRun): void {
    this.#select(zone);
    for (let at = 0; at < data.length; at += ACS_MAX) this.#apdu(5 + Math.min(ACS_MAX, data.length - at), 0);
    const pages = Math.floor((offset + data.length - 1) / PAGE_SIZE) - Math.floor(offset / PAGE_SIZE) + 1;
    this.#clocks += pages * TRANSFER_CLOCKS + data.length * BYTE_CLOCKS;
    this.#ms += pages * WRITE_CYCLE_MS;
    this.#cycles += pages;
  }

  total(): CardUsage {
    return {
      apdus: this.#apdus,
      bytes: this.#bytes,
      busMs: (this.#clocks * 1000) / BUS_CLOCK_HZ,
      eepromMs: this.#ms,
      eepromCycles: this.#cycles,
    };
  }

  #select(zone: string): void {
    if (zone !== this.#zone) this.#clocks += TRANSFER_CLOCKS;
    this.#zone = zone;
  }

  #apdu(command: number, answer: number): void {
    this.#apdus += 1;
    this.#bytes += command + answer + 2;
  }
}

export const at88sc1608Cost: MemoryCost = {
  sum: () => new At88Sc1608Sum(),
  readGap: Math.floor(TRANSFER_CLOCKS / BYTE_CLOCKS),
  pageSize: PAGE_SIZE,
  whole: Array.from({ length: USER_ZONES }, (_, i) => ({
    zone: `user${i}`,
    offset: 0,
    length: USER_ZONE_SIZE,
  })),
};
