import type { Facts } from '../model/change.ts';
import type { Order } from '../model/order.ts';

/** What a move may touch, each of it: one that was missing here would be lost without a word. */
const FACTS: Readonly<Record<keyof Facts, true>> = {
  payments: true,
  sale: true,
  saleSlot: true,
  chip: true,
  serial: true,
  imageDigest: true,
  reversal: true,
  write: true,
  meter: true,
  undo: true,
  credit: true,
  fallback: true,
  refunds: true,
  closure: true,
  attention: true,
  watchers: true,
};

/** Top-level fields that a move may change; the rest is fixed when the order is made. */
export const MOVABLE: readonly (keyof Order)[] = [
  ...(Object.keys(FACTS) as (keyof Facts)[]),
  ...(['version', 'state', 'updatedAt', 'dueAt', 'dues'] as const),
];
