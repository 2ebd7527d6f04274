import type { SealedPlan } from '@bianmin/purchase/api/order';
import type { CardImageMessage } from '@bianmin/purchase/api/card-image';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { Where } from '../../access/approvals.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { CardWrites } from '../../orders/desk/card-writes.ts';
import type { OrderMover } from '../../orders/desk/mover.ts';
import { orderOf } from './order-of.ts';
import type { StaffedTerminals } from './staffed-terminals.ts';

export interface RewriteInit {
  readonly orderNo: string;
  readonly terminalId: string;
  readonly image: CardImageMessage;
  readonly lastTry: boolean;
  readonly reason: string;
}

/**
 * Writing a sold order's card once more (补写): same sale, same serial, same count. The release is the one of any write
 * with all its checks, so it sells nothing and no money moves: one person suffices. What staff add is the terminal that
 * they stand at, and that the card's code may meet its last try, where the automatic path stops.
 */
export class Rewrites {
  readonly #writes: CardWrites;
  readonly #mover: OrderMover;
  readonly #terminals: StaffedTerminals;
  readonly #audit: AuditTrail;

  constructor(init: {
    writes: CardWrites;
    mover: OrderMover;
    terminals: StaffedTerminals;
    audit: AuditTrail;
  }) {
    this.#writes = init.writes;
    this.#mover = init.mover;
    this.#terminals = init.terminals;
    this.#audit = init.audit;
  }

  /** Sealed to the terminal; it authorises and claims as for any lease. Throws what a release throws. */
  async release(init: RewriteInit, by: AdminPrincipal, where: Where): Promise<SealedPlan> {
    const { orderNo, terminalId, image, lastTry, reason } = init;
    const order = await orderOf(this.#mover.store, orderNo, by.scope);
    const terminal = await this.#terminals.get(terminalId, by.scope);
    await this.#audit.record(
      byAdmin(by, {
        action: 'card.rewrite',
        target: orderNo,
        where,
        data: { terminalId, lastTry, reason },
      }),
    );
    return this.#writes.release(order, terminal, { image, lastTry });
  }
}
