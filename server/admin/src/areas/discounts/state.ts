import type { AdminDiscount } from '@bianmin/purchase/api/discount';
import type { Tone } from '../../parts/tone.ts';

/** What a discount is to the user who looks at it now. */
export type DiscountState = 'proposed' | 'paused' | 'over' | 'used-up' | 'to-come' | 'running';

export const TONES: Readonly<Record<DiscountState, Tone>> = {
  proposed: 'warning',
  paused: 'warning',
  over: 'quiet',
  'used-up': 'quiet',
  'to-come': 'moving',
  running: 'good',
};

export function stateOf(
  { status, from, to, leftFen }: Pick<AdminDiscount, 'status' | 'from' | 'to' | 'leftFen'>,
  now: number,
): DiscountState {
  if (status === 'proposed') return 'proposed';
  if (Date.parse(to) <= now) return 'over';
  if (status === 'paused') return 'paused';
  if (leftFen <= 0) return 'used-up';
  return now < Date.parse(from) ? 'to-come' : 'running';
}
