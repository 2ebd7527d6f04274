import type { GridSale, SellRequest } from '../../../src/gateways/grid/contract.ts';
import type { GridRefusal } from '../../../src/gateways/grid/error.ts';
import { CARD_TYPE, type CardType } from '@bianmin/shared/testing/meter-layout';
import type { Moment } from './day-book.ts';
import type { CreditRecord } from './credit-record.ts';
import { feeOf, minimumFen, previousInserted, type Household } from './household.ts';

/** One order number in the grid's book, whatever became of it. It is never taken out again. */
export interface BookEntry {
  readonly orderNo: string;
  status: 'sold' | 'rejected' | 'reversed';
  /** Absent for a tombstone: a number that was reversed before it was ever seen. */
  readonly request?: SellRequest;
  readonly sale?: GridSale;
  readonly refusal?: GridRefusal;
  /** What the card must bear after this sale is on it. */
  cardType?: CardType;
  /** What it bore before: where it differs, the parameter file is part of what is written; absent: not known. */
  typeBefore?: CardType;
  /** The card that bears it, where that is no longer the one it was sold for. */
  movedTo?: string;
  readonly soldAt?: Moment;
  reversedAt?: Moment;
  /** When the grid learnt, from what the meter left on a card or told from afar, that it has this sale. */
  creditedAt?: Moment;
  /** Once the grid was asked to credit it from afar. */
  credit?: CreditRecord;
  /** A plan went out: from here on the card may have it. */
  planReleased: boolean;
  /** The terminal's word, nothing more. */
  writeClaimed: boolean;
  /** SHA-256 of return data kept as evidence before a plan blanked it. */
  readonly evidence: string[];
  /** Why a reversal was refused, if one was. */
  reversalRefused?: string;
}

export type SellResult =
  | { readonly ok: true; readonly sale: GridSale }
  | { readonly ok: false; readonly refusal: GridRefusal; readonly message: string };

const MESSAGES: Partial<Record<GridRefusal, string>> = {
  'card-unknown': 'No customer has this number.',
  'card-foreign': 'The meter is not this customer’s.',
  'card-replaced': 'This card was replaced by another.',
  'customer-closed': 'The account is closed.',
  count: 'The count must be one more than the last sold.',
  'previous-not-inserted': 'The last purchase has not been proven credited.',
  amount: 'The amount is outside the limits.',
  duplicate: 'The order number was used for something else.',
  reversed: 'The order number was reversed.',
};

/** Sells by order number: the same number and content give the same sale, for ever. */
export class SalesBook {
  readonly #entries: Map<string, BookEntry>;
  readonly #household: (customerNo: string) => Household | undefined;
  /** The newest sale of each meter. */
  readonly #newest = new Map<string, BookEntry>();

  constructor(entries: readonly BookEntry[], household: (customerNo: string) => Household | undefined) {
    this.#entries = new Map();
    for (const entry of entries) this.#put(entry);
    this.#household = household;
  }

  get(orderNo: string): BookEntry | undefined {
    return this.#entries.get(orderNo);
  }

