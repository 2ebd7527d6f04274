import type { Clock } from '@bianmin/card/clock';
import type { Journal } from '@bianmin/card/meter-card/journal';
import type { Lease } from '@bianmin/card/meter-card/lease';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { CardSlot } from '@bianmin/card/reader/slot';
import type { IdentifyRequest, IdentifyResponse } from '../api/card.ts';
import type { CardImageMessage } from '../api/card-image.ts';
import type { CashOffer, CashReceipt, TakeCashRequest } from '../api/float.ts';
import type { HomeOrderRequest } from '../api/home.ts';
import type {
  AuthoriseRequest,
  ClaimRequest,
  CreateOrderRequest,
  CreatePaymentRequest,
  OrderView,
  ReleaseRequest,
  SealedPlan,
} from '../api/order.ts';
import type { MeterShownRequest } from '../api/meter-shown.ts';
import type { OrderQuote } from '../api/quote.ts';
import type {
  ChooseRequest,
  CreateRemoteOrderRequest,
  RemoteCustomer,
  RemoteDescribeRequest,
} from '../api/remote.ts';
import type { WritePhase } from './view/card-screens.ts';
import type { CashBy } from './cash-step.ts';

/** The readers' slots as they come and go. */
export interface SlotSource {
  slots(): readonly CardSlot[];
  /** Calls back after a slot came or went; returns its own removal. */
  onChange(listener: () => void): () => void;
}

/**
 * What the flow asks of the server. Failures are `CodedError`s with a code of `api/problem.ts`, or
 * `server.unavailable` where no answer came at all.
 */
export interface PurchaseApi {
  identify(request: IdentifyRequest): Promise<IdentifyResponse>;
  createOrder(request: CreateOrderRequest): Promise<OrderView>;
  describeRemote(request: RemoteDescribeRequest): Promise<RemoteCustomer>;
  createRemoteOrder(request: CreateRemoteOrderRequest): Promise<OrderView>;
  /** Of a household that this box keeps. */
  describeHome(homeId: string): Promise<RemoteCustomer>;
  createHomeOrder(homeId: string, request: HomeOrderRequest): Promise<OrderView>;
  choose(orderNo: string, request: ChooseRequest): Promise<OrderView>;
  order(orderNo: string): Promise<OrderView>;
  createPayment(orderNo: string, request: CreatePaymentRequest): Promise<OrderView>;
  /** What the order's amount buys. */
  quote(orderNo: string): Promise<OrderQuote>;
  /** Repeating it changes nothing. */
  takeCash(orderNo: string, request: TakeCashRequest): Promise<OrderView>;
  /** `request.not-found` where no cash was taken. */
  cashReceipt(orderNo: string): Promise<CashReceipt>;
  /** What the household says that its meter showed of a card that is written. */
  tellMeterShown(orderNo: string, request: MeterShownRequest): Promise<OrderView>;
  cancel(orderNo: string): Promise<OrderView>;
  release(orderNo: string, request: ReleaseRequest): Promise<SealedPlan>;
  authorise(orderNo: string, request: AuthoriseRequest): Promise<SealedPlan>;
  /** Throws `order.lease-stale` where this terminal may not write under that lease any more. */
  holdsLease(orderNo: string, lease: number): Promise<void>;
  claim(orderNo: string, request: ClaimRequest): Promise<OrderView>;
}

/** Before staff take cash, at a terminal that has them: asks the server as the clerk whose shift it is, or is now. */
export type OfferCash = (orderNo: string, by: CashBy) => Promise<CashOffer>;

/** Changes of one order, pushed or polled; late, doubled and out-of-order views are the listener's to drop. */
export interface OrderFeed {
  subscribe(orderNo: string, listener: (order: OrderView) => void): () => void;
}

export interface CardReading {
  /** Card serial, upper-case hex, 16 digits. */
  readonly serial: string;
  readonly image: CardImageMessage;
}

export interface WriteJob {
  readonly plan: WritePlan;
  /** After it no byte may be written. */
  readonly lease: Lease;
  /** Attempts before this one: what may be a bad contact is not given up at the first. */
  readonly tries: number;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Sends gathered answers up and gives the plan's next stage. */
  authorise(request: { stage: number; gathered: Readonly<Record<string, string>> }): Promise<WritePlan>;
  /** Whether the lease holds by the server's word; true where it gives none. Never throws. Absent: it cannot be asked. */
  holds?(): Promise<boolean>;
  /** Fraction: 0 to 1 over the whole write. */
  onProgress(phase: WritePhase, fraction: number): void;
}

/** How one attempt to write ended; only `written` was read back and compared. */
export type WriteOutcome =
  /** In the journal as `written`. */
  | { readonly result: 'written' }
  /** Given up for good, in the journal as `failed`. */
  | { readonly result: 'failed'; readonly code: string }
  /** The lease ran out before the first or between two steps. */
  | { readonly result: 'lease-expired' }
  /** The card left; some of it may be written. */
  | { readonly result: 'removed' }
  /** The card in the slot is not this order's. */
  | { readonly result: 'other-card' };

/** A card that was powered and read, on one session: what is written is written to what was read. */
export interface OpenCard extends CardReading {
  /**
   * Why the code may not be presented to this card, as an error code; null: it may. For a card that no write of ours
   * waits for. What a card cannot be asked, the journal may know of an earlier one. Burns no try.
   */
  codeFault(journal: Journal): Promise<string | null>;
  /** Throws whatever ended the attempt without an outcome; the card may be half written. */
  write(job: WriteJob): Promise<WriteOutcome>;
  /** Powers the card down. Never throws. */
  end(): Promise<void>;
  /**
   * Leaves the card powered for the next `open` of this slot, which then need not read it again: without losing its
   * power it can neither change nor become another. Never throws.
   */
  rest(): void;
}

/** The card layer below the flow. Fails with `ReaderError`, `ChipError` or `MeterCardError`. */
export interface CardWork {
  open(slot: CardSlot): Promise<OpenCard>;
}
