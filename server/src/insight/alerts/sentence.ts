import type { Factor } from '../../access/guess-limits.ts';
import type { AlertRule } from '@bianmin/purchase/api/alert-rules';
import type { Alert } from './alert.ts';

/** What of an alert its sentence is made of, all of it stored with it. */
export type Told = Pick<Alert, 'rule' | 'subject' | 'count' | 'facts'>;

/** What is wrong, without where and since when: every rule in one language. */
export type Sentences = Readonly<Record<AlertRule, (of: Told) => string>>;

/** What is guessed, by its name. */
export type Guessed = Readonly<Record<Factor, string>> & Readonly<Record<string, string>>;

/** What a store runs short of, by the subject of `store.strained`. */
export const STRAINS = ['disk', 'redis', 'redis-queue', 'member', 'lag', 'log'] as const;
type Strain = (typeof STRAINS)[number];
export type Strained = Readonly<Record<Strain, (facts: Alert['facts']) => string>>;

/** Why a rollout ended by itself. */
export const HALTS = ['errors', 'faults'] as const;
export type Halted = Readonly<Record<(typeof HALTS)[number], string>>;

/** Of a table whose key an alert brought; undefined: an alert of a former or later server says something else. */
export function named<Value>(table: Readonly<Record<string, Value>>, key: unknown): Value | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}
