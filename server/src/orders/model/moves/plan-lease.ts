import type { Order } from '../order.ts';

/** The number of the next plan that leaves, whichever way it goes. */
export function nextLease({ write, undo }: Pick<Order, 'write' | 'undo'>): number {
  return Math.max(write.lease ?? 0, undo?.lease ?? 0) + 1;
}

/** Part of each move that puts the sale on a card (again): from there on it is not taken off on an older word. */
export function droppedUndo({ undo }: Pick<Order, 'undo'>): Pick<Order, 'undo'> {
  return undo === undefined || undo.status === 'dropped' ? {} : { undo: { ...undo, status: 'dropped' } };
}
