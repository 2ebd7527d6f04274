import { meterCredited } from '../orders/model/moves/meter.ts';
import type { Order } from '../orders/model/order.ts';
import type { OrderWorld } from './order-world.ts';

/** The order once its meter has said that it has it. */
export async function inMeterNow(world: OrderWorld, order: Order): Promise<Order> {
  const { mover } = world.services;
  return (await mover.move(order, (current) => meterCredited(current, mover.now()))).order;
}
