import { D1 } from '../chip/cpu/dialects.ts';
import type { RegionData } from '../chip/region.ts';
import {
  BUS_CLOCK_HZ,
  COMMAND_CLOCKS,
  HALF_CYCLE_MS,
  MAIN_SIZE,
  OUTGOING_END_CLOCKS,
  PSC_SIZE,
  RESET_CLOCKS,
} from '../chip/sle4442/constants.ts';
import { diffRuns } from '../meter-card/diff.ts';
import { bytesOf, type CardImage } from '../meter-card/image.ts';
import {
  BITS_PER_CHARACTER,
  CPU_BAUD,
  CPU_HALF_CYCLE_MS,
  CPU_PAGE_SIZE,
  cpuAtr,
  OVERHEAD,
} from './sim-cpu-card.ts';
import type { CardUsage } from './simulated-card.ts';
import { SLE4442_CLOCKS } from './sim-sle4442-chip.ts';

/**
 * The theoretical least of a purchase, and what a careless program would spend, by formula from the image before
 * and the image after; neither calls a driver. The least: every byte that the grid must see once, the shortest
 * correct presentation or authentication once, the changed runs in as few commands as pay off, those runs read
 * once afterwards. Readers' own overhead is left out of both sides.
 */
export function leastFor(before: CardImage, after: CardImage): CardUsage {
  const runs = changedRuns(before, after);
  switch (before.chip) {
    case 'SLE4442':
      return leastSle4442(before, runs);
    case 'CPU':
      return leastCpu(before, runs);
    default:
      throw new RangeError(`no formula for ${before.chip}`);
  }
}

/** Read all, write all, read all: the whole chip, whatever changes. */
export function naiveFor(before: CardImage, after: CardImage): CardUsage {
  const runs = changedRuns(before, after);
  switch (before.chip) {
    case 'SLE4442':
      return naiveSle4442(runs);
    case 'CPU':
      return naiveCpu();
    default:
      throw new RangeError(`no formula for ${before.chip}`);
  }
}

/** Time that a resident waits for, ms. */
export function totalMs(usage: CardUsage): number {
  return usage.busMs + usage.eepromMs;
}

interface ChangedRun extends RegionData {
  readonly before: Uint8Array;
}

function changedRuns(before: CardImage, after: CardImage): ChangedRun[] {
  return after.regions.flatMap((region) => {
    const length = region.data.length;
    const old = bytesOf(before, { zone: region.zone, offset: region.offset, length });
    if (old === undefined) throw new RangeError('both images must hold the same regions');
    return diffRuns(old, region).map((run) => {
      const start = run.offset - region.offset;
      return { ...run, before: old.slice(start, start + run.data.length) };
    });
  });
}

interface JoinRule {
  /** Most bytes between two runs that still cost less than another command. */
  readonly gap: number;
  /** Bytes more that may lie between runs of one EEPROM page, which is then written once and not twice. */
  readonly gapInPage?: number;
}

/** Runs after joining those that are cheaper as one. */
function joined(
  runs: readonly RegionData[],
  rule: JoinRule,
): { zone: string; offset: number; length: number }[] {
  const all: { zone: string; offset: number; length: number }[] = [];
  for (const { zone, offset, data } of runs) {
    const last = all.at(-1);
    const end = last === undefined ? 0 : last.offset + last.length;
    const samePage = Math.floor((end - 1) / CPU_PAGE_SIZE) === Math.floor(offset / CPU_PAGE_SIZE);
    const limit = rule.gap + (samePage ? (rule.gapInPage ?? 0) : 0);
    if (last?.zone === zone && offset - end <= limit) {
      last.length = offset + data.length - last.offset;
    } else {
      all.push({ zone, offset, length: data.length });
    }
  }
  return all;
}

const ACS_MAX = 0xff;
/** Read security, burn, compare three bytes, erase, read security. */
const CODE_CLOCKS =
  2 * (COMMAND_CLOCKS + 32 + OUTGOING_END_CLOCKS) +
  2 * COMMAND_CLOCKS +
  PSC_SIZE * (COMMAND_CLOCKS + SLE4442_CLOCKS.compare);

/** Adds up an SLE4442's commands as they pass through pseudo-APDUs. */
class Sle4442Sum {
  #apdus = 0;
  #bytes = 0;
  #clocks = 0;
  #halves = 0;
  #cycles = 0;

  /** Power-up, and the second reset that selecting the card type brings. */
  open(): void {
    this.#clocks += 2 * RESET_CLOCKS;
    this.#apdu(6, 0);
  }

  read(length: number): void {
    for (let rest = length; rest > 0; rest -= ACS_MAX) {
      const part = Math.min(rest, ACS_MAX);
      this.#apdu(5, part);
      this.#clocks += COMMAND_CLOCKS + part * 8 + OUTGOING_END_CLOCKS;
    }
  }

  code(): void {
    this.#apdu(5 + PSC_SIZE, 0);
    this.#clocks += CODE_CLOCKS;
    this.#halves += 2;
    this.#cycles += 2;
  }

  write(before: Uint8Array, data: Uint8Array): void {
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

function leastSle4442(before: CardImage, runs: readonly ChangedRun[]): CardUsage {
  const sum = new Sle4442Sum();
  sum.open();
  for (const region of before.regions) sum.read(region.data.length);
  if (runs.length > 0) sum.code();
  for (const run of runs) sum.write(run.before, run.data);
  const gap = Math.floor((COMMAND_CLOCKS + OUTGOING_END_CLOCKS) / 8);
  for (const run of joined(runs, { gap })) sum.read(run.length);
  return sum.total();
}

function naiveSle4442(runs: readonly ChangedRun[]): CardUsage {
  const sum = new Sle4442Sum();
  sum.open();
  sum.read(MAIN_SIZE);
  sum.code();
  // Bytes that stay are written over themselves: one half each, the chip cannot know better.
  const changed = runs.reduce((bytes, run) => bytes + run.data.length, 0);
  sum.write(new Uint8Array(MAIN_SIZE - changed), new Uint8Array(MAIN_SIZE - changed));
  for (const run of runs) sum.write(run.before, run.data);
  sum.read(MAIN_SIZE);
  return sum.total();
}

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

function leastCpu(before: CardImage, runs: readonly ChangedRun[]): CardUsage {
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
  const update = { gap: 5 + D1.mac.length + 2 + OVERHEAD.T0, gapInPage: PAGE_IN_CHARACTERS };
  for (const run of joined(runs, update)) sum.update(run.offset, run.length);
  for (const run of joined(runs, { gap: 5 + 2 + OVERHEAD.T0 })) sum.read(run.length);
  return sum.total();
}

function naiveCpu(): CardUsage {
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
