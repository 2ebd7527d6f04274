import { D1 } from '../../chip/cpu/dialects.ts';
import type { CardImage } from '../../meter-card/image.ts';
import { CPU_HALF_CYCLE_MS, CPU_PAGE_SIZE } from '../chips/cpu/card.ts';
import { BITS_PER_CHARACTER, CPU_BAUD, cpuAtr, OVERHEAD } from '../chips/cpu/line.ts';
import type { CardUsage } from '../simulated-card.ts';
import { changedRuns, joined } from './model.ts';

/** The time of one page cycle, in characters on the line. */
const PAGE_IN_CHARACTERS = Math.floor((2 * CPU_HALF_CYCLE_MS * CPU_BAUD) / (1000 * BITS_PER_CHARACTER));

/** Adds up a T=0 card's commands. */
class CpuSum {
  #apdus = 0;
  #bytes = 0;
  #characters = cpuAtr('T0').length;
  #pages = 0;
  #authentications = 0;

  /** One exchange: bytes to the card, bytes back with their status word. */
  exchange(command: number, answer: number): void {
    this.#apdus += 1;
    this.#bytes += command + answer;
    this.#characters += command + answer + OVERHEAD.T0;
  }

  read(length: number): void {
    for (let rest = length; rest > 0; rest -= D1.maxRead) this.exchange(5, Math.min(rest, D1.maxRead) + 2);
  }

  select(): void {
    this.exchange(7, 2);
  }

  /** Internal authentication with its GET RESPONSE, external authentication, and the challenge for the MACs. */
  authenticate(): void {
    this.exchange(13, 2);
    this.exchange(5, 10);
    this.exchange(5, 10);
    this.exchange(13, 2);
    this.exchange(5, 6);
    this.#authentications += 1;
  }

  update(offset: number, length: number): void {
    for (let done = 0; done < length; done += D1.maxUpdate) {
      const part = Math.min(D1.maxUpdate, length - done);
      this.exchange(5 + part + D1.mac.length, 2);
      const first = Math.floor((offset + done) / CPU_PAGE_SIZE);
      this.#pages += Math.floor((offset + done + part - 1) / CPU_PAGE_SIZE) - first + 1;
    }
  }

  total(): CardUsage {
    const halves = 2 * this.#pages + 2 * this.#authentications;
    return {
      apdus: this.#apdus,
      bytes: this.#bytes,
      busMs: (this.#characters * BITS_PER_CHARACTER * 1000) / CPU_BAUD,
      eepromMs: halves * CPU_HALF_CYCLE_MS,
      eepromCycles: this.#pages + 2 * this.#authentications,
    };
  }
}

/** See docs/figures.md. The shortest authentication is dialect D1's. */
export function leastCpu(before: CardImage, after: CardImage): CardUsage {
  const runs = changedRuns(before, after);
  const sum = new CpuSum();
  let selected = 'mf';
  for (const region of before.regions) {
    const directory = region.zone.split(':')[0] ?? '';
    if (directory !== selected) sum.select();
    selected = directory;
    sum.read(region.data.length);
  }
  if (runs.length === 0) return sum.total();
  sum.authenticate();
  // A further update costs header, MAC and status; a further read header and status.
  const update = {
    gap: 5 + D1.mac.length + 2 + OVERHEAD.T0,
    gapInPage: PAGE_IN_CHARACTERS,
    pageSize: CPU_PAGE_SIZE,
  };
  for (const run of joined(runs, update)) sum.update(run.offset, run.length);
  for (const run of joined(runs, { gap: 5 + 2 + OVERHEAD.T0 })) sum.read(run.length);
  return sum.total();
}

/** Read all, write all, read all: every file of the dialect. */
export function naiveCpu(): CardUsage {
  const sum = new CpuSum();
  const readAll = (): void => {
    sum.select();
    sum.select();
    for (const file of D1.files) sum.read(file.length);
  };
  readAll();
  sum.authenticate();
  for (const file of D1.files) if (file.update === 'mac') sum.update(0, file.length);
  readAll();
  return sum.total();
}
