import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import { CLOCKS_APART_MS, NEVER_MADE_MS } from '../../kernel/limits.ts';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { isUndoable } from '../../orders/model/undoing.ts';
import type { Order } from '../../orders/model/order.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import type { BudgetStore, EndedHold, Hold, HoldEnd } from './budget-store.ts';
import type { CapStore } from './cap-store.ts';

export interface SettlerInit {
  readonly budgets: Pick<BudgetStore, 'takeOver' | 'holding' | 'end'>;
  readonly caps: Pick<CapStore, 'bar' | 'settle'>;
  readonly orders: Pick<OrderStore, 'get'>;
  /** Absent: no grid that cancels what is on a card. */
  readonly grid?: Pick<GridGateway, 'cancelsWritten'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Ends holds by asking their orders: spent once the purchase is done, left again once it ended otherwise. While it can
 * still go either way (sold and not written, or on its card on a day when it may be undone) the sum stays held. It need not be told anything,
 * every step can be repeated, and several may do it at once.
 */
export class HoldSettler {
  readonly #init: SettlerInit;

  constructor(init: SettlerInit) {
    this.#init = init;
  }

  /** One round; gives how many holds have ended. */
  async settle(): Promise<number> {
    const { budgets } = this.#init;
    await budgets.takeOver();
    let ended = 0;
    for (const id of await budgets.holding()) ended += await budgets.end(id, (holds) => this.#ended(holds));
    return ended;
  }

  /** Which of these holds have ended, and how; each is so in its cap already. */
  async #ended(holds: readonly Hold[]): Promise<EndedHold[]> {
    const ended = await Promise.all(
      holds.map(async (hold) => {
        try {
          const end = await this.#endOf(hold);
          if (end === undefined) return [];
          const as = end === 'never' ? 'left' : end;
          // The cap first: the budget's hold is what names it. Who still stands before the cap does not get into it any more.
          if (end === 'never') await this.#init.caps.bar(hold.capId, hold.orderNo);
          await this.#init.caps.settle(hold.capId, hold, as);
          return [{ hold, as }];
        } catch (error) {
          this.#init.log.error({ err: error, orderNo: hold.orderNo }, 'a discount could not be settled');
          return [];
        }
      }),
    );
    return ended.flat();
  }

  /** `never`: there is no such order, and none that could be paid will come. */
  async #endOf(hold: Hold): Promise<HoldEnd | 'never' | undefined> {
    const { orders, clock, grid } = this.#init;
    // Before the order is read: who stands still after that goes by what was true then.
    const now = clock.now();
    const order = await orders.get(hold.orderNo);
    if (order === null) return neverMade(hold, now);
    // At midnight one may still undo what is of yesterday for another.
    const mayBeUndone = [now, now - CLOCKS_APART_MS].some((at) => isUndoable(order, new Date(at)));
    return grid?.cancelsWritten === true && mayBeUndone ? undefined : endOf(order);
  }
}

function neverMade(hold: Hold, now: number): 'never' | undefined {
  return now - hold.at.getTime() > NEVER_MADE_MS ? 'never' : undefined;
}

function endOf(order: Order): HoldEnd | undefined {
  if (order.state === 'done') return 'spent';
  return order.state === 'closed' || order.state === 'refunded' ? 'left' : undefined;
}
