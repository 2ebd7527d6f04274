import type { Trigger } from '../../adapters/queue/trigger.ts';
import type { HouseholdChange } from '../model/household-change.ts';
import { undoneByChange } from '../model/moves/household-change.ts';
import type { Order } from '../model/order.ts';
import type { OrderMover } from './mover.ts';
import type { SaleDesk } from './sale-desk.ts';

/** Another meter, another holder or none, between a payment and its meter: the payer gets the money back where that is sure. */
export class HouseholdChanges {
  readonly #mover: OrderMover;
  readonly #sales: Pick<SaleDesk, 'reverse'>;
  readonly #trigger: Trigger;

  constructor(init: { mover: OrderMover; sales: Pick<SaleDesk, 'reverse'>; trigger: Trigger }) {
    this.#mover = init.mover;
    this.#sales = init.sales;
    this.#trigger = init.trigger;
  }

  /** Undoes what is sold and on no card. Gives the order as it is then; any other as it was. Repeating it changes nothing. */
  async undo(order: Order, change: HouseholdChange): Promise<Order> {
    const moved = await this.#mover.move(order, (current) =>
      undoneByChange(current, change, this.#mover.now()),
    );
    if (moved.outcome !== 'moved') return moved.order;
    const undone = await this.#sales.reverse(moved.order);
    await this.#trigger.request(undone._id, `change-${undone.version}`, 0);
    return undone;
  }
}
