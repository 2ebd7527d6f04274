import type { Cohort } from '@bianmin/purchase/api/heartbeat';
import type { VersionCounts } from '@bianmin/purchase/api/rollout';

/** How many terminals run which version where, whatever their readers; the most first. */
export function versionCountsOf(cohorts: readonly Cohort[]): VersionCounts['counts'] {
  const sums = new Map<string, VersionCounts['counts'][number]>();
  for (const { kind, platform, version, org, terminals } of cohorts) {
    const key = JSON.stringify([kind, platform, version, org]);
    sums.set(key, { kind, platform, version, org, terminals: terminals + (sums.get(key)?.terminals ?? 0) });
  }
  return [...sums.values()].sort((a, b) => b.terminals - a.terminals);
}
