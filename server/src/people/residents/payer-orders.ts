import type { Clock } from '@bianmin/card/clock';
import type { BindingDetails, PayerOrder } from '@bianmin/purchase/api/payer';
import type { CreditChoice } from '@bianmin/purchase/api/order';
import type { Where } from '../../access/approvals.ts';
import type { Order } from '../../orders/model/order.ts';
import type { Orders } from '../../orders/desk/orders.ts';
import { meterTailOf } from '../../kernel/mask.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { isPayable, payableUntil } from '../../orders/desk/payable.ts';
import type { ReceiptCodes } from '../../orders/desk/receipt.ts';
import type { UnheardCustomers } from '../../orders/desk/unheard-customers.ts';
import type { RemoteOrders } from '../../orders/desk/remote-orders.ts';
import { viewOf } from '../../orders/desk/view.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { SealedLinks } from '../../orders/desk/sealed-links.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import type { Bindings } from './bindings.ts';
import type { DailyLimits } from './daily-limits.ts';

/** Orders of the last two days are shown to a phone that comes back. */
const RECENT_MS = 48 * 3_600_000;
const RECENT = 20;

export interface PayerOrdersInit {
  readonly bindings: Bindings;
  readonly limits: DailyLimits;
  readonly remote: Pick<RemoteOrders, 'create' | 'describe' | 'choose'>;
  readonly unheard: Pick<UnheardCustomers, 'describe'>;
  readonly orders: Pick<Orders, 'cancel'>;
  readonly store: OrderStore;
  readonly receipts: ReceiptCodes;
  /** A phone cannot scan its own screen: it pays on the order's page, which knows each wallet's way from there. */
  readonly links: Pick<SealedLinks, 'urlOf'>;
  readonly paymentTtlMs: number;
  readonly clock: Clock;
}

/** What a resident buys at home: remote orders of their own bindings. Failures are `ProblemError`s. */
export class PayerOrders {
  readonly #init: PayerOrdersInit;

  constructor(init: PayerOrdersInit) {
    this.#init = init;
  }

  /** Throws `binding.not-found` also where another holds the account now. */
  describe(payerId: string, bindingId: string, where: Where): Promise<BindingDetails> {
    return this.#describe(this.#init.remote, { payerId, bindingId, where });
  }

  /** The same, and the meter itself is asked where nothing was heard of the last purchase. */
  askMeter(payerId: string, bindingId: string, where: Where): Promise<BindingDetails> {
    return this.#describe(this.#init.unheard, { payerId, bindingId, where });
  }

  async #describe(
    by: Pick<UnheardCustomers, 'describe'>,
    { payerId, bindingId, where }: { payerId: string; bindingId: string; where: Where },
  ): Promise<BindingDetails> {
    const { bindings, limits } = this.#init;
    const binding = await bindings.get(payerId, bindingId);
    const [described, today] = await Promise.all([
      by.describe(bindings.customerNoOf(binding), ownerOf(payerId)),
      limits.left(binding),
    ]);
    await bindings.stillHeld(binding, described, where);
    return { ...described, id: binding._id, today };
  }

  async create(
    payerId: string,
    request: {
      readonly bindingId: string;
      readonly faceFen: number;
      readonly idempotencyKey: string;
      readonly billNo?: string | undefined;
    },
  ): Promise<Order> {
    const { bindings, limits, remote } = this.#init;
    const { faceFen, idempotencyKey, billNo } = request;
    const binding = await bindings.get(payerId, request.bindingId);
    await limits.reserve(binding, idempotencyKey, faceFen);
    const customerNo = bindings.customerNoOf(binding);
    const owner = { ownerId: ownerOf(payerId), orgPath: PROVINCE_PATH };
    const held = binding.holder === undefined ? {} : { holder: binding.holder };
    return remote.create({ ...owner, customerNo, ...held, faceFen, billNo, entry: 'phone', idempotencyKey });
  }

  /** Throws `order.not-found`, also where it is another payer's. */
  async get(payerId: string, orderNo: string): Promise<Order> {
    const order = await this.#init.store.get(orderNo);
    if (order?.terminalId === ownerOf(payerId)) return order;
    throw new ProblemError({ code: 'order.not-found', message: 'This phone has no such order.' });
  }

  /** The newest first. */
  async recent(payerId: string): Promise<Order[]> {
    const since = new Date(this.#init.clock.now() - RECENT_MS);
    const changed = await this.#init.store.changedSince(ownerOf(payerId), since, 100);
    return changed
      .filter((order) => order.terminalId === ownerOf(payerId))
      .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
      .slice(0, RECENT);
  }

  cancel(order: Order): Promise<Order> {
    return this.#init.orders.cancel(order);
  }

  choose(order: Order, choice: CreditChoice): Promise<Order> {
    return this.#init.remote.choose(order, choice);
  }

  viewOf(order: Order): PayerOrder {
    const { receipts, links, paymentTtlMs, clock } = this.#init;
    return {
      ...viewOf(order, receipts),
      customer: { ...order.masked, ...meterTailOf(order.meterNo) },
      pay: isPayable(order, clock.now(), paymentTtlMs)
        ? { url: links.urlOf(order._id), until: payableUntil(order, paymentTtlMs).toISOString() }
        : null,
    };
  }
}

/** The owner of a resident's orders. */
export function ownerOf(payerId: string): string {
  return `payer:${payerId}`;
}
