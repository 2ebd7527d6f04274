import type { OutcomeCounts, RolloutStage } from '@bianmin/purchase/api/rollout';

/** What a rollout is judged by. */
export interface Judged {
  readonly stages: readonly RolloutStage[];
  readonly stage: number;
  /** When the step began, wall clock ms. */
  readonly stageSince: number;
  readonly errorPermille: number;
  readonly leastBad: number;
  readonly faultFactor: number;
  readonly onErrors: 'pause' | 'stop';
  /** Those that fared badly before two persons let it go on: they were seen, and are not counted again. */
  readonly forgiven: number;
}

/** Faults of the release and of the versions before it, and how many terminals run either. */
export interface FaultRates {
  readonly now: { readonly terminals: number; readonly faults: number };
  readonly before: { readonly terminals: number; readonly faults: number };
}

export type Decision =
  | { readonly is: 'wait' }
  /** The step has succeeded; two persons decide about the next. */
  | { readonly is: 'ask' }
  | { readonly is: 'advance'; readonly stage: number }
  | { readonly is: 'done' }
  | { readonly is: 'pause' | 'stop'; readonly cause: 'errors' | 'faults' };

/** Fewer say nothing, whatever the rate. */
const LEAST_FAULTS = 10;

/** Those that took it and fared badly. */
export function badOf(counts: OutcomeCounts): number {
  return counts.failed + counts['fell-back'] + counts.missing;
}

/** What a rollout does next, from what is counted and nothing else. Errors come before success. `now`: wall clock ms. */
export function decide(
  of: Judged,
  counts: OutcomeCounts,
  init: { faults?: FaultRates; now: number },
): Decision {
  const all = badOf(counts);
  const bad = Math.max(0, all - of.forgiven);
  const took = counts.taken + counts.installed + all;
  if (bad >= of.leastBad && bad * 1000 >= of.errorPermille * took)
    return { is: of.onErrors, cause: 'errors' };
  if (init.faults !== undefined && faultsRose(of.faultFactor, init.faults)) {
    return { is: of.onErrors, cause: 'faults' };
  }
  const stage = of.stages[of.stage];
  if (stage === undefined || init.now < of.stageSince + stage.soakS * 1000) return { is: 'wait' };
  const offered = counts.offered + took;
  if (counts.installed === 0 || counts.installed * 1000 < stage.successPermille * offered)
    return { is: 'wait' };
  if (of.stage === of.stages.length - 1) return { is: 'done' };
  return stage.next === 'itself' ? { is: 'advance', stage: of.stage + 1 } : { is: 'ask' };
}

/** Whether a terminal with the release has so many times the faults of one with another version. */
function faultsRose(factor: number, { now, before }: FaultRates): boolean {
  if (factor === 0 || now.faults < LEAST_FAULTS || now.terminals === 0 || before.terminals === 0)
    return false;
  return now.faults * before.terminals >= factor * Math.max(1, before.faults) * now.terminals;
}
