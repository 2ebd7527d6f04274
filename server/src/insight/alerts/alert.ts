import { createHash } from 'node:crypto';
import type { AlertRule, AlertSeverity } from '@bianmin/purchase/api/alert-rules';
import type { FindingFacts } from './finding.ts';

export interface AlertPerson {
  readonly id: string;
  readonly name: string;
}

/** One trouble from when it was found until it is found no more; the same rule and subject is the same alert meanwhile. */
export interface Alert {
  readonly _id: string;
  readonly rule: AlertRule;
  readonly subject: string;
  /** Rule and subject: of those that share it, one is open at most. */
  readonly key: string;
  readonly orgPath: readonly string[];
  readonly severity: AlertSeverity;
  readonly level: number;
  readonly status: 'open' | 'resolved';
  readonly count: number;
  /** The most that `count` was. */
  readonly worst: number;
  readonly since: Date;
  readonly facts: FindingFacts;
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  /** How often it was found. */
  readonly seen: number;
  /** How often in a row it was not found any more. */
  readonly misses: number;
  readonly acknowledged: { readonly at: Date; readonly by: AlertPerson; readonly note: string } | null;
  readonly resolvedAt: Date | null;
  /** What has been announced of it: when first and last, up to which step and level, and how many times. */
  readonly told: Told;
  /** Resolved, and those who were told of it are still to hear so. */
  readonly closing: boolean;
  /** Grows with each change; every change is a compare-and-set on it. */
  readonly version: number;
}

export interface Told {
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
  readonly step: number;
  readonly level: number;
  readonly times: number;
}

export const UNTOLD: Told = { firstAt: null, lastAt: null, step: -1, level: 0, times: 0 };

export function keyOf({ rule, subject }: Pick<Alert, 'rule' | 'subject'>): string {
  return `${rule} ${subject}`;
}

/** The id of the alert after that one, of the same key: two workers that open it at the same moment open the same. */
export function idAfter(key: string, last: string | undefined): string {
  const hex = createHash('sha256')
    .update(`${key} ${last ?? ''}`)
    .digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}
