import type { Order, Payment, Refund } from '../../orders/model/order.ts';
import { isInMeter } from '../../orders/model/moves/meter.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import type { FakeCard } from '../fake-card.ts';
import { diagnosedAfterMove } from './diagnosed.ts';
import { Money } from './money.ts';
import type { Shared } from './shared.ts';
import type { Turns } from './turns.ts';

/** The parts that know what is true, and where what is not is written down. */
interface Watched extends Pick<Shared, 'channels' | 'floats' | 'grid'> {
  /** By meter. */
  readonly cards: ReadonlyMap<string, FakeCard>;
  /** Payments that money came for although it should not have. */
  readonly regardless: ReadonlySet<string>;
  readonly violations: string[];
  readonly turns: Pick<Turns, 'now'>;
}

/** Correctness, step by step: whatever an order says is compared with the part that knows it, when it says so. */
export class Steps {
  readonly money: Money;
  readonly #town: Watched;

  constructor(town: Watched) {
    this.#town = town;
    this.money = new Money(town);
  }

  /** The same store, watched. */
  watching(store: OrderStore): OrderStore {
    return new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        if (name !== 'replace') return value.bind(target) as unknown;
        return async (before: Order, after: Order) => {
          const replaced = await target.replace(before, after);
          if (replaced === 'moved') this.#moved(before, after);
          return replaced;
        };
      },
    });
  }

  #moved(before: Order, after: Order): void {
    this.#handOver(before, after);
    const found = [
      ...after.payments.flatMap((payment) => this.#ofPayment(before, payment)),
      ...after.refunds.flatMap((refund) => this.#ofRefund({ before, after }, refund)),
      ...this.#ofSale(before, after),
      ...this.#ofWrite(before, after),
      ...this.#ofBoth(after),
      ...diagnosedAfterMove({ grid: this.#town.grid, now: () => this.#town.turns.now() }, after),
    ];
    for (const sentence of found) this.#town.violations.push(`${after._id}: ${sentence}`);
  }

  /** Two persons decided: the payer is handed what does not come by the channel. */
  #handOver(before: Order, after: Order): void {
    for (const { name, data } of after.events.slice(before.events.length)) {
      if (name !== 'refund.elsewhere') continue;
      const refund = after.refunds.find(({ no }) => no === data?.['no']);
      if (refund === undefined) continue;
      // What its channel still works on will come as well.
      const comes = this.#givenFen(refund.no, ['done', 'sent']);
      this.money.handed.set(refund.no, refund.fen - comes);
    }
  }

  #ofPayment(before: Order, payment: Payment): string[] {
    const old = before.payments.find(({ no }) => no === payment.no);
    const wasAsked = old?.lookAgainAt !== undefined && payment.lookAgainAt === undefined;
    if (old?.status === payment.status && !wasAsked) return [];
    const { regardless } = this.#town;
    const money = this.#transactionsOf(payment);
    // What was closed unseen is asked about once more: after that it is sure.
    const isSure = payment.status === 'closed' && payment.lookAgainAt === undefined;
    if (isSure && money.length > 0 && !regardless.has(payment.no)) {
      return [`payment ${payment.no} is called closed, and money came for it`];
    }
    if (payment.status === 'succeeded' && !money.includes(payment.transactionId ?? '')) {
      return [`payment ${payment.no} is called paid, and its channel has no such money`];
    }
    return [];
  }

  #ofRefund({ before, after }: { before: Order; after: Order }, refund: Refund): string[] {
    if (refund.status !== 'done' || before.refunds.find(({ no }) => no === refund.no)?.status === 'done')
      return [];
    const elsewhere = after.events
      .slice(before.events.length)
      .some(({ name, data }) => name === 'refund.elsewhere' && data?.['no'] === refund.no);
    const given = this.#givenFen(refund.no);
    if (elsewhere || given === refund.fen) return [];
    return [`refund ${refund.no} of ${refund.fen} fen is called done, and ${given} fen went back`];
  }

  #ofSale(before: Order, after: Order): string[] {
    const { grid } = this.#town;
    const found: string[] = [];
    const asked = grid.asked.get(after._id) ?? 0;
    const tries = after.sale.tries ?? 0;
    if (asked > tries)
      found.push(`the grid was asked to sell ${asked} times, of which ${tries} were written down`);
    const stands = grid.sales.get(after._id)?.status === 'sold';
    if (before.sale.status !== after.sale.status) {
      if (after.sale.status === 'sold' && !grid.carriedOut.includes(after._id))
        found.push('sold, it says; the grid never sold it');
      if (after.sale.status === 'rejected' && stands)
        found.push('not sold, it says; the grid holds the sale');
      if (after.sale.status === 'none' && stands) found.push('never left, it says; the grid holds the sale');
    }
    if (before.reversal.status !== 'reversed' && after.reversal.status === 'reversed' && stands) {
      found.push('undone, it says; the grid holds the sale');
    }
    return found;
  }

  #ofWrite(before: Order, after: Order): string[] {
    if (after.write.lease === before.write.lease) return [];
    if (isInMeter(before)) return ['a plan left after its meter had proved the credit'];
    const card = this.#town.cards.get(after.meterNo);
    const isOnCard = card !== undefined && card.fields.count >= after.count;
    // A meter wrote back that it did not take it: only written anew does it.
    const isRefused = card?.fields.creditedCount !== null;
    return before.write.status === 'written' && isOnCard && !isRefused
      ? ['a plan left again for a card that is written']
      : [];
  }

  /** Money and electricity: a payer has at most one of them. */
  #ofBoth(after: Order): string[] {
    const sale = this.#town.grid.sales.get(after._id);
    const meter = this.#town.grid.meters.get(after.meterNo);
    const has = sale?.status === 'sold' && meter !== undefined && meter.count >= sale.count;
    const kept = this.money.keptOf(after);
    return kept < (has ? after.paidFen : 0)
      ? [`${after.paidFen} fen bought, ${kept} fen were kept for it`]
      : [];
  }

  #transactionsOf({ channel, channelNo, no }: Payment): string[] {
    if (channel === 'cash') {
      return this.#town.floats
        .entries()
        .flatMap(({ _id, kind }) => (_id === no && kind === 'taken' ? [_id] : []));
    }
    const trade = this.#town.channels.get(channel)?.trades.get(channelNo ?? no);
    return (trade?.transactions ?? []).map(({ id }) => id);
  }

  /** By a channel, or by a float. */
  #givenFen(refundNo: string, counts: readonly string[] = ['done']): number {
    const { channels, floats } = this.#town;
    const byWallet = [...channels.values()].map(({ refunds }) => refunds.get(refundNo));
    const byFloat = floats.entries().filter(({ _id, kind }) => _id === refundNo && kind === 'given-back');
    return [...byWallet, ...byFloat.map(({ fen }) => ({ fen, status: 'done' }))].reduce(
      (sum, given) => sum + (given !== undefined && counts.includes(given.status) ? given.fen : 0),
      0,
    );
  }
}
