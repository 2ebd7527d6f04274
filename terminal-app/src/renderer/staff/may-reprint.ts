import type { CounterOrderDetail } from '@bianmin/purchase/api/counter';

/** A terminal has the receipts of its own orders, once they are paid. */
export function mayReprint({ here, receiptCode }: CounterOrderDetail): boolean {
  return here && receiptCode !== null;
}
