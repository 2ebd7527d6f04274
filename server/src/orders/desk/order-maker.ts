import { currentTraceId } from '@bianmin/purchase/node/trace';
import { ProblemError } from '../../kernel/problem.ts';
import type { GridCard } from '../../gateways/grid/customers.ts';
import type { DiscountAnswer, DiscountSource } from '../model/discount-source.ts';
import type { VendorCreditSource } from '../model/vendor-credit-source.ts';
import { consentData, type ByConsent } from '../model/by-consent.ts';
import { duesOf, withDues } from '../model/due.ts';
import { isOffered } from './amounts.ts';
import type { MeterGate } from './meter-gate.ts';
import type { OrderMetrics } from './metrics.ts';
import type { OrderMover } from './mover.ts';
import type { OrderPace } from './order-pace.ts';
import type { Order } from '../model/order.ts';
import { newOrderNo } from '../model/order-no.ts';

/** What differs between one new order and another. */
export type NewOrder = OfOrder & {
  /** The newest that the meter has written back, by its own clock; null: never, or it is not read from a card. */
  readonly meterSaidAt: string | null;
  /** Set: staff made it for a household by its consent. */
  readonly consent?: ByConsent;
};
type OfOrder = Pick<
  Order,
  | 'kind'
  | 'terminalId'
  | 'orgPath'
  | 'entry'
  | 'faceFen'
  | 'idempotencyKey'
  | 'idempotencyDigest'
  | 'grid'
  | 'customerNo'
  | 'meterNo'
  | 'chip'
  | 'serial'
  | 'imageDigest'
  | 'count'
  | 'bill'
  | 'wasOff'
  | 'masked'
  | 'holder'
>;

/** A terminal that asks for an order. */
export interface OrderingTerminal {
  readonly terminalId: string;
  /** The order's from then on. */
  readonly orgPath: readonly string[];
}

/** Whose key makes it, and for what. */
type MadeKey = Pick<NewOrder, 'terminalId' | 'idempotencyKey' | 'idempotencyDigest'>;

/** Stores new orders: once for each owner's key, one at a time for each meter. */
export class OrderMaker {
  readonly #mover: OrderMover;
  readonly #gate: MeterGate;
  readonly #metrics: OrderMetrics;
  readonly #discounts: DiscountSource;
  readonly #credit: VendorCreditSource;
  readonly #pace: Pick<OrderPace, 'take'> | undefined;
  readonly #draw: ((below: number) => number) | undefined;

  constructor(init: {
    mover: OrderMover;
    gate: MeterGate;
    metrics: OrderMetrics;
    discounts: DiscountSource;
    credit: VendorCreditSource;
    /** Absent: none is held to a pace. */
    pace?: Pick<OrderPace, 'take'> | undefined;
    draw?: ((below: number) => number) | undefined;
  }) {
    this.#discounts = init.discounts;
    this.#credit = init.credit;
    this.#pace = init.pace;
    this.#mover = init.mover;
    this.#gate = init.gate;
    this.#metrics = init.metrics;
    this.#draw = init.draw;
  }

  /** The order that this owner's key already made; throws where it was made for something else. */
  async known(made: MadeKey): Promise<Order | null> {
    const order = await this.#mover.store.byIdempotencyKey(made.terminalId, made.idempotencyKey);
    return order === null ? null : madeBy(order, made);
  }

  /** The same among orders that were asked for by this key, with more. */
  knownAmong(orders: readonly Order[], made: MadeKey): Order | null {
    const { terminalId, idempotencyKey } = made;
    const order = orders.find(
      (each) => each.terminalId === terminalId && each.idempotencyKey === idempotencyKey,
    );
    return order === undefined ? null : madeBy(order, made);
  }

  /**
   * Throws `server.unavailable` before anything else where orders are held to a pace, then `grid.no-credit` where what we have at the
   * grid does not cover it; then `makeWay` clears the way, and may throw too.
   */
  async make(init: NewOrder, makeWay: () => Promise<void>): Promise<Order> {
    this.#pace?.take();
    if (!(await this.#credit.hold(init.faceFen))) {
      throw new ProblemError({
        code: 'grid.no-credit',
        message: 'The grid sells no more by us for now. Nothing was taken. Try again later.',
      });
    }
    await makeWay();
    for (;;) {
      const now = this.#mover.now();
      const orderNo = newOrderNo(now, this.#draw);
      const { grid, customerNo, faceFen } = init;
      const answer = await this.#discounts.reserve({ orderNo, grid, customerNo, faceFen });
      const { given } = answer;
      const order = this.#newOrder(init, { orderNo, now, answer });
      if ((await this.#mover.insert(order)) === 'inserted') {
        this.#metrics.created.inc();
        return this.#gate.unlessSecond(order);
      }
      if (given !== undefined) await this.#discounts.release(orderNo, given.discount.rule);
      const raced = await this.known(init);
      if (raced !== null) return raced;
      // Another order drew the same number in the same second: draw again.
    }
  }

  #newOrder(init: NewOrder, made: { orderNo: string; now: Date; answer: DiscountAnswer }): Order {
    const { now } = made;
    const { given, why } = made.answer;
    const { meterSaidAt, consent, ...asked } = init;
    const { faceFen, terminalId } = asked;
    const discountFen = given?.fen ?? 0;
    const traceId = currentTraceId();
    const by = terminalId.startsWith('payer:') ? 'payer' : 'terminal';
    const order: Order = {
      ...asked,
      _id: made.orderNo,
      version: 1,
      ...(traceId === undefined ? {} : { traceId }),
      state: 'created',
      discountFen,
      paidFen: faceFen - discountFen,
      ...(given === undefined ? {} : { discount: given.discount }),
      payments: [],
      sale: { status: 'none' },
      saleSlot: null,
      reversal: { status: 'none' },
      write: { status: 'none', ...(meterSaidAt === null ? {} : { meterSaidAt }) },
      credit: { status: 'none' },
      refunds: [],
      closure: { status: 'open' },
      attention: null,
      watchers: [terminalId],
      events: [
        {
          ...{ n: 1, at: now, name: 'order.created' as const, by },
          data: {
            ...{ faceFen, discountFen, kind: init.kind },
            ...(why && { noDiscount: why }),
            ...consentData(consent),
          },
        },
      ],
      createdAt: now,
      updatedAt: now,
      dueAt: null,
    };
    return withDues(order, duesOf(order, now, this.#mover.policy));
  }
}

function madeBy(order: Order, { idempotencyDigest }: MadeKey): Order {
  if (order.idempotencyDigest === idempotencyDigest) return order;
  throw new ProblemError({
    code: 'order.idempotency-mismatch',
    message: 'This key was used for another order. Use a new key for a new purchase.',
    orderNo: order._id,
  });
}

/** Throws unless a screen may offer this amount. */
export function checkAmount(allowed: Pick<GridCard, 'minFen' | 'maxFen'>, faceFen: number): void {
  if (isOffered(allowed, faceFen)) return;
  throw new ProblemError({
    code: 'order.amount-out-of-range',
    message: `The amount must be ${allowed.minFen} to ${allowed.maxFen} fen in whole yuan.`,
    errors: [{ pointer: '/body/faceFen', detail: 'is not an amount that can be bought' }],
  });
}
