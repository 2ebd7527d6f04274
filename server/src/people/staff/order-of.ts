import type { Scope } from '../../kernel/scope.ts';
import type { Order } from '../../orders/model/order.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { OrderStore } from '../../orders/store/orders.ts';

/**
 * An order for staff within their scope. Throws `order.not-found`, also for one that is outside of it. A terminal's own orders:
 * `Orders.get`; a phone's: `PayerOrders.get`.
 */
export async function orderOf(store: OrderStore, orderNo: string, scope: Scope): Promise<Order> {
  const order = await store.getWithin(orderNo, scope);
  if (order === null) throw new ProblemError({ code: 'order.not-found', message: 'There is no such order.' });
  return order;
}
