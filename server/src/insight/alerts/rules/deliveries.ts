import { isOlder, type Finding, type Moment } from '../finding.ts';
import { msOf } from '../limits.ts';

/** A destination that does not take what it is sent. */
export interface DeliveryFact {
  readonly id: string;
  readonly name: string;
  readonly orgPath: readonly string[];
  readonly since: Date;
  readonly code: string;
  readonly waiting: number;
}

/** Destinations that have taken nothing for too long. */
export function deliveriesLate(failing: readonly DeliveryFact[], at: Moment): Finding[] {
  return failing
    .filter(({ since }) => isOlder(since, msOf(at.limits, 'delivery-late-minutes'), at))
    .map(({ id, name, orgPath, since, code, waiting }) => ({
      ...{ rule: 'alert.delivery', subject: id, orgPath, since, count: Math.max(1, waiting) },
      facts: { name, code },
    }));
}
