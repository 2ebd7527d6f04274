import type { Logger } from 'pino';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { GridError } from '../../gateways/grid/error.ts';
import { meterCredited } from '../model/moves/meter.ts';
import type { Order } from '../model/order.ts';
import { provesCredit } from '../model/proven.ts';
import type { OrderMover } from './mover.ts';

/** Asks the grid what it knows of an order's meter: a later card, bought anywhere, proves every count before it. */
export class AskedMeters {
  readonly #grid: Pick<GridGateway, 'grid' | 'identifyCustomer'>;
  readonly #mover: OrderMover;
  readonly #log: Logger;

  constructor(init: {
    grid: Pick<GridGateway, 'grid' | 'identifyCustomer'>;
    mover: OrderMover;
    log: Logger;
  }) {
    this.#grid = init.grid;
    this.#mover = init.mover;
    this.#log = init.log;
  }

  /**
   * The order with what its meter proves. As it was where the grid is silent, knows of no credit, or the customer has
   * another meter by now: that one counts anew.
   */
  async ask(order: Order): Promise<Order> {
    if (order.grid !== this.#grid.grid) return order;
    try {
      const customer = await this.#grid.identifyCustomer(order.customerNo);
      if (customer.meterNo !== order.meterNo || !provesCredit(customer, order)) return order;
    } catch (error) {
      if (!(error instanceof GridError)) throw error;
      this.#log.warn({ err: error, orderNo: order._id }, 'the grid could not be asked what a meter has');
      return order;
    }
    const now = this.#mover.now();
    return (await this.#mover.move(order, (current) => meterCredited(current, now))).order;
  }
}
