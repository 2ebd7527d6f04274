import { ProblemError } from '../../kernel/problem.ts';
import { billSlotOf } from '../model/moves/sale.ts';
import type { Order, OrderBill } from '../model/order.ts';
import { isUnpaid } from '../model/state.ts';
import type { OrderMover } from './mover.ts';
import type { PaymentClosing } from './payment-closing.ts';

/**
 * Before money can move into an account. An account has no count that two payments could want, so several may be under way at
 * a time: a neighbour pays while the household does. Only a bill is paid by one order at a time.
 */
export class AccountGate {
  readonly #grid: string;
  readonly #mover: OrderMover;
  readonly #closing: PaymentClosing;

  constructor(init: { grid: string; mover: OrderMover; closing: PaymentClosing }) {
    this.#grid = init.grid;
    this.#mover = init.mover;
    this.#closing = init.closing;
  }

  /** What this owner left unpaid gives way. Throws `bill.not-due` for a bill that was paid here, `meter.order-open` while it is. */
  async makeWay(
    ownerId: string,
    { meterNo, bill }: { readonly meterNo: string; readonly bill: OrderBill | undefined },
  ): Promise<void> {
    const { store } = this.#mover;
    for (const order of await store.unsettledOfMeter(this.#grid, meterNo)) {
      if (order.kind !== 'account') continue;
      const mine = isUnpaid(order.state) && order.terminalId === ownerId;
      const now = mine ? await this.#closing.closeOrder(order, 'superseded') : order;
      if (now.closure.status !== 'closed' && paysSame(now, bill)) throw billOpen(now);
    }
    if (bill?.whole === true && (await store.bySaleSlot(billSlotOf(this.#grid, bill.no))) !== null) {
      throw new ProblemError({
        code: 'bill.not-due',
        message: 'This bill is paid already. Look at the household again.',
      });
    }
  }
}

function paysSame(order: Order, bill: OrderBill | undefined): boolean {
  return bill !== undefined && order.bill?.no === bill.no;
}

function billOpen(order: Order): ProblemError {
  return new ProblemError({
    code: 'meter.order-open',
    message: 'This bill is being paid. Wait until that has ended.',
    orderNo: order._id,
  });
}
