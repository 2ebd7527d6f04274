import { DocumentFields } from '../../adapters/mongo/document-fields.ts';
import type { Wanted } from './wanted.ts';

/**
 * The line of an order that went as nearly all do, from its stored bytes: nothing to give back, sold or never sent. It is
 * what `linesOfOrder` writes of it, without the objects that decoding makes; of any other order it is nothing, and that one
 * is decoded.
 */
export class PlainOrderLine {
  readonly #order = new DocumentFields(['_id', 'grid', 'faceFen', 'payments', 'refunds', 'sale']);
  readonly #payment = new DocumentFields([
    ...(['no', 'channelNo', 'channel', 'status'] as const),
    ...(['amountFen', 'transactionId', 'createdAt', 'paidAt'] as const),
  ]);
  readonly #sale = new DocumentFields(['status', 'saleNo', 'creditFen', 'arrearsFen', 'feeFen', 'sentAt']);
  readonly #wanted: Wanted;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** Of the order that was looked at last. */
  get orderNo(): string {
    return this.#order.text('_id') ?? '';
  }

  /** With its line feed; empty where nothing of it is wanted, undefined where it is not plain. */
  of(document: Buffer): string | undefined {
    const order = this.#order;
    order.look(document);
    if (order.documents('refunds')?.length !== 0) return undefined;
    const money = this.#money(document);
    const sale = this.#saleOf(document);
    if (money === undefined || sale === undefined) return undefined;
    if (money === NOTHING && sale === NOTHING) return '';
    return `${this.orderNo},${money.columns ?? ',,,'},${sale.columns ?? ',,,,,'},${money.at},${sale.at}\n`;
  }

  /** The payment's columns and moment; undefined where there are two. */
  #money(document: Buffer): Part | undefined {
    const payment = this.#payment;
    let found = NOTHING;
    for (const at of this.#order.documents('payments') ?? []) {
      payment.look(document, at);
      if (payment.text('status') !== 'succeeded') continue;
      const channel = payment.text('channel') ?? '';
      const paidAt = payment.time('paidAt') ?? payment.time('createdAt');
      if (channel === 'cash' || !this.#wanted.hasMoment(paidAt)) continue;
      if (!this.#wanted.hasPaper(`channel:${channel}`)) continue;
      if (found !== NOTHING) return undefined;
      const no = payment.text('channelNo') ?? payment.text('no') ?? '';
      const [transaction, fen] = [payment.text('transactionId') ?? '', payment.number('amountFen') ?? 0];
      found = { columns: `${channel}/${no},${transaction},${fen},paid`, at: new Date(paidAt).toISOString() };
    }
    return found;
  }

  /** The sale's columns and moment; undefined where it was sent and is no sale. */
  #saleOf(document: Buffer): Part | undefined {
    const [order, sale, wanted] = [this.#order, this.#sale, this.#wanted];
    const start = order.document('sale');
    if (start === undefined) return undefined;
    sale.look(document, start);
    const status = sale.text('status');
    if (status === 'none') return NOTHING;
    if (status !== 'sold') return undefined;
    const sentAt = sale.time('sentAt');
    if (!wanted.hasMoment(sentAt) || !wanted.hasPaper(`grid:${order.text('grid') ?? ''}`)) return NOTHING;
    const [credit, arrears, fee] = [
      sale.number('creditFen'),
      sale.number('arrearsFen'),
      sale.number('feeFen'),
    ];
    const parts = `${credit ?? 0},${arrears ?? 0},${fee ?? 0}`;
    return {
      columns: `${sale.text('saleNo') ?? ''},${order.number('faceFen') ?? 0},${parts},sold`,
      at: new Date(sentAt).toISOString(),
    };
  }
}

/** Columns of one pair; absent where the line has nothing of it. */
interface Part {
  readonly columns?: string;
  readonly at: string;
}

const NOTHING: Part = { at: '' };
