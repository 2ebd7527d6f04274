import { createHash } from 'node:crypto';
import type { CreateOrderRequest } from '@bianmin/shared/api/order';
import type { Channel } from '@bianmin/shared/api/scalars';
import { ProblemError } from '../http/problem.ts';
import { PaymentError } from '../payment/error.ts';
import type { OrderStore } from '../store/orders.ts';
import type { CardSession, CardSessions } from './card-session.ts';
import { nextDue } from './due.ts';
import { isOffered } from './limits.ts';
import type { OrderMetrics } from './metrics.ts';
import type { OrderMover } from './mover.ts';
import { paymentAdded, paymentsClosed } from './moves/payment.ts';
import { slotOf } from './moves/sale.ts';
import type { Order } from './order.ts';
import { newOrderNo } from './order-no.ts';
import type { PaymentDesk } from './payment-desk.ts';
import { fundingOf, isLive, isUnpaid } from './state.ts';

/** Attempts to be paid that one order may have. */
const MAX_PAYMENTS = 20;

/** Making orders and having them paid, as a terminal asks for it. Failures are `ProblemError`s. */
export class Orders {
  readonly #grid: string;
  readonly #mover: OrderMover;
  readonly #store: OrderStore;
  readonly #desk: PaymentDesk;
  readonly #sessions: CardSessions;
  readonly #metrics: OrderMetrics;

  constructor(init: {
    grid: string;
    mover: OrderMover;
    desk: PaymentDesk;
    sessions: CardSessions;
    metrics: OrderMetrics;
  }) {
    this.#grid = init.grid;
    this.#mover = init.mover;
    this.#store = init.mover.store;
    this.#desk = init.desk;
    this.#sessions = init.sessions;
    this.#metrics = init.metrics;
  }

