import type { Change } from './change.ts';
import { creditProven } from './moves/credit.ts';
import { writeProven } from './moves/write.ts';
import type { Order } from './order.ts';

/** What a meter is known to have credited. */
export interface MeterProof {
  readonly creditedCount: number | null;
  /** Of the card that proves it; absent where the grid said so without one. */
  readonly imageDigest?: string;
  readonly now: Date;
}

/** The meter has this order's count; into an account there is none. */
export function provesCredit(proof: Pick<MeterProof, 'creditedCount'>, order: Order): boolean {
  if (order.kind === 'account') return false;
  return order.sale.status === 'sold' && proof.creditedCount !== null && proof.creditedCount >= order.count;
}

/**
 * The order as ended by what its meter proves, whatever was claimed: as written where a plan was released for a card
 * or is to be, as credited where none ever was.
 */
export function provenBy(order: Order, proof: MeterProof): Change | undefined {
  if (!provesCredit(proof, order)) return undefined;
  if (order.kind === 'remote' && order.write.status === 'none') return creditProven(order, proof.now);
  return writeProven(order, proof.imageDigest ?? '', proof.now);
}
