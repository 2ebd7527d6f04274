import type { Region, RegionData } from '../../chip/region.ts';
import { diffRuns } from '../../meter-card/diff.ts';
import { bytesOf, type CardImage } from '../../meter-card/image.ts';
import type { CardUsage } from '../simulated-card.ts';

/** A run that a purchase changes, with what it held. */
export interface ChangedRun extends RegionData {
  readonly before: Uint8Array;
}

/** Every run in which two images of one card differ, ascending in each region. */
export function changedRuns(before: CardImage, after: CardImage, pageSize = 1): ChangedRun[] {
  return after.regions.flatMap((region) => {
    const length = region.data.length;
    const old = bytesOf(before, { zone: region.zone, offset: region.offset, length });
    if (old === undefined) throw new RangeError('both images must hold the same regions');
    return diffRuns(old, region, pageSize).map((run) => {
      const start = run.offset - region.offset;
      return { ...run, before: old.slice(start, start + run.data.length) };
    });
  });
}

export interface JoinRule {
  /** Most bytes between two runs that still cost less than another command. */
  readonly gap: number;
  /** Bytes more that may lie between runs of one EEPROM page, which is then written once and not twice. */
  readonly gapInPage?: number;
  /** Bytes of a page; no matter when `gapInPage` is absent. */
  readonly pageSize?: number;
}

/** Runs after joining those that are cheaper as one. */
export function joined(runs: readonly RegionData[], rule: JoinRule): Region[] {
  const all: { zone: string; offset: number; length: number }[] = [];
  const { gap, gapInPage = 0, pageSize = 1 } = rule;
  for (const { zone, offset, data } of runs) {
    const last = all.at(-1);
    const end = last === undefined ? 0 : last.offset + last.length;
    const samePage = Math.floor((end - 1) / pageSize) === Math.floor(offset / pageSize);
    if (last?.zone === zone && offset - end <= gap + (samePage ? gapInPage : 0)) {
      last.length = offset + data.length - last.offset;
    } else {
      all.push({ zone, offset, length: data.length });
    }
  }
  return all;
}

/** Time that a resident waits for, ms. */
export function totalMs(usage: CardUsage): number {
  return usage.busMs + usage.eepromMs;
}
