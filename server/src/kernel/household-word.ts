import { sha256Hex } from './canonical.ts';
import type { NumberSeal } from './sealed-number.ts';

/** What the trail says of a household that staff look at: the same one is the same word, which does not say which one it is. */
export function householdWord(seal: Pick<NumberSeal, 'seal'>, customerNo: string): string {
  return `household:${sha256Hex(seal.seal(customerNo)).slice(0, 16)}`;
}
