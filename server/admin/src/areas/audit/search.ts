import type { AuditSearch } from './api.ts';
import { DAY_MS, startOfDay } from '../../parts/time.ts';

const NAMES = ['who', 'kind', 'action', 'target'] as const;

/** What the form holds: days of Beijing, both included. */
export interface AuditForm {
  who: string;
  kind: NonNullable<AuditSearch['kind']> | '';
  action: string;
  target: string;
  days: [string, string] | null;
}

export function searchOf({ days, ...form }: AuditForm): AuditSearch {
  const said = Object.fromEntries(
    NAMES.map((name) => [name, form[name].trim()]).filter(([, value]) => value !== ''),
  ) as AuditSearch;
  if (days === null) return said;
  const [first, last] = days;
  return {
    ...said,
    from: startOfDay(first).toISOString(),
    to: new Date(startOfDay(last).getTime() + DAY_MS).toISOString(),
  };
}

/** As a page's address carries it: other pages lead here to what was done to one thing. */
export function formOfQuery(query: Readonly<Record<string, unknown>>): AuditForm {
  const text = (name: string): string => (typeof query[name] === 'string' ? query[name] : '');
  return {
    ...{ who: text('who'), kind: '', action: text('action'), target: text('target') },
    days: null,
  };
}
