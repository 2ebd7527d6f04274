import { slotOf } from '../model/moves/sale.ts';
import type { Order } from '../model/order.ts';
import { UNSETTLED_STATES } from '../model/state.ts';
import type { MeterQuestion, OrderStore } from '../store/orders.ts';

/** A meter's orders as one question found them, and as they have become since. */
export class OrdersOfMeter {
  readonly #meter: Pick<MeterQuestion, 'grid' | 'meterNo'>;
  /** In the order in which they were made. */
  readonly #orders: Map<string, Order>;

  private constructor(meter: Pick<MeterQuestion, 'grid' | 'meterNo'>, orders: readonly Order[]) {
    this.#meter = meter;
    this.#orders = new Map(orders.map((order) => [order._id, order]));
  }

  static async ask(store: Pick<OrderStore, 'aboutMeter'>, question: MeterQuestion): Promise<OrdersOfMeter> {
    return new OrdersOfMeter(question, await store.aboutMeter(question));
  }

  /** All that the question found, of whatever meter. */
  get all(): readonly Order[] {
    return [...this.#orders.values()];
  }

  /** That are not over, oldest first. */
  get unsettled(): readonly Order[] {
    const { grid, meterNo } = this.#meter;
    return this.all.filter(
      (order) => order.grid === grid && order.meterNo === meterNo && UNSETTLED_STATES.includes(order.state),
    );
  }

  /** The one that holds the sale of this count, which was asked for. */
  ofCount(count: number): Order | null {
    const slot = slotOf({ ...this.#meter, count });
    return this.all.find(({ saleSlot }) => saleSlot === slot) ?? null;
  }

  /** Of one that it found. */
  became(order: Order): void {
    this.#orders.set(order._id, order);
  }
}
