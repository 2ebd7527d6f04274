import type { ClaimRequest } from '@bianmin/purchase/api/order';
import type { OrderMover } from '../../orders/desk/mover.ts';
import { slotOf } from '../../orders/model/moves/sale.ts';
import { followsCard } from '../../orders/model/moves/staff.ts';
import { writeClaimed } from '../../orders/model/moves/write.ts';
import type { Order } from '../../orders/model/order.ts';
import { isForCard, isReversing } from '../../orders/model/state.ts';
import type { GridCustomer } from '../../gateways/grid/customers.ts';
import { refuseLeasedElsewhere } from '../../orders/desk/write-lease.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Replacement } from './replacement.ts';

/** What becomes of a meter's order when its card is replaced: it follows to the new card. */
export class OpenOrders {
  readonly #grid: string;
  readonly #mover: OrderMover;

  constructor(init: { grid: string; mover: OrderMover }) {
    this.#grid = init.grid;
    this.#mover = init.mover;
  }

  /**
   * Before the grid makes the former card void: nothing of this meter may be where it cannot follow. Throws
   * `meter.order-open` for an order that is being paid, sold, undone, credited from afar or decided about, and
   * `order.leased-elsewhere` while another terminal may be writing the former card.
   */
  async check(
    { meterNo, soldCount }: Pick<GridCustomer, 'meterNo' | 'soldCount'>,
    terminalId: string,
  ): Promise<void> {
    const open = await this.#mover.store.unsettledOfMeter(this.#grid, meterNo);
    const last = await this.#mover.store.bySaleSlot(slotOf({ grid: this.#grid, meterNo, count: soldCount }));
    for (const order of last === null ? open : [...open, last]) {
      if (!canFollow(order)) {
        throw new ProblemError({
          code: 'meter.order-open',
          message: 'An open order for this meter cannot move to another card. Wait until it has ended.',
          orderNo: order._id,
        });
      }
      refuseLeasedElsewhere(order, terminalId, this.#mover.now());
    }
  }

  /** The order's lease on the new card; undefined where nothing is to be written but the card itself. */
  async follow(orderNo: string | null, init: Parameters<typeof followsCard>[1]): Promise<number | undefined> {
    const order = orderNo === null ? null : await this.#mover.store.get(orderNo);
    if (order === null) return undefined;
    const moved = await this.#mover.move(order, (current) => followsCard(current, init));
    return moved.outcome === 'moved' ? moved.order.write.lease : undefined;
  }

  /** The new card's claim is the order's, unless it has been released again since. The worker then tells the grid. */
  async claim(replacement: Replacement, claim: ClaimRequest): Promise<void> {
    const { openOrderNo, orderLease } = replacement;
    const order = openOrderNo === undefined ? null : await this.#mover.store.get(openOrderNo);
    if (order === null || orderLease === undefined) return;
    const now = this.#mover.now();
    await this.#mover.move(order, (current) =>
      writeClaimed(current, { ...claim, lease: orderLease }, { now, confirmed: false }),
    );
  }
}

/** Sold, for a card, and in no hands but a terminal's. One whose credit the meter proved has ended. */
function canFollow(order: Order): boolean {
  if (order.attention !== null || isReversing(order)) return false;
  if (order.credit.status === 'credited') return true;
  return order.sale.status === 'sold' && isForCard(order);
}
