import { adminOrderRow, type AdminOrderRow } from '@bianmin/purchase/api/admin-orders';
import { meterAnswerOf } from '../../orders/desk/meter-answer.ts';
import type { Order } from '../../orders/model/order.ts';

/** An order as a line of a list, its household masked. */
export function rowOf(order: Order): AdminOrderRow {
  return adminOrderRow.parse({
    ...order,
    meter: undefined,
    ...meterAnswerOf(order),
    orderNo: order._id,
    customer: order.masked,
    channel: order.payments.find(({ funds }) => funds === true)?.channel ?? null,
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  });
}
