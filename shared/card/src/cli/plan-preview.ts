import { fromHex, toHex } from '../bytes/hex.ts';
import { diffRuns, Target } from '../meter-card/diff.ts';
import { MeterCardError } from '../meter-card/error.ts';
import type { CardImage } from '../meter-card/image.ts';
import { PlanCheck } from '../meter-card/permitted.ts';
import type { WritePlan } from '../meter-card/plan.ts';
import type { ChangedRun } from './dump-diff.ts';

/** What a plan would change on a card, zone by zone in the order of its steps. */
export interface Preview {
  readonly changes: readonly { readonly zone: string; readonly runs: readonly ChangedRun[] }[];
  /** Codes that would be presented: how many, never which. */
  readonly codes: number;
  /** Whether later stages come from the grid, so that not everything is known. */
  readonly continues: boolean;
}

/** Fails as the write would, before anything is done: another card, or a plan that asks for what it may not. */
export function previewOf(plan: WritePlan, image: CardImage): Preview {
  if (plan.chip !== image.chip || plan.serial !== toHex(image.serial)) {
    throw new MeterCardError({
      code: 'meter-card.other-card',
      message: 'This is not the card that the plan is for. Nothing was written.',
    });
  }
  new PlanCheck(plan, image).stage(plan);
  const target = new Target(image);
  const changes = plan.steps.flatMap((step) => {
    const wanted = step.op === 'write' ? step : step.op === 'apdu' ? step.after : undefined;
    if (wanted === undefined) return [];
    const region = { zone: wanted.zone, offset: wanted.offset, data: fromHex(wanted.data) };
    const before = target.current(region).slice();
    const runs = diffRuns(before, region).map(({ offset, data }) => {
      const start = offset - region.offset;
      return { offset, a: toHex(before.subarray(start, start + data.length)), b: toHex(data) };
    });
    target.set(region);
    return runs.length === 0 ? [] : [{ zone: region.zone, runs }];
  });
  const codes = plan.steps.filter(({ op }) => op === 'present-code').length;
  return { changes, codes: changes.length === 0 ? 0 : codes, continues: plan.authorise !== undefined };
}
