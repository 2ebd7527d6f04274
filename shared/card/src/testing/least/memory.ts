import type { Region } from '../../chip/region.ts';
import type { CardImage } from '../../meter-card/image.ts';
import type { CardUsage } from '../simulated-card.ts';
import { changedRuns, joined, type ChangedRun } from './model.ts';

/** Adds up what a memory chip's operations cost, by the chip's data sheet and never by its driver. */
export interface MemorySum {
  /** Power-up, and the second reset that selecting the card type brings. */
  open(): void;
  read(region: Region): void;
  /** The chip's own shortest correct sequence, once for each code that a write needs. */
  codes(): void;
  /** Whether these bytes can change, asked before a code is presented: only where any byte may be protected. */
  protection?(region: Region): void;
  /** `before` and `data` have the same length; no run crosses what one write takes unless the chip may split it. */
  write(run: ChangedRun): void;
  total(): CardUsage;
}

export interface MemoryCost {
  sum(): MemorySum;
  /** Most bytes between two runs that cost less to read along than another command does. */
  readonly readGap: number;
  /** Bytes that one EEPROM cycle changes; 1 on chips that work byte by byte. */
  readonly pageSize: number;
  /** Everything that a careless program reads and writes. */
  readonly whole: readonly Region[];
}

/** The formula of docs/figures.md: the image once, the codes once, the changed runs once, those runs read once. */
export function leastMemory(cost: MemoryCost, before: CardImage, after: CardImage): CardUsage {
  const runs = changedRuns(before, after, cost.pageSize);
  const sum = cost.sum();
  sum.open();
  for (const { zone, offset, data } of before.regions) sum.read({ zone, offset, length: data.length });
  const changed = joined(changedRuns(before, after), { gap: cost.readGap });
  for (const run of changed) sum.protection?.(run);
  if (runs.length > 0) sum.codes();
  for (const run of runs) sum.write(run);
  for (const run of changed) sum.read(run);
  return sum.total();
}

/** Read all, write all, read all. Bytes that stay are written over themselves: the chip cannot know better. */
export function naiveMemory(cost: MemoryCost, before: CardImage, after: CardImage): CardUsage {
  const runs = changedRuns(before, after);
  const sum = cost.sum();
  sum.open();
  for (const zone of cost.whole) sum.read(zone);
  sum.codes();
  for (const { zone, offset, length } of cost.whole) {
    const [old, next] = [new Uint8Array(length), new Uint8Array(length)];
    for (const run of runs) {
      if (run.zone !== zone) continue;
      old.set(run.before, run.offset - offset);
      next.set(run.data, run.offset - offset);
    }
    sum.write({ zone, offset, before: old, data: next });
  }
  for (const zone of cost.whole) sum.read(zone);
  return sum.total();
}
