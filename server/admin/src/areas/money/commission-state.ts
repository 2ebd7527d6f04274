import type { AdminCommissionRule } from '@bianmin/purchase/api/commission';
import type { Tone } from '../../parts/tone.ts';

/** What a rule is on a day. */
export type RuleState = 'to-come' | 'running' | 'over';

export const RULE_TONES: Readonly<Record<RuleState, Tone>> = {
  'to-come': 'moving',
  running: 'good',
  over: 'quiet',
};

export function ruleStateOf(
  { from, until }: Pick<AdminCommissionRule, 'from' | 'until'>,
  today: string,
): RuleState {
  if (until !== null && (until < today || until < from)) return 'over';
  return from > today ? 'to-come' : 'running';
}

/** Basis points as they are typed, in percent: `1.25` is 125; undefined where it is no part of a face value. */
export function basisPointsOf(percent: string): number | undefined {
  const found = /^(\d{1,3})(?:\.(\d{1,2}))?$/u.exec(percent.trim());
  if (found === null) return undefined;
  const points = Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'));
  return points <= 10_000 ? points : undefined;
}
