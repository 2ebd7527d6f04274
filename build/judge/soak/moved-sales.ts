import type { JudgedOrder, JudgedSale } from './grid-judge.ts';

/**
 * Sales whose value the grid moved to the meter that took the place of theirs, and their orders, as if they had been for that one. The
 * town says which meter that is; the grid's book alone is not believed. Pure.
 */
export function atPresentMeters(books: {
  readonly orders: readonly JudgedOrder[];
  readonly sales: readonly JudgedSale[];
  /** By meter that was exchanged, the one that took its place. */
  readonly exchanged: ReadonlyMap<string, string>;
}): { readonly orders: readonly JudgedOrder[]; readonly sales: readonly JudgedSale[] } {
  const { exchanged } = books;
  const moved = new Set<string>();
  const sales = books.sales.map((sale) => {
    const { movedToMeter } = sale;
    if (movedToMeter === undefined || movedToMeter === null) return sale;
    moved.add(sale.orderNo);
    return { ...sale, ...movedToMeter };
  });
  const orders = books.orders.map((order) => {
    if (!moved.has(order.orderNo)) return order;
    // What was shown were the digits of the meter of then.
    const { shownTail: _, ...rest } = order;
    return { ...rest, meterNo: exchanged.get(order.meterNo) ?? order.meterNo };
  });
  return { orders, sales };
}
