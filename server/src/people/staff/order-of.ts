import type { Scope } from '../../kernel/scope.ts';
import type { Order } from '../../orders/model/order.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { OrderStore } from '../../orders/store/orders.ts';

/**
 * Who may see an order. Staff with the permission `order:read`: those of their organisation and of all below it (`kernel/scope.ts`).
 * A terminal: its own, those whose write it took over, and for a while those of a card that it read (`orders/desk/orders.ts`). A
 * phone: those that it made (`people/residents/payer-orders.ts`). What these two see of one: `orders/desk/view.ts`.
 * For others there is no such order: throws `order.not-found`.
 */
export async function orderOf(store: OrderStore, orderNo: string, scope: Scope): Promise<Order> {
  const order = await store.getWithin(orderNo, scope);
  if (order === null) throw new ProblemError({ code: 'order.not-found', message: 'There is no such order.' });
  return order;
}
