import type { Scope } from '../access/scope.ts';
import type { Order } from '../domain/order.ts';
import { ProblemError } from '../http/problem.ts';
import type { OrderStore } from '../store/orders.ts';

/** An order for staff within their scope. Throws `order.not-found`, also for one that is outside of it. */
export async function orderOf(store: OrderStore, orderNo: string, scope: Scope): Promise<Order> {
  const order = await store.getWithin(orderNo, scope);
  if (order === null) throw new ProblemError({ code: 'order.not-found', message: 'There is no such order.' });
  return order;
}
