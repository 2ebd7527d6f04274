import { countBits } from '../../bytes/bits.ts';
import type { Region } from '../../chip/region.ts';
import { BUS_CLOCK_HZ, PULSE_MS, RESET_CLOCKS, SHOWN_BYTES } from '../../chip/bit-serial/constants.ts';
import { AT88SC1602 } from '../../chip/bit-serial/tables/at88sc1602.ts';
import { ownZone } from '../../chip/bit-serial/zone-table.ts';
import { ACS_MAX_BODY as ACS_MAX } from '../../chip/dialect/acs.ts';
import type { CardUsage } from '../simulated-card.ts';
import type { MemoryCost, MemorySum } from './memory.ts';
import type { ChangedRun } from './model.ts';

const BITS = 8;
const offsetOf = (zone: string): number => ownZone(AT88SC1602, zone).offset;
/** Codes of a write, each with its counter: SC and the erase key of AZ1. */
const CODES = [
  { code: 'sc', counter: 'scac' },
  { code: 'ez1', counter: 'e1ac' },
] as const;
const CODE_LENGTH = 2;

/** Adds up an AT88SC1602's clocks and pulses: each command clocks from bit 0 up to its own address. */
class At88sc1602Sum implements MemorySum {
  #apdus = 0;
  #bytes = 0;
  #clocks = 0;
  #pulses = 0;
  #cycles = 0;

  open(): void {
    this.#clocks += 2 * RESET_CLOCKS + SHOWN_BYTES * BITS;
    this.#apdu(6, 0);
  }

  read({ zone, offset, length }: Region): void {
    for (let done = 0; done < length; done += ACS_MAX) {
      this.#reading(offsetOf(zone) + offset + done, Math.min(length - done, ACS_MAX));
    }
  }

  /** Read the counter, present the code with a write and an erase pulse, read the counter: for each code. */
  codes(): void {
    for (const { code, counter } of CODES) {
      this.#reading(offsetOf(counter), 1);
      this.#apdu(5 + CODE_LENGTH, 0);
      this.#to(offsetOf(code) + CODE_LENGTH);
      this.#pulses += 2;
      this.#cycles += 2;
      this.#reading(offsetOf(counter), 1);
    }
  }

  /** One erase pulse for a byte with rising bits and one write pulse a falling bit: at best two commands. */
  write({ zone, offset, before, data }: ChangedRun): void {
    const first = offsetOf(zone) + offset;
    let [erased, lowered] = [0, 0];
    data.forEach((byte, i) => {
      const old = before[i] ?? 0;
      const rises = (byte & ~old) !== 0 || byte === old;
      // What stays is written over itself by careless programs: counted as its erasure alone, which favours them.
      const falls = byte === old ? 0 : countBits(0xff & (rises ? 0xff : old) & ~byte);
      erased += rises ? 1 : 0;
      lowered += falls;
    });
    for (const pulses of [erased, lowered]) {
      if (pulses === 0) continue;
      this.#apdu(5, 0);
      this.#to(first);
    }
    this.#pulses += erased + lowered;
    this.#cycles += data.length;
  }

  total(): CardUsage {
    return {
      apdus: this.#apdus,
      bytes: this.#bytes,
      busMs: (this.#clocks * 1000) / BUS_CLOCK_HZ,
      eepromMs: this.#pulses * PULSE_MS,
      eepromCycles: this.#cycles,
    };
  }

  #reading(address: number, length: number): void {
    this.#apdu(5, length);
    this.#to(address + length);
  }

  /** From the reset to a byte. */
  #to(address: number): void {
    this.#clocks += RESET_CLOCKS + address * BITS;
  }

  #apdu(command: number, answer: number): void {
    this.#apdus += 1;
    this.#bytes += command + answer + 2;
  }
}

export const at88sc1602Cost: MemoryCost = {
  sum: () => new At88sc1602Sum(),
  // Another command clocks through everything in between anyway.
  readGap: Number.POSITIVE_INFINITY,
  pageSize: 1,
  whole: [{ zone: 'az1', offset: 0, length: ownZone(AT88SC1602, 'az1').length }],
};
