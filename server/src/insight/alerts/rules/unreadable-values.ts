import { ofProvince, type Finding } from '../finding.ts';

/** How far a change of the data key has come, as far as it can end with values that no key opens. */
export interface ResealFact {
  readonly unreadable: number;
  /** When it stopped at them. */
  readonly stoppedAt?: Date;
}

/** A change of the data key that stopped, so that the former key cannot be taken away. */
export function valuesUnreadable(work: ResealFact | undefined): Finding[] {
  if (work?.stoppedAt === undefined) return [];
  const { stoppedAt: since, unreadable: count } = work;
  return [ofProvince({ rule: 'keys.unreadable', subject: 'data-key', since, count })];
}
