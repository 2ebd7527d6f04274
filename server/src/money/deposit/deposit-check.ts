import type { Clock } from '@bianmin/card/clock';
import { caseIdOf, SYSTEM } from '../../cases/case.ts';
import type { Cases } from '../../cases/cases.ts';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { chinaDay, dayPlus } from '../../kernel/china-time.ts';
import { DEPOSIT_DIFF } from '../../orders/model/case-sink.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { ACCOUNTS } from '../ledger/accounts.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { DepositBook, DepositBooks } from './deposit-books.ts';
import { comparedAfter, TIMES_OFF, type DepositComparison } from './deposit-difference.ts';

/** Nothing is posted to a day that is over for so long. */
const SETTLED_DAYS = 7;
/** Of whose sales the grid may know more than we, or less. */
const UNDER_WAY = ['paid', 'grid-silent', 'refunding', 'attention'] as const;
/** In these it is known soon: the comparing begins when there are none. */
const MOVING = ['paid', 'grid-silent', 'refunding'] as const;

export interface DepositCheckInit {
  readonly grid: Pick<GridGateway, 'grid' | 'vendorCredit'>;
  readonly books: Pick<DepositBooks, 'open' | 'sum' | 'start' | 'compared'>;
  readonly ledger: Pick<LedgerStore, 'turnover'>;
  readonly orders: Pick<OrderStore, 'faceFenIn'>;
  /** Brings the ledger up to the orders. */
  readonly catchUp: () => Promise<unknown>;
  readonly cases: Pick<Cases, 'open' | 'end'>;
  readonly clock: Clock;
}

/** Compares what the grid says is left of our deposit with what our books make it. */
export class DepositCheck {
  readonly #init: DepositCheckInit;

  constructor(init: DepositCheckInit) {
    this.#init = init;
  }

  /** One comparison; gives how many differences it told. Fails with a `GridError` where the grid does not answer. */
  async round(): Promise<number> {
    const { grid, orders } = this.#init;
    // First what may be under way: what the grid sells from here on is in its answer, and soon in the ledger.
    const underWayFen = await orders.faceFenIn(UNDER_WAY);
    const book = await this.#book();
    const ledgerFen = await this.#ledgerFen(book);
    const credit = await grid.vendorCredit();
    if (credit === null) return 0;
    if (book.startFen === undefined) return this.#begin(book, credit.availableFen);
    const booksFen = book.startFen + ledgerFen;
    const now = new Date(this.#init.clock.now());
    const found = { at: now, gridFen: credit.availableFen, booksFen, underWayFen };
    return this.#told(comparedAfter(book.last, found));
  }

  /** Only when nothing moved while the grid was asked: what it had then is what all that follows is counted from. */
  async #begin(book: DepositBook, gridFen: number): Promise<number> {
    const { books, orders, grid } = this.#init;
    const isAtRest = async (): Promise<boolean> => (await orders.faceFenIn(MOVING)) === 0;
    if (!(await isAtRest())) return 0;
    const before = await this.#ledgerFen(book);
    const again = await grid.vendorCredit();
    const after = await this.#ledgerFen(book);
    if (!(await isAtRest()) || before !== after || again?.availableFen !== gridFen) return 0;
    await books.start(book._id, gridFen - after);
    return 0;
  }

  async #told(last: DepositComparison): Promise<number> {
    const { books, cases, grid } = this.#init;
    await books.compared(grid.grid, last);
    const about = { kind: DEPOSIT_DIFF, orderNo: 'none', key: grid.grid } as const;
    if (last.timesOff === 0) {
      await cases.end(caseIdOf(about), SYSTEM, 'The grid and the books say the same again.');
      return 0;
    }
    if (last.timesOff < TIMES_OFF) return 0;
    const { gridFen, booksFen, underWayFen } = last;
    const facts = { gridFen, booksFen, underWayFen, differenceFen: gridFen - booksFen };
    await cases.open({ ...about, facts });
    return 1;
  }

  #book(): Promise<DepositBook> {
    const { books, grid, clock } = this.#init;
    return books.open(grid.grid, new Date(clock.now()));
  }

  /** What all postings since the books began made of the deposit. */
  async #ledgerFen(book: DepositBook): Promise<number> {
    const { catchUp, clock, books } = this.#init;
    await catchUp();
    const settled = dayPlus(chinaDay(new Date(clock.now())), -SETTLED_DAYS);
    const from = book.through === '' ? chinaDay(book.since) : dayPlus(book.through, 1);
    if (settled < from) return book.throughFen + (await this.#turnedFen({ from }));
    const fen = book.throughFen + (await this.#turnedFen({ from, to: settled }));
    await books.sum(book, { day: settled, fen });
    return fen + (await this.#turnedFen({ from: dayPlus(settled, 1) }));
  }

  async #turnedFen(days: { readonly from: string; readonly to?: string }): Promise<number> {
    const { ledger, grid } = this.#init;
    return (await ledger.turnover(days)).get(ACCOUNTS.gridDeposit(grid.grid)) ?? 0;
  }
}
