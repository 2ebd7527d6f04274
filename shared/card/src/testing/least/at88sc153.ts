import type { Region } from '../../chip/region.ts';
import {
  BUS_CLOCK_HZ,
  PAGE_SIZE,
  PASSWORD_SIZE,
  WRITE_CYCLE_MS,
  ZONE_SIZE,
  ZONES,
} from '../../chip/at88sc153/constants.ts';
import { BYTE_CLOCKS, FRAME_CLOCKS, RESET_CLOCKS } from '../chips/at88/two-wire-chip.ts';
import type { CardUsage } from '../simulated-card.ts';
import type { MemoryCost, MemorySum } from './memory.ts';
import type { ChangedRun } from './model.ts';

/** Command and address. */
const HEAD_BYTES = 2;

/** Adds up an AT88SC153's transfers as they pass through pseudo-APDUs; polls for the end of a cycle are left out. */
class At88sc153Sum implements MemorySum {
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
    this.#apdu(5, length);
    this.#transfer(HEAD_BYTES + length);
  }

  /** Write 0 in two passes, then its counter. The first lowers bits of the counter, the second raises them. */
  codes(): void {
    this.#apdu(5 + PASSWORD_SIZE, 0);
    for (let pass = 0; pass < 2; pass++) this.#transfer(1 + PASSWORD_SIZE);
    this.#transfer(HEAD_BYTES + 1);
    this.#halves += 2;
    this.#cycles += 2;
  }

  /** Each page in a cycle of its own, whatever of it changes. */
  write({ offset, data }: ChangedRun): void {
    this.#apdu(5 + data.length, 0);
    for (let done = 0; done < data.length;) {
      const part = Math.min(data.length - done, PAGE_SIZE - ((offset + done) % PAGE_SIZE));
      this.#transfer(HEAD_BYTES + part);
      this.#halves += 2;
      this.#cycles += 1;
      done += part;
    }
  }

  total(): CardUsage {
    return {
      apdus: this.#apdus,
      bytes: this.#bytes,
      busMs: (this.#clocks * 1000) / BUS_CLOCK_HZ,
      eepromMs: (this.#halves * WRITE_CYCLE_MS) / 2,
      eepromCycles: this.#cycles,
    };
  }

  #transfer(bytes: number): void {
    this.#clocks += FRAME_CLOCKS + bytes * BYTE_CLOCKS;
  }

  #apdu(command: number, answer: number): void {
    this.#apdus += 1;
    this.#bytes += command + answer + 2;
  }
}

export const at88sc153Cost: MemoryCost = {
  sum: () => new At88sc153Sum(),
  readGap: Math.floor((FRAME_CLOCKS + HEAD_BYTES * BYTE_CLOCKS) / BYTE_CLOCKS),
  pageSize: PAGE_SIZE,
  whole: ZONES.slice(0, -1).map((zone) => ({ zone, offset: 0, length: ZONE_SIZE })),
};
