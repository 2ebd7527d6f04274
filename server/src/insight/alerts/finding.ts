import type { AlertRule } from '@bianmin/purchase/api/alert-rules';
import { PROVINCE } from '@bianmin/purchase/api/org';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import type { Limits } from './limits.ts';

/** Small and without names, cards or customer numbers: it is sent to a chat. */
export type FindingFacts = Readonly<Record<string, string | number>>;

/** One trouble as a rule finds it now. Rule and subject say which one it is. */
export interface Finding {
  readonly rule: AlertRule;
  readonly subject: string;
  /** Organisations from the province down to the one that it is about. */
  readonly orgPath: readonly string[];
  readonly since: Date;
  readonly count: number;
  /** 1 unless it can grow worse by steps; told anew when it does. */
  readonly level?: number;
  readonly facts?: FindingFacts;
}

/** What every rule is judged against. */
export interface Moment {
  readonly now: Date;
  readonly limits: Limits;
}

/** Facts that queries give, and what some rules make of them. A look that fails says nothing about its rules. */
export interface Watch {
  readonly covers: readonly AlertRule[];
  /** ms between two looks; absent: each round. */
  readonly everyMs?: number;
  look(at: Moment): Promise<Finding[]>;
}

/** Older than this, or at this very moment. */
export function isOlder(at: Date, ms: number, { now }: Pick<Moment, 'now'>): boolean {
  return now.getTime() - at.getTime() >= ms;
}

/** Something of a place that has been so since then. */
export interface Placed {
  readonly orgPath: readonly string[];
  readonly since: Date;
  readonly facts?: FindingFacts;
}

/** Many of the same are one trouble of their prefecture; the oldest says since when, and gives its facts. */
export function byPrefecture(rule: AlertRule, all: readonly Placed[]): Finding[] {
  const places = new Map<string, Finding>();
  for (const { orgPath, since, facts } of all) {
    const path = orgPath.slice(0, 2);
    const subject = path.at(-1) ?? PROVINCE;
    const known = places.get(subject);
    const oldest = known === undefined || since < known.since;
    places.set(subject, {
      ...{ rule, subject, orgPath: path.length === 0 ? PROVINCE_PATH : path },
      since: oldest ? since : known.since,
      count: (known?.count ?? 0) + 1,
      ...(oldest ? facts && { facts } : known.facts && { facts: known.facts }),
    });
  }
  return [...places.values()];
}

/** The province's own trouble. */
export function ofProvince(finding: Omit<Finding, 'orgPath'>): Finding {
  return { ...finding, orgPath: PROVINCE_PATH };
}