  /**
   * The order, for a terminal that may see it: its own, one whose write it took over, or one whose card it
   * has just identified.
   */
  async get(terminalId: string, orderNo: string): Promise<Order> {
    const order = await this.#store.get(orderNo);
    if (order !== null) {
      if (order.watchers.includes(terminalId)) return order;
      if (await this.#sessions.holds(terminalId, order.serial)) return order;
    }
    throw new ProblemError({ code: 'order.not-found', message: 'This terminal has no such order.' });
  }

  /** The same key gives the same order; one that is unpaid on the same terminal gives way to the new one. */
  async create(terminalId: string, request: CreateOrderRequest): Promise<Order> {
    const digest = digestOfRequest(request);
    const known = await this.#store.byIdempotencyKey(terminalId, request.idempotencyKey);
    if (known !== null) return sameRequest(known, digest);
    const session = await this.#sessions.find(request.cardSession, terminalId);
    if (session === null) {
      throw new ProblemError({
        code: 'card.session-expired',
        message: 'The card was read too long ago. Read it again.',
      });
    }
    checkAmount(session, request.faceFen);
    await this.#makeWay(terminalId, session);
    for (;;) {
      const order = this.#newOrder(terminalId, { request, digest, session });
      if ((await this.#store.insert(order)) === 'inserted') {
        this.#metrics.created.inc();
        return this.#unlessSecond(order);
      }
      const raced = await this.#store.byIdempotencyKey(terminalId, request.idempotencyKey);
      if (raced !== null) return sameRequest(raced, digest);
      // Another order drew the same number in the same second: draw again.
    }
  }

  /** The newest payment through this channel while it can be paid, else a further one. */
  async createPayment(order: Order, channel: Channel): Promise<Order> {
    try {
      this.#desk.channelOf(channel);
      const now = this.#mover.now();
      const live = openPayment(order, channel, now);
      if (live !== undefined) {
        return live.codeUrl === null ? await this.#desk.requestCode(order, live.no) : order;
      }
      const { order: added } = await this.#mover.move(order, (current) => {
        refuseUnlessPayable(current);
        if (openPayment(current, channel, now) !== undefined) return undefined;
        return paymentAdded(current, { channel, now, ttlMs: this.#mover.policy.paymentTtlMs });
      });
      const payment = openPayment(added, channel, now);
      return payment === undefined ? added : await this.#desk.requestCode(added, payment.no);
    } catch (error) {
      if (!(error instanceof PaymentError)) throw error;
      throw new ProblemError({
        code: 'payment.channel-unavailable',
        message: 'The payment channel gives no code just now. Try again, or choose another.',
        cause: error,
        orderNo: order._id,
      });
    }
  }

  /** Closes an order that nobody paid, on the channels' evidence. One that was paid goes on. */
  async cancel(order: Order): Promise<Order> {
    return this.#desk.closeOrder(order, 'cancelled');
  }

  /** Before money can move: nothing else of this meter is open, and the last purchase is in the meter. */
  async #makeWay(terminalId: string, session: CardSession): Promise<void> {
    for (const order of await this.#store.unsettledOfMeter(this.#grid, session.meterNo)) {
      const mine = isUnpaid(order.state) && order.terminalId === terminalId;
      const now = mine ? await this.#desk.closeOrder(order, 'superseded') : order;
      if (now.closure.status !== 'closed') throw orderOpen(now);
    }
    const slot = slotOf({ grid: this.#grid, meterNo: session.meterNo, count: session.count });
    if (!session.previousInserted || (await this.#store.bySaleSlot(slot)) !== null) {
      throw new ProblemError({
        code: 'meter.previous-not-inserted',
        message: 'The last purchase is not yet in the meter. Put the card in the meter first.',
      });
    }
  }

  /** Two terminals with one card, at the same moment: the earlier order stays. */
  async #unlessSecond(order: Order): Promise<Order> {
    const all = await this.#store.unsettledOfMeter(this.#grid, order.meterNo);
    const earlier = all.find((other) => {
      const before = other.createdAt.getTime() - order.createdAt.getTime();
      return other._id !== order._id && (before < 0 || (before === 0 && other._id < order._id));
    });
    if (earlier === undefined) return order;
    await this.#mover.move(order, (current) => paymentsClosed(current, [], 'superseded'));
    throw orderOpen(earlier);
  }

  #newOrder(
    terminalId: string,
    init: { request: CreateOrderRequest; digest: string; session: CardSession },
  ): Order {
    const now = this.#mover.now();
    const { request, session } = init;
    const order: Order = {
      _id: newOrderNo(now),
      version: 1,
      state: 'created',
      idempotencyKey: request.idempotencyKey,
      idempotencyDigest: init.digest,
      terminalId,
      entry: request.entry,
      faceFen: request.faceFen,
      discountFen: 0,
      paidFen: request.faceFen,
      grid: this.#grid,
      customerNo: session.customerNo,
      meterNo: session.meterNo,
      chip: session.chip,
      serial: session.serial,
      imageDigest: session.imageDigest,
      count: session.count,
      masked: session.masked,
      payments: [],
      sale: { status: 'none' },
      saleSlot: null,
      reversal: { status: 'none' },
      write: { status: 'none' },
      refunds: [],
      closure: { status: 'open' },
      attention: null,
      watchers: [terminalId],
      events: [{ n: 1, at: now, name: 'order.created', by: 'terminal', data: { faceFen: request.faceFen } }],
      createdAt: now,
      updatedAt: now,
      dueAt: null,
    };
    return { ...order, dueAt: nextDue(order, now, this.#mover.policy) };
  }
}

/** A payment of this channel that can still be paid. */
function openPayment(order: Order, channel: Channel, now: Date) {
  return order.payments.find((each) => each.channel === channel && isLive(each) && each.expiresAt > now);
}

function refuseUnlessPayable(order: Order): void {
  if (fundingOf(order) !== undefined) {
    throw new ProblemError({
      code: 'order.already-paid',
      message: 'This order is paid. Nothing more is to be paid.',
      orderNo: order._id,
    });
  }
  if (order.closure.status !== 'open' || order.payments.length >= MAX_PAYMENTS) {
    throw new ProblemError({
      code: 'order.closed',
      message: 'This order takes no money any more. Make a new one.',
      orderNo: order._id,
    });
  }
}

function orderOpen(order: Order): ProblemError {
  return new ProblemError({
    code: 'meter.order-open',
    message: 'Another order of this meter is open. Finish it, or wait until it has ended.',
    orderNo: order._id,
  });
}

function checkAmount(session: CardSession, faceFen: number): void {
  if (isOffered(session, faceFen)) return;
  throw new ProblemError({
    code: 'order.amount-out-of-range',
    message: `The amount must be ${session.minFen} to ${session.maxFen} fen in whole yuan.`,
    errors: [{ pointer: '/body/faceFen', detail: 'is not an amount that can be bought' }],
  });
}

function digestOfRequest(request: CreateOrderRequest): string {
  const { cardSession, faceFen, entry } = request;
  return createHash('sha256')
    .update(JSON.stringify([cardSession, faceFen, entry]))
    .digest('hex');
}

function sameRequest(order: Order, digest: string): Order {
  if (order.idempotencyDigest === digest) return order;
  throw new ProblemError({
    code: 'order.idempotency-mismatch',
    message: 'This key was used for another order. Use a new key for a new purchase.',
    orderNo: order._id,
  });
}
