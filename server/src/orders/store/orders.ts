import type { OrderState } from '@bianmin/purchase/api/order';
import type { Scope } from '../../kernel/scope.ts';
import type { Dues, Order, RefundStatus } from '../model/order.ts';
import type { OrderPage, OrderQuery } from './order-query.ts';

/** Another order has the sale slot, or another payment the channel's transaction. */
export type Replaced = 'moved' | 'conflict' | 'slot-taken' | 'transaction-taken';

/** A refund that is not over. */
export type OpenRefundStatus = Exclude<RefundStatus, 'done' | 'rejected'>;

/** A household at a grid, as it is held now: the name tells a new tenant from the one before, who had the same number. */
export interface HouseholdAtGrid {
  readonly grid: string;
  readonly customerNo: string;
  readonly maskedName: string;
  /** A digest of who holds the account: none of another holder's, whatever the name. Orders without one go by the name. */
  readonly holder?: string;
}

/** Of cash that waits: at the counters of which float (absent: of all), after which order's number, and how many orders. */
export interface OfCashOwed {
  readonly float?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** What is asked about a meter at one moment. */
export interface MeterQuestion {
  readonly grid: string;
  readonly meterNo: string;
  /** Which order holds the sale of each of these counts, also in the archive. */
  readonly counts?: readonly number[];
  /** The same, of counts that no order of long ago can hold: its meter's last sale stays among the orders. */
  readonly lateCounts?: readonly number[];
  /** Which order a terminal's key has made. */
  readonly key?: { readonly terminalId: string; readonly idempotencyKey: string };
  /** What of this household's cash waits for it. */
  readonly cashOf?: HouseholdAtGrid;
}

/**
 * Where orders are kept. Every write is durable before it resolves (majority, journaled) and touches one
 * document; every query has an index. `testing/order-store-contract.ts` runs on each implementation.
 */
export interface OrderStore {
  /**
   * `exists`: this number, or this terminal's idempotency key, is taken. A key of long ago is found by
   * `byIdempotencyKey` alone, which the caller asks first; a number says when it was drawn, so that no old one is
   * drawn again.
   */
  insert(order: Order): Promise<'inserted' | 'exists'>;
  get(orderNo: string): Promise<Order | null>;
  /** For a person: null also where it is outside of their scope. */
  getWithin(orderNo: string, scope: Scope): Promise<Order | null>;
  byIdempotencyKey(terminalId: string, key: string): Promise<Order | null>;
  bySaleSlot(saleSlot: string): Promise<Order | null>;
  /** Orders of a meter in one of `UNSETTLED_STATES`, oldest first. */
  unsettledOfMeter(grid: string, meterNo: string): Promise<Order[]>;
  /** All of it in one question, and where the archive may know more, another; each order once, oldest first. */
  aboutMeter(question: MeterQuestion): Promise<Order[]>;
  /** Those for a card, whatever meter they are of, the oldest first. `serial`: 16 hex digits. */
  unsettledOfCard(grid: string, serial: string): Promise<Order[]>;
  /** Compare-and-set: stores `after` where the order still has the version and facts of `before`. */
  replace(before: Order, after: Order): Promise<Replaced>;
  /** Moves only the time of the next look, where nothing else changed; without `dues` it is that of all that moves. */
  postpone(order: Order, dueAt: Date | null, dues?: Dues): Promise<void>;
  /** Numbers of a shard's orders to look at, the most overdue first. */
  due(now: Date, of: { readonly shard: number; readonly limit: number }): Promise<string[]>;
  /** Orders whose time to be looked at is after this, in no order. */
  dueAfter(after: Date, limit: number): Promise<{ readonly orderNo: string; readonly version: number }[]>;
  /** When the oldest order was made that must be looked at again some time; null where all are at rest. */
  oldestMoving(): Promise<Date | null>;
  /** How many orders are in a state; it stops counting at `most`. */
  countOf(state: OrderState, most: number): Promise<number>;
  /** Face value of all orders in these states, fen. */
  faceFenIn(states: readonly OrderState[]): Promise<number>;
  /** Since when the most overdue order could have been looked at; null where none is due. */
  dueSince(now: Date): Promise<Date | null>;
  /** Orders within a scope with a refund of one of these open statuses, the oldest order first. */
  withRefunds(statuses: readonly OpenRefundStatus[], limit: number, scope: Scope): Promise<Order[]>;
  /** Orders within a scope with cash that waits for its household, the oldest order first. */
  withCashOwed(of: OfCashOwed, scope: Scope): Promise<Order[]>;
  /** Orders that a terminal watches and that changed at or after `since`, oldest change first. */
  changedSince(terminalId: string, since: Date, limit: number): Promise<Order[]>;
  /** A customer's orders under this masked name that money came for, the newest first; `before`: older than that number. */
  purchasesOf(
    of: HouseholdAtGrid,
    page: { readonly limit: number; readonly before?: string },
  ): Promise<Order[]>;
  /** What staff look for within their scope, the newest first. */
  search(query: OrderQuery, page: OrderPage, scope: Scope): Promise<Order[]>;
}
