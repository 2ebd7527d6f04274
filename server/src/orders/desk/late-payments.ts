import type { Logger } from 'pino';
import type { OrderStore } from '../store/orders.ts';
import { shownBy, type CardSessions } from './card-session.ts';
import { slotOf } from '../model/moves/sale.ts';
import type { Order } from '../model/order.ts';
import { goesByCount } from '../model/state.ts';

/** `refund`: always. `fulfil`: sold after all, where nothing speaks against it, else refunded. */
export type LatePolicy = 'fulfil' | 'refund';

/**
 * Money that comes after its order was closed (a payer who paid a code that had just died). It buys the electricity
 * after all if that is still what the household wants and the meter can take: on the order's own terminal the same card
 * was read again since the order was closed and is as it was, the count is free, and no other purchase of this meter is
 * under way. Anything else is given back. Asking decides nothing yet: the move takes the slot or does not.
 */
export class LatePayments {
  readonly #init: {
    readonly policy: LatePolicy;
    readonly store: OrderStore;
    readonly sessions: CardSessions;
    readonly log: Logger;
  };

  constructor(init: { policy: LatePolicy; store: OrderStore; sessions: CardSessions; log: Logger }) {
    this.#init = init;
  }

  async fulfils(order: Order): Promise<boolean> {
    if (this.#init.policy === 'refund' || order.kind !== 'card') return false;
    // Its discount went back to the budget when it was closed.
    if (order.discountFen > 0) return false;
    const closed = order.events.findLast(({ name }) => name === 'order.closed');
    if (order.closure.status !== 'closed' || closed === undefined) return false;
    if (!(await this.#readAgain(order, closed.at))) return false;
    const { store } = this.#init;
    const [slot, open] = await Promise.all([
      store.bySaleSlot(slotOf(order)),
      store.unsettledOfMeter(order.grid, order.meterNo),
    ]);
    return slot === null && !open.some(goesByCount);
  }

  async #readAgain(order: Order, closedAt: Date): Promise<boolean> {
    try {
      const reading = await this.#init.sessions.reading(order.terminalId, order.serial);
      return reading !== null && reading.at > closedAt && reading.shows === shownBy(order);
    } catch (error) {
      // A reading that cannot be looked up is none.
      this.#init.log.warn(
        { err: error, orderNo: order._id },
        'a late payment is refunded: no reading is known',
      );
      return false;
    }
  }
}
