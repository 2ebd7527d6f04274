import type { FullMeter } from '../purchase/view/household.ts';
import { yuan } from './yuan.ts';

/** What is said of a meter that may have no room, as words take it. */
export function fullValues({ balanceFen, ceilingFen, belowFen }: FullMeter): {
  balance: string;
  ceiling: string;
  below: string;
} {
  return {
    balance: yuan(balanceFen, 'short'),
    ceiling: yuan(ceilingFen, 'short'),
    below: yuan(belowFen, 'short'),
  };
}
