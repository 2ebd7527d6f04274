import type { Rollout } from '../../../fleet/releases/rollout-store.ts';
import type { Finding } from '../finding.ts';

/** Those that halted by themselves and are as they were left. What a person halted is no news. */
export function rolloutsHalted(
  rollouts: readonly Pick<Rollout, 'releaseId' | 'orgPath' | 'stage' | 'moves'>[],
): Finding[] {
  return rollouts.flatMap(({ releaseId, orgPath, stage, moves: [last] }) => {
    if (last?.by !== null || (last.cause !== 'errors' && last.cause !== 'faults')) return [];
    const facts = { cause: last.cause, step: stage + 1 };
    return [{ rule: 'rollout.halted', subject: releaseId, orgPath, since: last.at, count: 1, facts }];
  });
}
