import type { GridSale, SellRequest } from '../../../src/gateways/grid/contract.ts';
import type { CardType } from '@bianmin/card/testing/meter-layout';
import type { Moment } from './day-book.ts';
import { feeOf, previousInserted, type Household, type MeterRoom } from './household.ts';
import { type BookEntry, blank } from './book-entry.ts';
import type { Deposit } from './deposit.ts';
import { type SellResult, nextCardType, reasonAgainst, refused, sameContent } from './sale-rules.ts';
import { againstCancel, againstReversal, isOfPresentMeter } from './undoing-rules.ts';

/** Sells by order number: the same number and content give the same sale, for ever. */
export class SalesBook {
  readonly #entries: Map<string, BookEntry>;
  readonly #household: (customerNo: string) => Household | undefined;
  /** The newest sale of each meter. */
  readonly #newest = new Map<string, BookEntry>();

  readonly #deposit: Deposit;

  constructor(
    entries: readonly BookEntry[],
    on: { household: (customerNo: string) => Household | undefined; deposit: Deposit },
  ) {
    this.#entries = new Map();
    for (const entry of entries) this.put(entry);
    this.#household = on.household;
    this.#deposit = on.deposit;
  }

  get(orderNo: string): BookEntry | undefined {
    return this.#entries.get(orderNo);
  }

  /** The newest sale of a meter, whatever became of it. */
  newestOf(meterNo: string): BookEntry | undefined {
    return this.#newest.get(meterNo);
  }

  /** The grid's serial of the next sale. */
  nextNo(): string {
    return `S${String(this.#entries.size + 1).padStart(11, '0')}`;
  }

  entries(): BookEntry[] {
    return [...this.#entries.values()];
  }

  /** Whatever proved it: the meter has everything up to this count. */
  noteCredited(household: Household, at: Moment): void {
    const newest = this.newestOf(household.meterNo);
    if (newest?.status !== 'sold' || newest.credit?.status === 'credited') return;
    if ((newest.sale?.count ?? Infinity) <= (household.creditedCount ?? 0)) newest.creditedAt ??= at;
  }

  /** The sale of a meter that is neither reversed nor proven credited. There is at most one. */
  openSale(household: Household): BookEntry | undefined {
    if (previousInserted(household)) return undefined;
    const newest = this.newestOf(household.meterNo);
    return newest?.status === 'sold' && newest.sale?.count === household.soldCount ? newest : undefined;
  }

  sell(request: SellRequest, { soldAt, room }: { soldAt: Moment; room: MeterRoom }): SellResult {
    const earlier = this.#entries.get(request.orderNo);
    const again = earlier && this.#again(earlier, request);
    if (again !== undefined) return again;
    const household = this.#household(request.customerNo);
    const refusal =
      household === undefined
        ? 'card-unknown'
        : (reasonAgainst(household, request, room) ?? this.#deposit.against(request.faceFen));
    if (household === undefined || refusal !== undefined) {
      const reason = refusal ?? 'card-unknown';
      this.put({ ...blank(request.orderNo, 'rejected'), request, refusal: reason });
      return refused(reason);
    }
    const { arrearsFen } = household;
    const feeFen = feeOf(household);
    const sale: GridSale = {
      saleNo: this.nextNo(),
      orderNo: request.orderNo,
      count: request.count,
      faceFen: request.faceFen,
      creditFen: request.faceFen - arrearsFen - feeFen,
      arrearsFen,
      feeFen,
    };
    const cardType = nextCardType(household, request.count);
    const typeBefore = household.cardType;
    household.soldCount = request.count;
    household.arrearsFen = 0;
    household.cardType = cardType;
    const depositFen = this.#deposit.take(request.faceFen);
    this.put({ ...blank(request.orderNo, 'sold'), request, sale, cardType, typeBefore, soldAt, depositFen });
    return { ok: true, sale };
  }

  /** What a number that was used answers; undefined: it is judged anew, since only the deposit was against it. */
  #again(earlier: BookEntry, request: SellRequest): SellResult | undefined {
    if (earlier.request === undefined || earlier.status === 'reversed') return refused('reversed');
    if (!sameContent(earlier.request, request)) return refused('duplicate');
    if (earlier.refusal === 'vendor-credit') return undefined;
    if (earlier.refusal !== undefined) return refused(earlier.refusal);
    return earlier.sale === undefined ? refused('other') : { ok: true, sale: earlier.sale };
  }

  /**
   * Undoes a sale whose plan never went out. A number that was never seen gets a tombstone, so that a request
   * still travelling cannot sell later. After a plan is out only a person and a reading of the meter can decide.
   */
  reverse(orderNo: string, reversedAt: Moment): { status: 'reversed' | 'refused'; reason?: string } {
    const entry = this.#entries.get(orderNo);
    if (entry === undefined) {
      this.put(blank(orderNo, 'reversed'));
      return { status: 'reversed' };
    }
    if (entry.status === 'reversed') return { status: 'reversed' };
    const household = entry.request && this.#household(entry.request.customerNo);
    if (entry.status === 'rejected' || entry.sale === undefined || household === undefined) {
      entry.status = 'reversed';
      return { status: 'reversed' };
    }
    const reason = againstReversal(entry, entry.sale, household);
    if (reason !== undefined) {
      entry.reversalRefused = reason;
      return { status: 'refused', reason };
    }
    return this.#undo(entry, { sale: entry.sale, household, at: reversedAt });
  }

  /** Undoes a sale that was taken off its card, by the terminal's word. A number that was never sold is refused. */
  cancel(orderNo: string, at: Moment): { status: 'reversed' | 'refused'; reason?: string } {
    const entry = this.#entries.get(orderNo);
    const { sale } = entry ?? {};
    const household = entry?.request && this.#household(entry.request.customerNo);
    if (entry?.status === 'reversed') return { status: 'reversed' };
    if (entry?.status !== 'sold' || sale === undefined || household === undefined) {
      return { status: 'refused', reason: 'not-sold' };
    }
    const reason = againstCancel(entry, { sale, household, at });
    if (reason !== undefined) {
      entry.reversalRefused = reason;
      return { status: 'refused', reason };
    }
    if (isOfPresentMeter(entry, household)) household.cancelledCount = sale.count;
    return this.#undo(entry, { sale, household, at });
  }

  #undo(
    entry: BookEntry,
    { sale, household, at }: { sale: GridSale; household: Household; at: Moment },
  ): { status: 'reversed' } {
    // Counts and type are the present meter's.
    const isPresent = isOfPresentMeter(entry, household);
    if (isPresent) household.soldCount = sale.count - 1;
    household.arrearsFen += sale.arrearsFen;
    this.#deposit.giveBack(entry.depositFen ?? 0);
    if (entry.typeBefore !== undefined && isPresent) household.cardType = entry.typeBefore;
    entry.status = 'reversed';
    entry.reversedAt = at;
    return { status: 'reversed' };
  }

  /** The sale is on another card from now on, as far as anybody knows: its former one was replaced. */
  moveTo(entry: BookEntry, card: { serial: string; cardType: CardType }): void {
    entry.movedTo = card.serial;
    entry.cardType = card.cardType;
    delete entry.typeBefore;
    entry.planReleased = true;
  }

  /** Books a number. */
  put(entry: BookEntry): void {
    this.#entries.set(entry.orderNo, entry);
    if (entry.sale !== undefined && entry.request !== undefined && entry.account === undefined)
      this.#newest.set(entry.request.meterNo, entry);
  }
}
