import type { RegionData } from '@bianmin/card/chip/region';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { AccountRequest, AccountStanding } from './accounts.ts';
import type { GridCardTask, GridNextStep, GridStepReport, GridTaskEnd } from './card-tasks.ts';
import type { GridCard, GridCustomer, QuoteRequest, GridQuote } from './customers.ts';
import type { MeterReading } from './meter-reading.ts';
import type { ReplaceCardRequest, GridReplacement } from './replacements.ts';
import type { VendorCredit } from './vendor-credit.ts';

/**
 * The grid's collection platform as this server needs it. One adapter a province; `testing/grid-contract.ts`
 * runs on each. Three kinds of failure, all `GridError`s:
 * - `grid.refused`: a business answer, final. Nothing happened.
 * - `grid.unavailable`: the request provably never left (breaker open, connection refused), or the grid said under
 *   its signature that it did not process it, or it was a question without effect. Nothing happened: the same caller
 *   may try again, and a person may be told that the grid is busy.
 * - `grid.unknown`: time-out, reset, 5xx, an answer that does not verify. **It may have happened.** What next is said
 *   at each method; never is a second number used in place of the first.
 *
 * At each method stand the same three things: what must be stored **before** the call, who may **repeat** it, and what
 * **unknown** means. A question (no effect) needs nothing stored, anybody may repeat it, and it never fails with
 * `grid.unknown`.
 */
export interface GridGateway {
  /** Name of the adapter, part of `saleSlot`: `collection-v1`. */
  readonly grid: string;
  /** Whether the grid's bill can be fetched by this line. If not, days are reconciled without it. */
  readonly bills: boolean;
  /** Whether a sale that is on its card can be cancelled by this line. If not, neither half of that is ever called. */
  readonly cancelsWritten: boolean;

  /**
   * Reads a card image for us. A question. It tells the grid what a meter left on the card, so it is asked again
   * whenever a card comes, and its answer is never older than the card in the reader.
   */
  identify(image: CardImage): Promise<GridCard>;

  /**
   * The same by customer number (户号), without a card. A question. The asking phone, terminal or staff must be
   * entitled to: we check that.
   */
  identifyCustomer(customerNo: string): Promise<GridCustomer>;

  /**
   * Has the meter itself read now, from afar: slow, and it costs the grid a call to the meter, so that a meter is asked about
   * once a minute at most. A question. null where the meter has no line, says nothing now, or this grid asks none. What a
   * meter said the grid knows from then on, as from return data.
   */
  readMeter(request: { readonly customerNo: string; readonly meterNo: string }): Promise<MeterReading | null>;

  /**
   * What an amount would buy now: binds neither side, since tariff and arrears may change before the sale. A
   * question.
   */
  quote(request: QuoteRequest): Promise<GridQuote>;

  /**
   * Sells.
   * - Before: `sale: sent` with this order number and the meter's slot, and the money is proven received.
   * - Repeat: only who stored it sends it, once. The grid is idempotent by `orderNo`, so that a copy of the message sells
   *   nothing more: the same content gives the same sale, other content is refused (`duplicate`).
   * - Unknown: `queryOriginal` with backoff, for as long as it takes. Not sold only after two "not found" beyond the
   *   horizon, or the grid's own refusal; until then the money is neither given back nor sold again.
   *
   * One refusal is not for ever: `vendor-credit` is about us and no household. The same number may be sold later, until
   * `reverse` buries it.
   */
  sell(request: SellRequest): Promise<GridSale & { readonly vendorCredit?: VendorCredit | undefined }>;

  /**
   * Pays into the account of a customer whose balance is kept at the grid, or one of a customer's bills. What is accepted
   * is credited: there is no card, no count (0 in the answer) and nothing to be written.
   * - Before: `sale: sent` with this order number as its slot, and the money is proven received.
   * - Repeat, unknown and the refusal for want of our credit: as for `sell`; `queryOriginal` and `reverse` are of its number
   *   too. `bill-settled`: that bill is paid.
   */
  payAccount(
    request: AccountRequest,
  ): Promise<
    GridSale & { readonly account: AccountStanding; readonly vendorCredit?: VendorCredit | undefined }
  >;

  /** What the grid still sells by us. A question; null where it bounds nothing, or has no such answer. */
  vendorCredit(): Promise<VendorCredit | null>;

  /**
   * What became of the sale under this order number. A question. `not-found` proves nothing while the sale may be
   * travelling: it counts beyond time-out and horizon, twice, and is then sealed by `reverse`, which leaves a tombstone.
   * The caller compares count and face value with its order: the number alone does not make it the same sale.
   */
  queryOriginal(
    orderNo: string,
  ): Promise<
    | { status: 'sold'; sale: GridSale }
    | { status: 'rejected'; reason: string }
    | { status: 'not-found' }
    | { status: 'reversed' }
  >;

