import { sha256Hex } from '../../kernel/canonical.ts';

/** What the trail, which is kept for ever, says of a household by its sealed number: not to be undone even with the key. */
export function householdTarget(customer: string): string {
  return `customer:${sha256Hex(customer).slice(0, 32)}`;
}
