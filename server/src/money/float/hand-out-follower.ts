import { caseIdOf } from '../../cases/case.ts';
import type { Cases } from '../../cases/cases.ts';
import type { CashOwed } from '../../orders/model/cash-owed.ts';
import type { OrderMover } from '../../orders/desk/mover.ts';
import { cashHandedOut } from '../../orders/model/moves/refund.ts';
import type { HandedOut } from '../../orders/model/order.ts';
import type { FloatDesk } from './desk.ts';

export const CASH_OWED = 'cash-owed';

/** What follows once a float's entries say that cash was handed out: its order says so, and its case is over. */
export class HandOutFollower {
  readonly #init: {
    readonly mover: OrderMover;
    readonly desk: FloatDesk;
    readonly cases: Pick<Cases, 'end'>;
  };

  constructor(init: { mover: OrderMover; desk: FloatDesk; cases: Pick<Cases, 'end'> }) {
    this.#init = init;
  }

  /** Free to repeat, by anybody: the order has it once. */
  async follow({ order, refund }: Pick<CashOwed, 'order' | 'refund'>, handedOut: HandedOut): Promise<void> {
    await this.#init.mover.move(order, (current) => cashHandedOut(current, refund.no, handedOut));
    await this.endCase(caseIdOf({ kind: CASH_OWED, orderNo: order._id, key: refund.no }), handedOut);
  }

  /** Nothing where it is over, or never was one. */
  endCase(id: string, { by, staff, slip }: HandedOut): Promise<void> {
    return this.#init.cases.end(id, { id: by, name: staff }, `Handed out, slip ${slip}.`);
  }

  /** Ends what was cut off after the float had it. Whether it was handed out. */
  async catchUp(owed: CashOwed): Promise<boolean> {
    const handedOut = await this.#init.desk.findHandOut(owed.float, owed.refund.no);
    if (handedOut === null) return false;
    await this.follow(owed, handedOut);
    return true;
  }
}