  /**
   * What the meter left on the card (return file), as evidence with the sale, before a write blanks it.
   * - Before: nothing but the sale; its digest is stored with the release of the plan.
   * - Repeat: before each release of a plan, freely: idempotent by order number and content.
   * - Unknown: send it again. Without its success no plan is asked for.
   */
  returnData(orderNo: string, regions: readonly RegionData[]): Promise<void>;

  /**
   * The plan that puts a sale on its card: same serial, same count, however often it is asked for (补写).
   * Built against the image just read, so that nothing is written that is already there.
   * - Before: `sale: sold`, and `returnData` has succeeded. The plan itself is stored nowhere, and leaves this server
   *   only after a lease of one terminal is stored.
   * - Repeat: for the terminal that may write this card now, freely; each time with the card as it is then.
   * - Unknown: ask again. From the first answer that the grid gave, heard or not, it grants no reversal.
   */
  writePlan(orderNo: string, image: CardImage): Promise<WritePlan>;

  /**
   * The next stage of a plan: the card's answers in, authentication and MACed commands out.
   * - Before: the terminal holds the lease of this plan, unexpired.
   * - Repeat: the same terminal with the same answers gets the same stage. A card whose power was cut answers anew, and
   *   begins with `writePlan`.
   * - Unknown: nothing is written by it. Ask again, or begin the plan again.
   */
  authorise(request: {
    orderNo: string;
    stage: number;
    gathered: Readonly<Record<string, string>>;
  }): Promise<WritePlan>;

  /**
   * Tells the grid that the terminal says the card is written. It is no proof of a credit.
   * - Before: nothing; that it is still to be said is part of the order until the grid has taken it.
   * - Repeat: web process and worker, until it is delivered; changes nothing twice.
   * - Unknown: say it again.
   */
  confirmWrite(orderNo: string, imageDigest: string): Promise<void>;

  /**
   * Undoes a sale that is not on a card, or, for a number the grid never saw, leaves a tombstone so that a
   * request still travelling cannot sell later. `refused` is a business answer: the sale stands.
   * - Before: `reversal: sent` with its reason, on a sale of which no plan was ever released; none is from then on.
   * - Repeat: only who stored it sends it. Undone is undone: the same number answers the same.
   * - Unknown: `queryReversal` with backoff. Money goes back only after `reversed`.
   */
  reverse(orderNo: string, reason: string): Promise<{ status: 'reversed' | 'refused'; reason?: string }>;

  /**
   * What became of the reversal. A question. `not-found` beyond time-out and horizon means that the grid never saw it:
   * then it is stored as sent anew and sent again, under the same number.
   */
  queryReversal(orderNo: string): Promise<{ status: 'reversed' | 'refused' | 'not-found' }>;

  /**
   * The plan that takes a sale off its card again (撤销写卡): the count before it, and no money. `grid.refused` with `day-cut`
   * once the sale's day is cut; `count` where the meter has it, something was sold since, or the card bears another count;
   * `card-foreign` for any other card; `other` where a meter wrote to this one since.
   * - Before: what two persons decided, and a lease of one terminal; no plan that puts the sale on its card leaves meanwhile.
   * - Repeat: for that terminal, freely; each time with the card as it is then, also one that was pulled in the middle. A
   *   `writePlan` in between ends it, and the sale stays.
   * - Unknown: ask again. The sale stands.
   */
  cancelPlan(orderNo: string, image: CardImage): Promise<WritePlan>;

  /**
   * Tells the grid that the sale is off its card, which undoes it as `reverse` does. `refused` is a business answer: the sale
   * stands, and as the card lacks it, its write is to be had again.
   * - Before: `reversal: sent`, in the move that takes the terminal's word.
   * - Repeat: only who stored it sends it. Undone is undone: the same number answers the same.
   * - Unknown: `queryReversal` with backoff. Money goes back only after `reversed`.
   */
  confirmCancel(
    orderNo: string,
    imageDigest: string,
  ): Promise<{ status: 'reversed' | 'refused'; reason?: string }>;

  /**
   * Sends a sale's money and count to its meter from afar (远程充值), once the grid has sold under this number.
   * `grid.refused` is final: the meter did not and will not take it from afar, the sale stands.
   * - Before: `credit: sent`. No write plan is released for the order from then on, unless the credit failed for good.
   * - Repeat: only who stored it sends it. Idempotent by order number: a meter that has the count already is `credited`,
   *   never credited again.
   * - Unknown: `queryCredit` with backoff. Neither a card write nor a refund until it says `failed`.
   */
  remoteCredit(orderNo: string): Promise<GridCredit>;

