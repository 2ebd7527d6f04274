import type { Clock } from '@bianmin/card/clock';
import type { GridGateway, GridSale, SellRequest } from '../gateways/grid/contract.ts';
import { chinaDay } from '../kernel/china-time.ts';
import type { GridRefusal } from '../gateways/grid/error.ts';
import type { FakeAccounts } from './fake-grid-accounts.ts';
import { refused } from './fake-grid-answers.ts';
import type { FakeDeposit } from './fake-grid-deposit.ts';
import type { BookedSale } from './fake-grid-bill.ts';

type Reversal = Awaited<ReturnType<GridGateway['reverse']>>;

/** The fake grid's book of sales, and of numbers that were undone, whether or not anything had been sold under them. */
export class FakeSales {
  /** By order number. */
  readonly all = new Map<string, BookedSale>();
  /** Every sale that was carried out, whatever became of it. */
  readonly carriedOut: string[] = [];
  readonly #clock: Clock;
  readonly #accounts: FakeAccounts;
  readonly #deposit: FakeDeposit;
  readonly #tombstones = new Set<string>();

  constructor(clock: Clock, accounts: FakeAccounts, deposit: FakeDeposit) {
    this.#deposit = deposit;
    this.#clock = clock;
    this.#accounts = accounts;
  }

  sell(request: SellRequest): GridSale {
    const known = this.all.get(request.orderNo);
    if (known?.status === 'sold') {
      if (known.faceFen !== request.faceFen || known.count !== request.count) throw refused('duplicate');
      return known;
    }
    if (known?.reason === 'vendor-credit' && known.faceFen !== request.faceFen) throw refused('duplicate');
    const reason = this.#refusalOf(request);
    const sale = this.#booked(request, reason);
    if (!this.#tombstones.has(request.orderNo)) this.all.set(request.orderNo, sale);
    if (reason !== undefined) throw refused(reason);
    this.#deposit.take(request.faceFen);
    this.carriedOut.push(request.orderNo);
    this.#accounts.sold(request.meterNo, request.count);
    return sale;
  }

  original(orderNo: string): Awaited<ReturnType<GridGateway['queryOriginal']>> {
    const sale = this.all.get(orderNo);
    if (sale === undefined) return { status: this.#tombstones.has(orderNo) ? 'reversed' : 'not-found' };
    if (sale.status === 'sold') return { status: 'sold', sale };
    return sale.status === 'reversed'
      ? { status: 'reversed' }
      : { status: 'rejected', reason: sale.reason ?? 'other' };
  }

  /** A sale that stands. */
  sold(orderNo: string): BookedSale {
    const sale = this.all.get(orderNo);
    if (sale?.status !== 'sold') throw refused(sale?.status === 'reversed' ? 'reversed' : 'not-sold');
    return sale;
  }

  /** The sale of a meter that is not proven to be in it. */
  openOf(meterNo: string): BookedSale | undefined {
    const credited = this.#accounts.creditedOf(meterNo);
    return [...this.all.values()].find(
      (sale) =>
        sale.meterNo === meterNo &&
        sale.status === 'sold' &&
        sale.count > credited &&
        sale.into === undefined,
    );
  }

  /** `isCredited`: its meter has it from afar, or may come to have it. */
  reverse(orderNo: string, isCredited: () => boolean): Reversal {
    const sale = this.all.get(orderNo);
    if (sale?.confirmed === true) return { status: 'refused', reason: 'written' };
    if (isCredited()) return { status: 'refused', reason: 'credited' };
    this.#tombstones.add(orderNo);
    if (sale?.status === 'sold') this.#undo(sale);
    return { status: 'reversed' };
  }

  /** A written sale that may be taken off its card, as the card is: of today, the newest, on the card and not in a meter since. */
  cancels(sale: BookedSale, card: { count: number; isInserted: boolean }): void {
    if (this.#dayOf(sale.soldAt) !== this.#dayOf(this.#clock.now())) throw refused('day-cut');
    if (this.#againstCancel(sale) !== undefined) throw refused('count');
    if (sale.cancelling !== true) {
      if (card.count !== sale.count) throw refused('count');
      if (card.isInserted) throw refused('other');
    }
    sale.cancelling = true;
  }

  /** Undoes what was taken off its card. */
  cancel(orderNo: string): Reversal {
    const sale = this.all.get(orderNo);
    if (sale?.status === 'reversed') return { status: 'reversed' };
    if (sale?.status !== 'sold') return { status: 'refused', reason: 'not-sold' };
    const reason = this.#againstCancel(sale) ?? (sale.cancelling === true ? undefined : 'not-cancelled');
    if (reason !== undefined) return { status: 'refused', reason };
    if (this.#dayOf(sale.soldAt) !== this.#dayOf(this.#clock.now())) {
      return { status: 'refused', reason: 'day-cut' };
    }
    this.#undo(sale);
    return { status: 'reversed' };
  }

  #againstCancel({ meterNo, count }: BookedSale): string | undefined {
    if (this.#accounts.soldCountOf(meterNo) !== count) return 'later-sale';
    return this.#accounts.creditedOf(meterNo) >= count ? 'credited' : undefined;
  }

  #dayOf(at: number): string {
    return chinaDay(new Date(at));
  }

  #undo(sale: BookedSale): void {
    this.#tombstones.add(sale.orderNo);
    sale.status = 'reversed';
    if (sale.into?.billNo === undefined) this.#accounts.debts.undo(sale);
    this.#deposit.take(-sale.faceFen);
    if (sale.into === undefined) this.#accounts.sold(sale.meterNo, sale.count - 1);
  }

  isReversed(orderNo: string): boolean {
    return this.#tombstones.has(orderNo);
  }

  #booked(request: SellRequest, reason: GridRefusal | undefined): BookedSale {
    const { orderNo, meterNo, serial, count, faceFen } = request;
    const nothing = { creditFen: 0, arrearsFen: 0, feeFen: 0 };
    return {
      ...{ saleNo: `S${orderNo}`, orderNo, meterNo, serial, count, faceFen },
      ...(reason === undefined ? this.#accounts.debts.takeFrom(request) : nothing),
      status: reason === undefined ? 'sold' : 'refused',
      confirmed: false,
      soldAt: this.#clock.now(),
      ...(reason === undefined ? {} : { reason }),
    };
  }

  #refusalOf(request: SellRequest): GridRefusal | undefined {
    if (this.#tombstones.has(request.orderNo)) return 'reversed';
    const sold = this.#accounts.soldCountOf(request.meterNo);
    if (request.count !== sold + 1) return 'count';
    if (!this.#accounts.allows(request.meterNo, request.faceFen)) return 'amount';
    if (this.#accounts.creditedOf(request.meterNo) < sold) return 'previous-not-inserted';
    return this.#deposit.covers(request.faceFen) ? undefined : 'vendor-credit';
  }
}
