import type { Logger } from 'pino';

/** What a day's reconciliation can find (docs/reconciliation.md). */
export const DIFFERENCE_KINDS = [
  'CHANNEL_ONLY',
  'ORDER_ONLY',
  'GRID_ONLY',
  'AMOUNT_DIFF',
  'STATUS_DIFF',
  'DUPLICATE',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];
/** A day's account is not what the papers and the orders make it. */
export const ACCOUNT_DIFF = 'ACCOUNT_DIFF';
/** What the grid says is left of our deposit is not what the books make it. */
export const DEPOSIT_DIFF = 'DEPOSIT_DIFF';
/** What the bank sent to the grid is not what the days that it pays come to. */
export const TRANSFER_DIFF = 'TRANSFER_DIFF';

/**
 * What a case (差错) can be about. `written-not-credited`: the card was written and the meter does not have it.
 * `credited-not-written`: the meter has it and no terminal wrote it. `claim-contradicted`: what a terminal or the grid
 * claimed is not what the card or the meter shows. `meter-exchanged`: it is on the card of a meter that is gone; the grid moves it. `ledger-unsound`: what was posted of an order does not fit its
 * events. `late-posting`: it was posted for a month that was closed.
 * In capitals: what a day's reconciliation found (docs/reconciliation.md). `stuck`: something of
 * the order has moved for longer than its horizon. `cash-owed`: cash of a refund waits at its counter for longer than it may.
 * `shift-difference`: a clerk's drawer held too much or too little; `shift-left-open`: nobody counted it for too long. The
 * others are an order's reasons for attention.
 */
export const CASE_KINDS = [
  'written-not-credited',
  'credited-not-written',
  'claim-contradicted',
  'meter-exchanged',
  'grid-disagrees',
  'late-sale',
  'sale-mismatch',
  'credit-mismatch',
  'reversal-refused',
  'payment-mismatch',
  'refund-abnormal',
  'stuck',
  'cash-owed',
  'shift-difference',
  'shift-left-open',
  'ledger-unsound',
  'late-posting',
  ...DIFFERENCE_KINDS,
  ACCOUNT_DIFF,
  DEPOSIT_DIFF,
  TRANSFER_DIFF,
] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

const OF_BOOKS = [...DIFFERENCE_KINDS, ACCOUNT_DIFF, DEPOSIT_DIFF, TRANSFER_DIFF] as const;

/** A reconciliation's differences are about money of others: no one person calls one resolved. */
export function needsTwoPersons(kind: CaseKind): boolean {
  return OF_BOOKS.some((each) => each === kind);
}

/** What a case can tell; the console has words for each. `…Fen` is money; `…At` and `since` are times of ISO 8601. */
export const CASE_FACTS = [
  // An order.
  'state',
  'wasState',
  'fact',
  'since',
  'sale',
  'write',
  'faceFen',
  'paidFen',
  'refundFen',
  'requestNo',
  'refusal',
  'reason',
  // A card and its meter.
  'claim',
  'claimedAt',
  'count',
  'soldCount',
  'cardCount',
  'creditedCount',
  'meterSaidAt',
  // A day's papers.
  'day',
  'against',
  'billFen',
  'billStatus',
  'billAt',
  'orderFen',
  'orderStatus',
  'orderAt',
  'inChannelBill',
  'inOrders',
  'inGridBill',
  'notCompared',
  // The books.
  'posting',
  'event',
  'account',
  'ledgerFen',
  'outsideFen',
  'differenceFen',
  'unexplainedFen',
  'gridFen',
  'booksFen',
  'underWayFen',
  'firstDay',
  'transferredFen',
  'reference',
  'float',
  'terminalId',
  'staff',
  'drawerFen',
  'countedFen',
  'version',
  'why',
] as const;
type CaseFact = (typeof CASE_FACTS)[number];

/** Small and without secrets: no customer number, no card. */
export type CaseFacts = Readonly<Partial<Record<CaseFact, string | number | boolean>>>;

/** What is reported: the code that finds a difference need not know whether it is known already. */
export interface CaseReport {
  readonly kind: CaseKind;
  readonly orderNo: string;
  /** Which fact of the order it is about, where an order can have several (a refund's number, a lease). Absent: the order. */
  readonly key?: string;
  readonly facts: CaseFacts;
  /** Of its order, where it has one that is known. Absent: for the province's people. */
  readonly orgPath?: readonly string[];
}

/**
 * Where differences are reported so that a person answers for them. Resolves once the case is durable; reporting the
 * same kind, order and key again is the same case.
 */
export interface CaseSink {
  open(report: CaseReport): Promise<void>;
}

/** Where nothing keeps cases, the log does. */
export function loggingCases(log: Logger): CaseSink {
  return {
    open(found) {
      log.error({ case: found }, 'a meter contradicts what was claimed of an order');
      return Promise.resolve();
    },
  };
}
