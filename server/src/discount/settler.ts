import type { Clock } from '@bianmin/shared/clock';
import type { Logger } from 'pino';
import type { Order } from '../domain/order.ts';
import type { OrderStore } from '../store/orders.ts';
import type { Hold, PotStore } from './budget-store.ts';

/** An order is stored within seconds of its hold; after this it never was. */
const NEVER_MADE_MS = 15 * 60_000;

export interface SettlerInit {
  readonly budgets: PotStore;
  readonly caps: PotStore;
  readonly orders: Pick<OrderStore, 'get'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Ends holds by asking their orders: spent once the purchase is done, left again once it ended otherwise. While it can
 * still go either way (also sold and not written: it may be undone) the sum stays held. Nobody has to tell it anything,
 * every step can be repeated, and several may do it at once.
 */
export class HoldSettler {
  readonly #init: SettlerInit;

  constructor(init: SettlerInit) {
    this.#init = init;
  }

  /** One round; gives how many holds have ended. */
  async settle(): Promise<number> {
    let ended = 0;
    for (const { _id, holds } of await this.#init.budgets.holding()) {
      for (const hold of holds) {
        try {
          if (await this.#one(_id, hold)) ended += 1;
        } catch (error) {
          this.#init.log.error({ err: error, orderNo: hold.orderNo }, 'a discount could not be settled');
        }
      }
    }
    return ended;
  }

  async #one(budget: string, hold: Hold): Promise<boolean> {
    const { budgets, caps, orders, clock } = this.#init;
    const order = await orders.get(hold.orderNo);
    const end = order === null ? neverMade(hold, clock.now()) : endOf(order);
    if (end === undefined) return false;
    // The cap first: the budget's hold is what names it.
    if (hold.capId !== undefined) await caps.settle(hold.capId, hold, end);
    await budgets.settle(budget, hold, end);
    return true;
  }
}

function neverMade(hold: Hold, now: number): 'left' | undefined {
  return now - hold.at.getTime() > NEVER_MADE_MS ? 'left' : undefined;
}

function endOf(order: Order): 'spent' | 'left' | undefined {
  if (order.state === 'done') return 'spent';
  return order.state === 'closed' || order.state === 'refunded' ? 'left' : undefined;
}
