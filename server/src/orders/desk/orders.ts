import { createHash } from 'node:crypto';
import type { CreateOrderRequest } from '@bianmin/purchase/api/order';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { PayCode } from '@bianmin/purchase/api/scalars';
import { ProblemError } from '../../kernel/problem.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import type { OrderStore } from '../store/orders.ts';
import { hasAccount } from './account-facts.ts';
import type { AccountOrders } from './account-orders.ts';
import type { CardSessions } from './card-session.ts';
import type { MeterGate } from './meter-gate.ts';
import { OrdersOfMeter } from './orders-of-meter.ts';
import type { OrderMover } from './mover.ts';
import { paymentAdded, refuseUnlessPayable } from '../model/moves/payment.ts';
import type { Order, PaymentMeans } from '../model/order.ts';
import { checkAmount, type NewOrder, type OrderingTerminal, type OrderMaker } from './order-maker.ts';
import type { PaymentClosing } from './payment-closing.ts';
import type { PaymentDesk } from './payment-desk.ts';
import type { PaymentSources } from './payment-sources.ts';
import type { RefusedKeys } from './refused-keys.ts';
import { isLive } from '../model/state.ts';
import { isReleasedTo } from './write-lease.ts';

/** Making orders and having them paid, as a terminal asks for it. Failures are `ProblemError`s. */
export class Orders {
  readonly #grid: string;
  readonly #mover: OrderMover;
  readonly #store: OrderStore;
  readonly #desk: PaymentDesk;
  readonly #sources: PaymentSources;
  readonly #closing: PaymentClosing;
  readonly #sessions: CardSessions;
  readonly #gate: MeterGate;
  readonly #maker: OrderMaker;
  readonly #accounts: AccountOrders;
  readonly #keys: Pick<RefusedKeys, 'check'>;
  readonly #pickCode: (order: Order) => PayCode | undefined;

