import type { Logger } from 'pino';
import type { Case } from '../../cases/case.ts';
import type { Cases } from '../../cases/cases.ts';
import type { CashOwed } from '../../orders/model/cash-owed.ts';
import type { OrderMover } from '../../orders/desk/mover.ts';
import { CASH_OWED, type HandOutFollower } from './hand-out-follower.ts';
import { waitingCash } from './waiting-cash.ts';

export interface HandOutWatchInit {
  readonly mover: OrderMover;
  readonly cases: Pick<Cases, 'openOnce' | 'openOf'>;
  readonly follower: HandOutFollower;
  /** Cash may wait for so long before a person must see to it, ms. */
  readonly afterMs: number;
  readonly log: Logger;
}

/**
 * Sees that households get their cash: what waits too long is a case, most of all that of a sale that was refused after its
 * household had left. Also ends what a process left half done that was killed while cash was handed out.
 */
export class HandOutWatch {
  readonly #init: HandOutWatchInit;

  constructor(init: HandOutWatchInit) {
    this.#init = init;
  }

  /** One round; gives how many refunds' cash waits. */
  async round(): Promise<number> {
    let waiting = 0;
    for await (const owed of waitingCash(this.#init.mover.store)) waiting += await this.#look(owed);
    await this.#endOld();
    return waiting;
  }

  /** How many it leaves waiting: 1 or none. */
  async #look(owed: CashOwed): Promise<number> {
    const { mover, cases, follower, afterMs, log } = this.#init;
    if (await follower.catchUp(owed)) return 0;
    const { order, refund, float, since } = owed;
    if (mover.now().getTime() - since.getTime() < afterMs) return 1;
    const facts = { float, refundFen: refund.fen, since: since.toISOString(), reason: refund.reason };
    const about = { orderNo: order._id, orgPath: order.orgPath, key: refund.no };
    // The person who called it resolved has said why; the money stays on the lists.
    if ((await cases.openOnce({ kind: CASH_OWED, ...about, facts })) === 'opened') {
      log.warn({ orderNo: order._id, ...facts }, 'cash waits at a counter for longer than it may');
    }
    return 1;
  }

  /** A case that was opened while the cash was being handed out. */
  async #endOld(): Promise<void> {
    for await (const each of this.#init.cases.openOf(CASH_OWED)) await this.#endIfOver(each);
  }

  async #endIfOver({ _id, orderNo, key }: Case): Promise<void> {
    const { mover, follower } = this.#init;
    const handOut = (await mover.store.get(orderNo))?.refunds.find(({ no }) => no === key)?.handOut;
    if (handOut?.status === 'handed-out') await follower.endCase(_id, handOut);
  }
}
