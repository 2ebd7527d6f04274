import type { ProblemCode } from '@bianmin/purchase/api/problem';
import type { RemoteCardView } from '@bianmin/purchase/remote-card/view';
import type { Phrase } from './voice/phrases.ts';

const WHY = {
  'card.key-refused': 'problem.card-protected-tries.title',
  'grid.key-refused': 'problem.grid-busy.title',
} as const satisfies Partial<Record<ProblemCode, Phrase>>;

/** Why a session from afar ended, where a purchase says so in the same words; null where the ending says enough. */
export function whyEnded({ failure }: Extract<RemoteCardView, { state: 'ended' }>): Phrase | null {
  return failure === 'card.key-refused' || failure === 'grid.key-refused' ? WHY[failure] : null;
}
