import type { OutcomeCounts, RolloutView } from '@bianmin/purchase/api/rollout';
import type { Rollout } from './rollout-store.ts';

/** A rollout as staff see it. */
export function rolloutView(rollout: Rollout, counts: OutcomeCounts): RolloutView {
  const { _id, kind, release, releaseId, org, onErrors, state, stage, stageSince, ready, by, at } = rollout;
  const { errorPermille, leastBad, faultFactor } = rollout;
  return {
    ...{ id: _id, kind, version: release, release: releaseId, org, terminals: [...rollout.terminals] },
    ...{ stages: [...rollout.stages], errorPermille, leastBad, faultFactor, onErrors },
    ...{
      state,
      stage,
      stageSince: stageSince?.toISOString() ?? null,
      counts,
      ready,
      by,
      at: at.toISOString(),
    },
    moves: rollout.moves.map((move) => ({
      ...{ at: move.at.toISOString(), state: move.state, stage: move.stage, cause: move.cause },
      ...{ by: move.by, reason: move.reason, counts: move.counts ?? null },
    })),
  };
}
