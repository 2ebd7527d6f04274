import type { AlertRule } from '@bianmin/purchase/api/alert-rules';
import { isOlder, ofProvince, type Finding, type Moment } from '../finding.ts';
import type { LimitName } from '@bianmin/purchase/api/alert-limits';
import { msOf } from '../limits.ts';

/** What a process sees that is wrong, which no query shows: a channel that does not answer it, its folder of releases, Redis. */
export interface ProcessFault {
  readonly rule: 'channel.down' | 'release.faulty' | 'store.redis';
  readonly subject: string;
  readonly since: Date;
  /** A stable code; empty where there is none. */
  readonly code: string;
}

/** What a process said of itself, and when. */
export interface ProcessNote {
  /** One run of one process. */
  readonly _id: string;
  readonly kind: 'web' | 'worker';
  readonly at: Date;
  readonly faults: readonly ProcessFault[];
}

const AFTER: Readonly<Record<ProcessFault['rule'], LimitName>> = {
  'channel.down': 'channel-down-minutes',
  'release.faulty': 'release-faulty-minutes',
  'store.redis': 'store-away-minutes',
};

/**
 * Of notes that are fresh: what any process has been missing for long enough. Of all: kinds of which none is there any more, once
 * this one has been `watchingSince` for as long: after a start of everything the others are still to come.
 */
export function processFaults(notes: readonly ProcessNote[], watchingSince: Date, at: Moment): Finding[] {
  const fresh = notes.filter((note) => !isOlder(note.at, msOf(at.limits, 'process-silent-minutes'), at));
  const found = new Map<string, Finding>();
  for (const { rule, subject, since, code } of fresh.flatMap(({ faults }) => faults)) {
    if (!isOlder(since, msOf(at.limits, AFTER[rule]), at)) continue;
    const known = found.get(`${rule} ${subject}`);
    found.set(`${rule} ${subject}`, {
      ...ofProvince({ rule, subject, since, count: (known?.count ?? 0) + 1, facts: { code } }),
      since: known !== undefined && known.since < since ? known.since : since,
    });
  }
  const settled = isOlder(watchingSince, msOf(at.limits, 'process-silent-minutes'), at);
  return [...found.values(), ...(settled ? silentKinds(notes, at) : [])];
}

function silentKinds(notes: readonly ProcessNote[], at: Moment): Finding[] {
  const rule: AlertRule = 'process.silent';
  return (['web', 'worker'] as const).flatMap((subject) => {
    const last = notes
      .filter(({ kind }) => kind === subject)
      .map((note) => note.at)
      .toSorted((a, b) => b.getTime() - a.getTime())[0];
    if (last === undefined || !isOlder(last, msOf(at.limits, 'process-silent-minutes'), at)) return [];
    return [ofProvince({ rule, subject, since: last, count: 1 })];
  });
}
