import { fromHex } from '../bytes/hex.ts';
import type { RegionData } from '../chip/region.ts';
import { diffRuns, type Target } from './diff.ts';
import type { WritePlan } from './plan.ts';

/** What a step or its `after` says that bytes are to be. */
export function dataOf(step: { zone: string; offset: number; data: string }): RegionData {
  return { zone: step.zone, offset: step.offset, data: fromHex(step.data) };
}

/** What the steps of a stage leave, in their order. */
export function writtenBy({ steps }: Pick<WritePlan, 'steps'>): RegionData[] {
  return steps.flatMap((step) => {
    const wanted = step.op === 'write' ? step : step.op === 'apdu' ? step.after : undefined;
    return wanted === undefined ? [] : [dataOf(wanted)];
  });
}

/** The runs of bytes that the steps of a stage would change; see `diffRuns`. */
export function changesOf(plan: Pick<WritePlan, 'steps'>, target: Target, pageSize = 1): RegionData[] {
  return writtenBy(plan).flatMap((wanted) => diffRuns(target.current(wanted), wanted, pageSize));
}

/** Bytes that a plan will write: those that differ; on a CPU card, which learns its bytes by stages, all that may change. */
export function bytesToWrite(plan: WritePlan, target: Target): number {
  if (plan.chip === 'CPU') return sizeOf(plan.ranges);
  return changesOf(plan, target).reduce((bytes, run) => bytes + run.data.length, 0);
}

export function sizeOf(ranges: WritePlan['ranges']): number {
  return ranges.reduce((bytes, range) => bytes + range.length, 0);
}

/** All bytes of a range, whatever they are to be. */
export function asRun({ zone, offset, length }: WritePlan['ranges'][number]): RegionData {
  return { zone, offset, data: new Uint8Array(length) };
}
