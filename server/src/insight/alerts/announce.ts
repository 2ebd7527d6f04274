import type { AlertNoticeKind } from '@bianmin/purchase/api/alerts';
import type { Alert, Told } from './alert.ts';
import type { Destination } from './destination-store.ts';
import { msOf, type Limits } from './limits.ts';

/** The last one there is: its destinations are told as well. */
const LAST_STEP = 3;

export interface Announcement {
  readonly kind: AlertNoticeKind;
  readonly to: readonly Destination[];
  readonly told: Told;
}

/**
 * What is to be said of an open alert now, and to whom; undefined: nothing. Those of step 0 hear at once, each further step
 * after so much time in which it was not acknowledged, all of them again now and then. The user who acknowledged it
 * answers for it: then only its growing worse is told. Pure.
 */
export function announcementOf(
  alert: Alert,
  of: { now: Date; limits: Limits; destinations: readonly Destination[]; silenced: boolean },
): Announcement | undefined {
  const { now, limits, silenced } = of;
  const { told, acknowledged, level } = alert;
  if (silenced) return undefined;
  const mine = of.destinations.filter((each) => hears(each, alert));
  const upTo = (step: number): Destination[] => mine.filter((each) => each.step <= step);
  // A step without destinations puts no reminder off.
  const heardAt = (to: readonly Destination[]): Date => (to.length === 0 ? (told.lastAt ?? now) : now);
  const said = (kind: AlertNoticeKind, to: readonly Destination[], step: number): Announcement => ({
    ...{ kind, to },
    told: { firstAt: told.firstAt ?? now, lastAt: heardAt(to), step, level, times: told.times + 1 },
  });
  // A destination that is made later hears of what is open then.
  if (mine.length === 0) return undefined;
  if (told.firstAt === null || told.lastAt === null) {
    return acknowledged === null ? said('opened', upTo(0), 0) : undefined;
  }
  if (level > told.level) return said('worse', upTo(told.step), told.step);
  if (acknowledged !== null) return undefined;
  const waited = now.getTime() - told.firstAt.getTime();
  const step = Math.min(LAST_STEP, Math.floor(waited / msOf(limits, 'escalate-minutes')));
  if (step > told.step) {
    return said(
      'escalated',
      mine.filter((each) => each.step > told.step && each.step <= step),
      step,
    );
  }
  const again = now.getTime() - told.lastAt.getTime() >= msOf(limits, 'remind-minutes');
  return again ? said('reminder', upTo(told.step), told.step) : undefined;
}

/** Whether it is told of such alerts at all. A trouble with reaching it is told to others. */
function hears({ _id, enabled, orgPath, severity }: Destination, alert: Alert): boolean {
  return (
    enabled &&
    alert.orgPath.includes(orgPath.at(-1) ?? '') &&
    (severity === 'warning' || alert.severity === 'critical') &&
    !(alert.rule === 'alert.delivery' && alert.subject === _id)
  );
}
