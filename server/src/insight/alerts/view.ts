import type { AlertNotice, AlertView } from '@bianmin/purchase/api/alerts';
import { PROVINCE } from '@bianmin/purchase/api/org';
import type { Alert } from './alert.ts';
import { BOOK, runbookOf } from './book.ts';
import { CHINESE } from './chinese.ts';
import { ENGLISH } from './english.ts';
import type { Notice } from './notice-store.ts';
import { isSilenced, type Silence } from './silence-store.ts';

/** An alert as staff see it. */
export function viewOf(alert: Alert, silences: readonly Silence[]): AlertView {
  const { _id, rule, subject, orgPath, severity, status, count, worst, seen, acknowledged, told } = alert;
  return {
    ...{ id: _id, rule, subject, org: orgPath.at(-1) ?? PROVINCE, severity, status, count, worst, seen },
    texts: { 'zh-CN': CHINESE[rule](alert), en: ENGLISH[rule](alert) },
    ...{ page: BOOK[rule].page, runbook: runbookOf(rule) },
    since: alert.since.toISOString(),
    openedAt: alert.openedAt.toISOString(),
    lastSeenAt: alert.lastSeenAt.toISOString(),
    acknowledged: acknowledged === null ? null : { ...acknowledged, at: acknowledged.at.toISOString() },
    resolvedAt: alert.resolvedAt?.toISOString() ?? null,
    silenced: status === 'open' && isSilenced(alert, silences),
    step: told.firstAt === null ? null : told.step,
  };
}

/** `nameOf`: a destination's; one that is gone has none. */
export function noticeView(
  { destination, kind, state, at, sentAt, tries, failure }: Notice,
  nameOf: (id: string) => string | undefined,
): AlertNotice {
  return {
    ...{ destination: nameOf(destination) ?? '—', kind, state, tries, failure },
    ...{ at: at.toISOString(), sentAt: sentAt?.toISOString() ?? null },
  };
}
