import type { Order } from '../../orders/model/order.ts';
import { orderNoOf } from '../../orders/model/order-no.ts';
import type { FloatEntry } from '../../money/float/float.ts';
import type { Shared } from './shared.ts';

/** One sum of money that moved, as wallets, float or staff moved it; never as an order says. */
export interface Moved {
  /** A payment's number, or a refund's. */
  readonly no: string;
  readonly orderNo: string;
  readonly fen: number;
}

/** Money that staff gave back for a purchase that stands: its number says so. */
export function isCompensation(refundNo: string): boolean {
  return /s\d{1,2}$/u.test(refundNo);
}

/** What wallets, a committee's float and the hands of staff moved. */
export class Money {
  readonly #town: Pick<Shared, 'channels' | 'floats'>;
  /** By refund: what two persons handed over, since its channel could not. */
  readonly handed = new Map<string, number>();

  constructor(town: Pick<Shared, 'channels' | 'floats'>) {
    this.#town = town;
  }

  paidIn(): Moved[] {
    const byWallet = [...this.#town.channels.values()].flatMap(({ trades }) =>
      [...trades].flatMap(([no, { request, transactions }]) =>
        transactions.map(() => movedOf(no, request.amountFen)),
      ),
    );
    return [...byWallet, ...this.#cash('taken')];
  }

  paidOut(): Moved[] {
    const byWallet = [...this.#town.channels.values()].flatMap(({ refunds }) =>
      [...refunds.values()].flatMap(({ refundNo, fen, status }) =>
        status === 'abnormal' ? [] : [movedOf(refundNo, fen)],
      ),
    );
    const byHand = [...this.handed].map(([no, fen]) => movedOf(no, fen));
    return [...byWallet, ...this.#cash('given-back'), ...byHand];
  }

  /** What the payer of an order is without, compensations left aside: what they bought for it. */
  keptOf({ _id }: Pick<Order, '_id'>): number {
    const out = this.paidOut().filter(({ no, orderNo }) => orderNo === _id && !isCompensation(no));
    return sumOf(this.paidIn().filter(({ orderNo }) => orderNo === _id)) - sumOf(out);
  }

  /** What staff gave back for an order that stands. */
  compensatedOf({ _id }: Pick<Order, '_id'>): number {
    return sumOf(this.paidOut().filter(({ no, orderNo }) => orderNo === _id && isCompensation(no)));
  }

  #cash(kind: FloatEntry['kind']): Moved[] {
    const entries = this.#town.floats.entries().filter((entry) => entry.kind === kind);
    return entries.map(({ _id, fen }) => movedOf(_id, fen));
  }
}

export function sumOf(moved: readonly Pick<Moved, 'fen'>[]): number {
  return moved.reduce((sum, { fen }) => sum + fen, 0);
}

function movedOf(no: string, fen: number): Moved {
  return { no, orderNo: orderNoOf(no) ?? '', fen };
}
