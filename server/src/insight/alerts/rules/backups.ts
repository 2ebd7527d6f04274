import { isOlder, ofProvince, type Finding, type Moment } from '../finding.ts';
import { msOf } from '../limits.ts';

/** When what happened to backups; undefined: never, as far as is known. */
export interface BackupFact {
  readonly expectedSince: Date;
  readonly saved: Date | undefined;
  readonly drilled: Date | undefined;
}

const HOUR_MS = 3_600_000;

/** Backups that are not made, and backups that nobody has read since. Before the first one it counts from when they are expected. */
export function backupsLate({ expectedSince, saved, drilled }: BackupFact, at: Moment): Finding[] {
  return [
    ...late('backup.old', saved ?? expectedSince, { at, ms: msOf(at.limits, 'backup-old-hours') }),
    ...late('backup.undrilled', drilled ?? expectedSince, { at, ms: msOf(at.limits, 'drill-old-days') }),
  ];
}

function late(
  rule: 'backup.old' | 'backup.undrilled',
  since: Date,
  { at, ms }: { readonly at: Moment; readonly ms: number },
): Finding[] {
  if (!isOlder(since, ms, at)) return [];
  const hours = Math.floor((at.now.getTime() - since.getTime()) / HOUR_MS);
  return [ofProvince({ rule, subject: 'backups', since, count: 1, facts: { hours } })];
}
