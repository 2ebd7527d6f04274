import { ofProvince, type Finding, type Moment } from '../finding.ts';
import { msOf } from '../limits.ts';

/** What stores say of themselves; what one does not say is not judged. */
export interface StoreFacts {
  /** Percent of a disk, or of the memory that a Redis may use which throws nothing away. */
  readonly full: readonly { readonly what: 'disk' | 'redis' | 'redis-queue'; readonly percent: number }[];
  /** Members of the replica set beside its primary: how far behind it, ms; null: it cannot be reached. */
  readonly members: readonly { readonly name: string; readonly behindMs: number | null }[];
  /** How far back the log of changes reaches, ms, once it is full: who is away for longer has to begin anew. */
  readonly logMs: number | undefined;
}

/** Percent: above it there are minutes left rather than days. */
const NEARLY_FULL = 95;
const HOUR_MS = 3_600_000;

/** Stores that answer, and will not for long. Each of what they run short of is one trouble. */
export function storesStrained({ full, members, logMs }: StoreFacts, at: Moment): Finding[] {
  const found = (subject: string, facts: Finding['facts'] = {}, level = 1): Finding =>
    ofProvince({ rule: 'store.strained', subject, since: at.now, count: 1, level, facts });
  const away = members.filter(({ behindMs }) => behindMs === null);
  const behindMs = Math.max(0, ...members.map((member) => member.behindMs ?? 0));
  return [
    ...full
      .filter(({ percent }) => percent >= at.limits['store-full-percent'])
      .map(({ what, percent }) =>
        found(what, { percent: Math.floor(percent) }, percent >= NEARLY_FULL ? 3 : 1),
      ),
    ...(away.length === 0 ? [] : [found('member', { names: away.map(({ name }) => name).join(' ') })]),
    ...(behindMs < msOf(at.limits, 'store-lag-minutes')
      ? []
      : [found('lag', { minutes: Math.floor(behindMs / 60_000) })]),
    ...(logMs === undefined || logMs >= msOf(at.limits, 'store-log-hours')
      ? []
      : [found('log', { hours: Math.floor(logMs / HOUR_MS) })]),
  ];
}
