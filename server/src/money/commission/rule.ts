import type { CommissionTerms } from '@bianmin/purchase/api/commission';

/** Which persons made or ended a rule: one asked for it, another allowed it. */
export interface TwoPersons {
  readonly maker: { readonly id: string; readonly name: string };
  readonly checker: { readonly id: string; readonly name: string };
  readonly at: Date;
}

/**
 * What is earned by sales: `agency` by us, from the grid; `commission` by the organisation whose terminal sold, from us. Made and
 * ended by two persons, never edited. Days are China's.
 */
export interface CommissionRule extends CommissionTerms {
  /** That of the decision which made it. */
  readonly id: string;
  readonly made: TwoPersons;
  /** Absent: nobody ended it; `until` is what it was made with. */
  readonly ended?: TwoPersons;
}

/** Rules of one place differ in their days alone: no two of them hold on the same day. */
export function placeOf({ kind, org, channel }: Pick<CommissionTerms, 'kind' | 'org' | 'channel'>): string {
  return `${kind}/${org}/${channel ?? 'all'}`;
}

/** Whether a sale of this day earns by it. */
export function holdsOn({ from, until }: Pick<CommissionTerms, 'from' | 'until'>, day: string): boolean {
  return from <= day && (until === null || day <= until);
}

/** Whether there is a day on which both hold. */
export function overlap(
  one: Pick<CommissionTerms, 'from' | 'until'>,
  other: Pick<CommissionTerms, 'from' | 'until'>,
): boolean {
  const first = one.from > other.from ? one.from : other.from;
  return holdsOn(one, first) && holdsOn(other, first);
}