  /**
   * What became of the credit. A question. `not-found`: the grid was never asked to, which counts as for
   * `queryOriginal`, and then the same credit is sent again; `pending`: it is still trying, for as long as it takes.
   */
  queryCredit(
    orderNo: string,
  ): Promise<
    | { status: 'credited'; credit: GridCredit }
    | { status: 'failed'; reason: string }
    | { status: 'pending' }
    | { status: 'not-found' }
  >;

  /**
   * Makes a blank card the customer's own in place of the former one (补卡), which is void from then on. What was sold
   * and never reached the meter goes onto the new card under the same count; nothing is sold by this.
   * - Before: the request with its number, allowed by a second person, and the serial of the one blank card it is for.
   * - Repeat: the same terminal with the same card, until it is written: the same plan. Another card under the number
   *   is refused.
   * - Unknown: ask again with the same card. The former card may be void already: it is treated so.
   */
  replaceCard(request: ReplaceCardRequest): Promise<GridReplacement>;

  /**
   * The grid's own bill of a day that is cut (日切). A question; the same day gives the same bytes for ever.
   * `grid.refused` with `day-cut` before that, with `other` where there are no `bills`. The caller checks hash and
   * totals before a line is used, and closes it.
   */
  dailyBill(day: string): Promise<GridBill>;

  /**
   * Which card sessions the grid wants to drive at these terminals (远程读写卡), of those that were not begun. A question:
   * the task stays the grid's until its first step or its end. The number is the grid's and says which task it is: we open
   * one session for it, ever. `grid.refused` with `other` where the grid drives no cards by this line.
   */
  cardTasks(terminals: readonly string[]): Promise<GridCardTask[]>;

  /**
   * Says what the newest step of a task's session found, and hears the next one. The grid names commands; whether they
   * are permitted, and the plan of a write, are decided as for anybody else who drives a card.
   * - Before: the session with the answer. Bytes of the card go up and are stored nowhere.
   * - Repeat: by the session's driver, freely: the same `done` with the same answer hears the same step; another
   *   answer is refused (`duplicate`).
   * - Unknown: say it again. No step follows from silence.
   */
  cardStep(report: GridStepReport): Promise<GridNextStep>;

  /**
   * Tells the grid that a task is over, and how. No step is asked for it any more.
   * - Before: the closed session; that it is still to be said is part of it. Nothing where no session was opened.
   * - Repeat: until it is delivered; the first one counts.
   * - Unknown: say it again.
   */
  endCardTask(end: GridTaskEnd): Promise<void>;
}

export interface GridCredit {
  readonly orderNo: string;
  /** The purchase count that the meter has now: the order's. */
  readonly count: number;
  readonly creditFen: number;
  /** What the meter says is left, after the credit. */
  readonly balanceFen: number;
  /** ISO 8601. */
  readonly creditedAt: string;
}

/** A day's bill as it came, on disk until it is closed, with the hash and the totals that it must have. */
export interface GridBill {
  /** YYYY-MM-DD in Beijing. */
  readonly day: string;
  /** ISO 8601. */
  readonly cutAt: string;
  readonly totals: {
    readonly sales: number;
    readonly soldFen: number;
    readonly reversals: number;
    readonly reversedFen: number;
  };
  /** SHA-256 of its content in UTF-8, hex, as the grid says it. */
  readonly sha256: string;
  /** The same of what came: another one where that was cut off or is not what the grid meant. */
  readonly receivedSha256: string;
  /**
   * Lines of `orderNo,saleNo,customerNo,meterNo,count,faceFen,creditFen,arrearsFen,feeFen,kind,status,at`, from the start, in
   * pieces that are cut anywhere: a bill may be larger than memory. Read as often as wanted.
   */
  content(): AsyncIterable<string>;
  /** Lets go of the temporary file. */
  close(): Promise<void>;
}

export interface SellRequest {
  readonly orderNo: string;
  readonly customerNo: string;
  readonly meterNo: string;
  /** Hex, 16 digits. */
  readonly serial: string;
  readonly faceFen: number;
  /** soldCount + 1, as identified: the grid refuses any other. */
  readonly count: number;
}

export interface GridSale {
  /** The grid's own serial of the sale (售电流水). */
  readonly saleNo: string;
  readonly orderNo: string;
  /** 0: into an account. */
  readonly count: number;
  readonly faceFen: number;
  /** What meter or account will be credited: face less arrears and fees. */
  readonly creditFen: number;
  readonly arrearsFen: number;
  readonly feeFen: number;
}
