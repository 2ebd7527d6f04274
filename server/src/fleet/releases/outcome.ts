import type { ReleaseAsk } from '@bianmin/purchase/api/release-offer';
import type { Outcome } from '@bianmin/purchase/api/rollout';
import type { RolloutEntry } from './journal-store.ts';

/** An installation is over by then, ms: a terminal that then still runs the old release has not installed it. */
export const INSTALLED_WITHIN_MS = 15 * 60_000;
/** Of one that came back as it went, and did not give the release up itself. */
const NOT_INSTALLED = 'update.not-installed';

export interface NextOutcome {
  readonly outcome: Outcome;
  readonly code?: string | undefined;
}

/** What a terminal's words mean for a release that it was offered; undefined: nothing new. `now`: wall clock ms. */
export function outcomeOf(entry: RolloutEntry, said: ReleaseAsk, now: number): NextOutcome | undefined {
  const next = heard(entry, said, now);
  return next === undefined || next.outcome === entry.outcome ? undefined : next;
}

function heard(
  { kind, release, from, outcome, at }: RolloutEntry,
  { version, refused, step }: ReleaseAsk,
  now: number,
): NextOutcome | undefined {
  if (version === release) return { outcome: 'installed' };
  if (refused.includes(release)) return { outcome: 'fell-back' };
  if (step?.version === release) {
    // That it is about to install it is written down where it still may: `offers.ts`.
    return step.is === 'failed' ? { outcome: 'failed', code: step.code } : undefined;
  }
  // At a box the system asks the family, which says yes some day.
  if (kind === 'box') return undefined;
  const wasInstalling = outcome === 'taken' || outcome === 'missing';
  if (wasInstalling && version === from && now >= at.getTime() + INSTALLED_WITHIN_MS) {
    return { outcome: 'failed', code: NOT_INSTALLED };
  }
  return undefined;
}
