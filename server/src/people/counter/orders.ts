import type { Clock } from '@bianmin/card/clock';
import type {
  CounterOrder,
  CounterOrderDetail,
  CounterOrders as OrdersPage,
  CounterOrdersRequest,
} from '@bianmin/purchase/api/counter';
import type { OrderState } from '@bianmin/purchase/api/order';
import { meterTailOf } from '../../kernel/mask.ts';
import { byConsentOf } from '../../orders/model/by-consent.ts';
import type { OrderEventName } from '../../orders/model/order-events.ts';
import { firstOrderNo } from '../../orders/model/order-no.ts';
import type { Order } from '../../orders/model/order.ts';
import type { ReceiptCodes } from '../../orders/desk/receipt.ts';
import { meterAnswerOf } from '../../orders/desk/meter-answer.ts';
import { meterSaidSo } from '../../orders/model/moves/meter.ts';
import { fundingOf } from '../../orders/model/state.ts';
import { leaseElsewhere } from '../../orders/desk/write-lease.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { readingsOf } from '../staff/any-key.ts';
import type { Diagnoses } from '../staff/diagnoses.ts';
import type { OrderQuery } from '../../orders/store/order-query.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { nextOf } from './next.ts';
import { placeOf, type CounterTerminal } from './place.ts';

/** Paid, and neither on the card, nor in the meter, nor given back. */
const UNFINISHED_STATES: readonly OrderState[] = [
  ...['paid', 'grid-silent', 'sold', 'writing', 'write-failed'],
  ...['crediting', 'credit-failed', 'attention'],
] as OrderState[];
/** Four digits are looked for in this time: they name many households. */
const TAIL_MS = 90 * 86_400_000;
const TAIL = /^\d{4}$/u;

/** The orders that staff at a terminal look through. */
export class CounterOrders {
  readonly #store: Pick<OrderStore, 'get' | 'search'>;
  readonly #receipts: ReceiptCodes;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #diagnoses: Pick<Diagnoses, 'of'>;

  constructor(init: {
    store: Pick<OrderStore, 'get' | 'search'>;
    receipts: ReceiptCodes;
    clock: Pick<Clock, 'now'>;
    diagnoses: Pick<Diagnoses, 'of'>;
  }) {
    this.#store = init.store;
    this.#receipts = init.receipts;
    this.#clock = init.clock;
    this.#diagnoses = init.diagnoses;
  }

  /** Newest first. */
  async list(
    terminal: CounterTerminal,
    of: Omit<CounterOrdersRequest, 'ticket' | 'limit'> & { readonly limit: number },
  ): Promise<OrdersPage> {
    const { list, key, after, limit } = of;
    const states = list === 'unfinished' ? { states: UNFINISHED_STATES } : {};
    const queries = key === undefined ? [{}] : this.#queriesOf(key);
    const place = placeOf(terminal);
    const pages = await Promise.all(
      queries.map((query) =>
        this.#store.search({ ...query, ...states, ...place.query }, { limit: limit + 1, after }, place.scope),
      ),
    );
    const byNumber = new Map(pages.flat().map((order) => [order._id, order]));
    const found = [...byNumber.values()].sort((a, b) => (a._id < b._id ? 1 : -1));
    const shown = found.slice(0, limit);
    const now = new Date(this.#clock.now());
    return {
      orders: shown.map((order) => rowOf(order, terminal.terminalId, now)),
      next: found.length > limit ? (shown.at(-1)?._id ?? null) : null,
    };
  }

  /** Throws `order.not-found`, also for one that is not this place's. */
  async get(terminal: CounterTerminal, orderNo: string): Promise<CounterOrderDetail> {
    const order = await this.#store.get(orderNo);
    if (order === null || !placeOf(terminal).has(order)) {
      throw new ProblemError({ code: 'order.not-found', message: 'There is no such order at this place.' });
    }
    const now = new Date(this.#clock.now());
    const funding = fundingOf(order);
    const consent = byConsentOf(order);
    return {
      ...rowOf(order, terminal.terminalId, now),
      diagnosis: await this.#diagnoses.of(order),
      ...{ faceFen: order.faceFen, discountFen: order.discountFen, kind: order.kind, count: order.count },
      ...(consent === undefined ? {} : { byConsent: { form: consent.form } }),
      means: funding?.channel ?? null,
      receiptCode: funding === undefined ? null : this.#receipts.codeOf(order._id),
      refundFen: order.refunds
        .filter(({ status }) => status !== 'rejected' && status !== 'requested')
        .reduce((sum, { fen }) => sum + fen, 0),
      writeFault: order.write.reason ?? null,
      leaseUntil: leaseElsewhere(order, terminal.terminalId, now)?.toISOString() ?? null,
      steps: stepsOf(order),
    };
  }

  #queriesOf(key: string): OrderQuery[] {
    if (TAIL.test(key)) {
      return [{ customerTail: key, from: firstOrderNo(new Date(this.#clock.now() - TAIL_MS)) }];
    }
    return readingsOf(key, this.#receipts).flatMap(({ kind, query }) =>
      kind === 'terminalId' ? [] : [query],
    );
  }
}

const STEPS: Partial<Record<OrderEventName, CounterOrderDetail['steps'][number]['step']>> = {
  'order.created': 'made',
  'payment.succeeded': 'paid',
  'sale.sold': 'sold',
  'write.released': 'released',
  'write.failed': 'failed',
  'write.written': 'written',
  'write.proven': 'written',
  'account.credited': 'credited',
  'refund.done': 'refunded',
};

function stepsOf(order: Order): CounterOrderDetail['steps'] {
  const credited = meterSaidSo(order);
  return order.events.flatMap((event) => {
    const at = event.at.toISOString();
    const step = STEPS[event.name];
    return [
      ...(step === undefined ? [] : [{ step, at }]),
      ...(event === credited ? [{ step: 'credited' as const, at }] : []),
    ];
  });
}

function rowOf(order: Order, terminalId: string, now: Date): CounterOrder {
  return {
    orderNo: order._id,
    createdAt: order.createdAt.toISOString(),
    state: order.state,
    paidFen: order.paidFen,
    household: { ...order.masked, ...meterTailOf(order.meterNo) },
    here: order.terminalId === terminalId,
    next: nextOf(order, terminalId, now),
    ...meterAnswerOf(order),
  };
}