  constructor(init: {
    grid: string;
    mover: OrderMover;
    desk: PaymentDesk;
    sources: PaymentSources;
    closing: PaymentClosing;
    sessions: CardSessions;
    gate: MeterGate;
    maker: OrderMaker;
    accounts: AccountOrders;
    keys: Pick<RefusedKeys, 'check'>;
    /** What is shown to a payer who did not choose; undefined while no channel is open. */
    pickCode: (order: Order) => PayCode | undefined;
  }) {
    this.#grid = init.grid;
    this.#mover = init.mover;
    this.#store = init.mover.store;
    this.#desk = init.desk;
    this.#sources = init.sources;
    this.#closing = init.closing;
    this.#sessions = init.sessions;
    this.#gate = init.gate;
    this.#maker = init.maker;
    this.#accounts = init.accounts;
    this.#keys = init.keys;
    this.#pickCode = init.pickCode;
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

  /**
   * The same, to be paid by a code of this channel: one that was made here and has no payment yet is not read again. What comes
   * next is a move, which finds out whether it still is so.
   */
  async toPay(terminalId: string, orderNo: string, code: PayCode): Promise<Order> {
    const recent = code === 'any' ? undefined : this.#mover.recent(orderNo);
    const isUntouched = recent?.payments.length === 0 && recent.closure.status === 'open';
    return isUntouched && recent.watchers.includes(terminalId) ? recent : this.get(terminalId, orderNo);
  }

  /** The same, to hear of a plan that left under this lease: read again unless it left here, and to nobody else before its time. */
  async toClaim(terminalId: string, orderNo: string, lease: number): Promise<Order> {
    const recent = this.#mover.recent(orderNo);
    const isOut = recent !== undefined && isReleasedTo(recent, terminalId, lease);
    const until = recent?.write.leaseUntil ?? new Date(0);
    return isOut && until > this.#mover.now() ? recent : this.get(terminalId, orderNo);
  }

  /** The same key gives the same order; one that is unpaid on the same terminal gives way to the new one. */
  async create(terminal: OrderingTerminal, request: CreateOrderRequest): Promise<Order> {
    const { terminalId, orgPath } = terminal;
    const { idempotencyKey, faceFen, entry } = request;
    const key = { terminalId, idempotencyKey, idempotencyDigest: digestOfRequest(request) };
    const session = await this.#sessions.find(request.cardSession, terminalId);
    const byCount = session !== null && !hasAccount(session) && request.billNo === undefined;
    // One question for all that must be known of the meter, and of the key.
    const orders = byCount ? await this.#ofMeter(session, key) : undefined;
    const known =
      orders === undefined ? await this.#maker.known(key) : this.#maker.knownAmong(orders.all, key);
    if (known !== null) return known;
    if (session === null) {
      throw new ProblemError({
        code: 'card.session-expired',
        message: 'The card was read too long ago. Read it again.',
      });
    }
    const { customerNo, meterNo, chip, serial, imageDigest, count, masked, meterSaidAt, holder } = session;
    if (orders === undefined) {
      return this.#accounts.create(session, { ...key, orgPath, faceFen, entry, billNo: request.billNo });
    }
    checkAmount(session, faceFen);
    // Before money moves: the card could not be written.
    await this.#keys.check({ chip, serial, imageDigest });
    const order: NewOrder = {
      ...key,
      orgPath,
      ...{ kind: 'card', entry, faceFen, grid: this.#grid },
      ...{ customerNo, meterNo, chip, serial, imageDigest, count, masked, meterSaidAt },
      ...(holder === undefined ? {} : { holder }),
    };
    return this.#maker.make(order, () => this.#gate.makeWay(terminalId, session, orders));
  }

  #ofMeter(
    meter: Parameters<MeterGate['questionOf']>[0],
    { terminalId, idempotencyKey }: { terminalId: string; idempotencyKey: string },
  ): Promise<OrdersOfMeter> {
    const question = this.#gate.questionOf(meter);
    return OrdersOfMeter.ask(this.#store, { ...question, key: { terminalId, idempotencyKey } });
  }

  /**
   * The newest payment through this channel while it can be paid, else a further one. `any`: the code for every wallet,
   * which takes no payment of its own, or else a channel's that is open.
   */
  async createPayment(order: Order, code: PayCode): Promise<Order> {
    const now = this.#mover.now();
    const out = order.payments.find((each) => openPayment(order, each.channel, now) === each);
    const shown = out === undefined || out.channel === 'cash' ? undefined : out.channel;
    const channel = code === 'any' ? (shown ?? this.#pickCode(order)) : code;
    if (channel === 'any') {
      refuseUnlessPayable(order, now);
      return order;
    }
    if (channel === undefined) throw noChannel(order);
    return this.#through(order, channel);
  }

  async #through(order: Order, channel: Channel): Promise<Order> {
    try {
      this.#sources.channelOf(channel);
      const now = this.#mover.now();
      const live = openPayment(order, channel, now);
      if (live !== undefined) {
        return live.codeUrl === null ? await this.#desk.requestCode(order, live.no) : order;
      }
      const times = { now, ttlMs: this.#mover.policy.paymentTtlMs };
      const { order: added } = await this.#mover.move(order, (current) => {
        refuseUnlessPayable(current, now);
        if (openPayment(current, channel, now) !== undefined) return undefined;
        return paymentAdded(current, { channel, ...times });
      });
      const payment = openPayment(added, channel, now);
      return payment === undefined ? added : await this.#desk.requestCode(added, payment.no);
    } catch (error) {
      if (!(error instanceof PaymentError)) throw error;
      throw noChannel(order, error);
    }
  }

  /** Closes an unpaid order, on the channels' evidence. One that was paid goes on. */
  async cancel(order: Order): Promise<Order> {
    return this.#closing.closeOrder(order, 'cancelled');
  }
}

/** A payment of this channel whose code can still be paid. */
function openPayment(order: Order, channel: PaymentMeans, now: Date) {
  return order.payments.find(
    (each) => each.channel === channel && each.product === undefined && isLive(each) && each.expiresAt > now,
  );
}

function noChannel(order: Order, cause?: unknown): ProblemError {
  return new ProblemError({
    code: 'payment.channel-unavailable',
    message: 'The payment channel gives no code now. Try again, or choose another channel.',
    orderNo: order._id,
    ...(cause === undefined ? {} : { cause }),
  });
}

function digestOfRequest(request: CreateOrderRequest): string {
  const { cardSession, faceFen, entry, billNo } = request;
  return createHash('sha256')
    .update(JSON.stringify([cardSession, faceFen, entry, ...(billNo === undefined ? [] : [billNo])]))
    .digest('hex');
}
