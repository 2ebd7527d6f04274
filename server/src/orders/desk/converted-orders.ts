import type { Logger } from 'pino';
import type { Trigger } from '../../adapters/queue/trigger.ts';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import type { GridCustomer } from '../../gateways/grid/customers.ts';
import { GridError } from '../../gateways/grid/error.ts';
import { movedToAccount } from '../model/moves/account.ts';
import { undoneByGrid } from '../model/moves/sale.ts';
import type { Order } from '../model/order.ts';
import { provesCredit } from '../model/proven.ts';
import { goesByCount } from '../model/state.ts';
import { hasAccount } from './account-facts.ts';
import type { OrderMover } from './mover.ts';

/**
 * Orders that a household has left from the time when it had a card (转远程费控): their card is void, so what the grid made of
 * each ends it. Credited once in the account, or given back once; never written.
 */
export class ConvertedOrders {
  readonly #grid: Pick<GridGateway, 'grid' | 'queryOriginal' | 'identifyCustomer'>;
  readonly #mover: OrderMover;
  readonly #trigger: Trigger;
  readonly #log: Logger;

  constructor(init: {
    grid: Pick<GridGateway, 'grid' | 'queryOriginal' | 'identifyCustomer'>;
    mover: OrderMover;
    trigger: Trigger;
    log: Logger;
  }) {
    this.#grid = init.grid;
    this.#mover = init.mover;
    this.#trigger = init.trigger;
    this.#log = init.log;
  }

  /** Of a customer that the grid says has an account. */
  async settle({ meterNo, creditedCount }: Pick<GridCustomer, 'meterNo' | 'creditedCount'>): Promise<void> {
    const open = await this.#mover.store.unsettledOfMeter(this.#grid.grid, meterNo);
    for (const order of open.filter(goesByCount)) {
      if (order.sale.status === 'sold') await this.#settleOne(order, creditedCount);
    }
  }

  /**
   * The grid says that it undid this sale. Where it converted the household that is no disagreement: the order ends as the grid has
   * it. Undefined where nothing explains it. Throws `GridError`.
   */
  async denied(order: Order): Promise<Order | undefined> {
    const customer = await this.#grid.identifyCustomer(order.customerNo);
    if (!hasAccount(customer) || customer.meterNo !== order.meterNo) return undefined;
    await this.#settleOne(order, customer.creditedCount);
    return (await this.#mover.store.get(order._id)) ?? order;
  }

  async #settleOne(order: Order, creditedCount: number | null): Promise<void> {
    const now = this.#mover.now();
    if (provesCredit({ creditedCount }, order)) {
      await this.#mover.move(order, (current) => movedToAccount(current, now));
      return;
    }
    if (!(await this.#isUndone(order))) return;
    const { outcome, order: undone } = await this.#mover.move(order, (current) => undoneByGrid(current, now));
    if (outcome === 'moved') await this.#trigger.request(undone._id, `converted-${undone.version}`, 0);
  }

  /** A grid that does not say now is asked at the next visit. */
  async #isUndone(order: Order): Promise<boolean> {
    try {
      return (await this.#grid.queryOriginal(order._id)).status === 'reversed';
    } catch (error) {
      if (!(error instanceof GridError)) throw error;
      this.#log.warn({ err: error, orderNo: order._id }, 'the grid did not say what became of an order');
      return false;
    }
  }
}
