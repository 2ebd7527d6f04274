import type { Order } from '../domain/order.ts';
import { ProblemError } from '../http/problem.ts';
import type { OrderStore } from '../store/orders.ts';

/** Any order, for staff. Throws `order.not-found`. */
export async function orderOf(store: OrderStore, orderNo: string): Promise<Order> {
  const order = await store.get(orderNo);
  if (order === null) throw new ProblemError({ code: 'order.not-found', message: 'There is no such order.' });
  return order;
}