  entries(): BookEntry[] {
    return [...this.#entries.values()];
  }

  /** Whatever proved it: the meter has everything up to this count. */
  noteCredited(household: Household, at: Moment): void {
    const newest = this.#newest.get(household.meterNo);
    if (newest?.status !== 'sold' || newest.credit?.status === 'credited') return;
    if ((newest.sale?.count ?? Infinity) <= (household.creditedCount ?? 0)) newest.creditedAt ??= at;
  }

  /** The sale of a meter that is neither reversed nor proven credited. There is at most one. */
  openSale(household: Household): BookEntry | undefined {
    if (previousInserted(household)) return undefined;
    const newest = this.#newest.get(household.meterNo);
    return newest?.status === 'sold' && newest.sale?.count === household.soldCount ? newest : undefined;
  }

  sell(request: SellRequest, soldAt: Moment): SellResult {
    const earlier = this.#entries.get(request.orderNo);
    if (earlier !== undefined) return this.#again(earlier, request);
    const household = this.#household(request.customerNo);
    const refusal = household === undefined ? 'card-unknown' : reasonAgainst(household, request);
    if (household === undefined || refusal !== undefined) {
      const reason = refusal ?? 'card-unknown';
      this.#put({ ...blank(request.orderNo, 'rejected'), request, refusal: reason });
      return refused(reason);
    }
    const { arrearsFen } = household;
    const feeFen = feeOf(household);
    const sale: GridSale = {
      saleNo: `S${String(this.#entries.size + 1).padStart(11, '0')}`,
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
    this.#put({ ...blank(request.orderNo, 'sold'), request, sale, cardType, typeBefore, soldAt });
    return { ok: true, sale };
  }

  #again(earlier: BookEntry, request: SellRequest): SellResult {
    if (earlier.request === undefined || earlier.status === 'reversed') return refused('reversed');
    if (!sameContent(earlier.request, request)) return refused('duplicate');
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
      this.#put(blank(orderNo, 'reversed'));
      return { status: 'reversed' };
    }
    if (entry.status === 'reversed') return { status: 'reversed' };
    const household = entry.request && this.#household(entry.request.customerNo);
    if (entry.status === 'rejected' || entry.sale === undefined || household === undefined) {
      entry.status = 'reversed';
      return { status: 'reversed' };
    }
    const reason = this.#againstReversal(entry, entry.sale, household);
    if (reason !== undefined) {
      entry.reversalRefused = reason;
      return { status: 'refused', reason };
    }
    household.soldCount = entry.sale.count - 1;
    household.arrearsFen += entry.sale.arrearsFen;
    if (entry.typeBefore !== undefined) household.cardType = entry.typeBefore;
    entry.status = 'reversed';
    entry.reversedAt = reversedAt;
    return { status: 'reversed' };
  }

  #againstReversal(entry: BookEntry, sale: GridSale, household: Household): string | undefined {
    if (household.soldCount !== sale.count) return 'later-sale';
    if ((household.creditedCount ?? 0) >= sale.count) return 'credited';
    if (entry.planReleased) return 'plan-released';
    if (entry.credit?.status === 'credited') return 'credited';
    return entry.credit?.status === 'pending' ? 'credit-under-way' : undefined;
  }

  /** The sale is on another card from now on, as far as anybody knows: its former one was replaced. */
  moveTo(entry: BookEntry, card: { serial: string; cardType: CardType }): void {
    entry.movedTo = card.serial;
    entry.cardType = card.cardType;
    delete entry.typeBefore;
    entry.planReleased = true;
  }

  #put(entry: BookEntry): void {
    this.#entries.set(entry.orderNo, entry);
    if (entry.sale !== undefined && entry.request !== undefined)
      this.#newest.set(entry.request.meterNo, entry);
  }
}

function blank(orderNo: string, status: BookEntry['status']): BookEntry {
  return { orderNo, status, planReleased: false, writeClaimed: false, evidence: [] };
}

function refused(refusal: GridRefusal): SellResult {
  return { ok: false, refusal, message: MESSAGES[refusal] ?? 'The sale was refused.' };
}

function reasonAgainst(household: Household, request: SellRequest): GridRefusal | undefined {
  if (household.meterNo !== request.meterNo) return 'card-foreign';
  if (household.closed) return 'customer-closed';
  if (household.serial !== request.serial) return 'card-replaced';
  if (!previousInserted(household)) return 'previous-not-inserted';
  if (request.count !== household.soldCount + 1) return 'count';
  if (request.faceFen < minimumFen(household) || request.faceFen > household.maxFen) return 'amount';
  return undefined;
}

/** The first purchase opens the meter; a replacement stays one, since the meter must take over its serial. */
function nextCardType(household: Household, count: number): CardType {
  if (count === 1) return CARD_TYPE.open;
  return household.cardType === CARD_TYPE.replacement ? CARD_TYPE.replacement : CARD_TYPE.purchase;
}

function sameContent(a: SellRequest, b: SellRequest): boolean {
  return (
    a.customerNo === b.customerNo &&
    a.meterNo === b.meterNo &&
    a.serial === b.serial &&
    a.faceFen === b.faceFen &&
    a.count === b.count
  );
}
