import type { FinishedSpan } from '../adapters/tracing/span.ts';
import type { PaymentEvidence } from '../gateways/payment/contract.ts';
import { Advancer } from '../orders/desk/advance.ts';
import type { Order } from '../orders/model/order.ts';
import { MemoryNotificationStore } from './memory-orders.ts';
import { MoverRig } from './mover-rig.ts';

/** What a desk makes of the order that it is asked about. */
type Answer = (order: Order) => Order | Promise<Order>;

/** An advancer on desks that only write down what they are asked: which step it takes, and when. */
export class AdvanceRig extends MoverRig {
  /** In turn: `desk.method` and what it was asked about, but the order. */
  readonly asked: string[] = [];
  /** By `desk.method`; where there is none, nothing of the order changes. */
  readonly answers: Record<string, Answer> = {};
  readonly notifications = new MemoryNotificationStore();
  readonly spans: FinishedSpan[] = [];
  /** What channels say of a payment. */
  says: (no: string) => PaymentEvidence = () => ({ status: 'pending' });
  /** How often times were written down without a move. */
  postponed = 0;
  /** How often the order's notifications were read. */
  heard = 0;

  readonly #advancer: Advancer;

  constructor() {
    super();
    this.#count();
    this.#advancer = new Advancer({
      ...{ mover: this.mover, notifications: this.notifications, log: this.log },
      spans: (span) => void this.spans.push(span),
      sources: { evidenceOf: () => ({ query: (no: string) => this.#query(no) }) } as never,
      ...{ payments: this.#desk('payments'), receiving: this.#desk('receiving') },
      ...{ closing: this.#desk('closing'), sales: this.#desk('sales') },
      ...{ credits: this.#desk('credits'), refunds: this.#desk('refunds') },
    });
  }

  /** This order, looked at once; gives what was asked for it. */
  async advance(order: Order): Promise<string[]> {
    await this.holds(order);
    return this.again(order._id);
  }

  async again(orderNo: string): Promise<string[]> {
    await this.#advancer.advance(orderNo);
    return this.asked.splice(0);
  }

  #count(): void {
    const { store, notifications } = this;
    const postpone = store.postpone.bind(store);
    store.postpone = (...times) => {
      this.postponed += 1;
      return postpone(...times);
    };
    const ofOrder = notifications.ofOrder.bind(notifications);
    notifications.ofOrder = (orderNo) => {
      this.heard += 1;
      return ofOrder(orderNo);
    };
  }

  async #query(no: string): Promise<PaymentEvidence> {
    this.asked.push(`query ${no}`);
    return this.says(no);
  }

  #desk(name: string): never {
    const ask =
      (method: string) =>
      async (order: Order, ...about: unknown[]) => {
        const call = `${name}.${method}`;
        this.asked.push([call, ...about.map(wordOf)].join(' '));
        return (this.answers[call] ?? ((same: Order) => same))(order);
      };
    return new Proxy({}, { get: (_, method) => ask(String(method)) }) as never;
  }
}

function wordOf(about: unknown): string {
  if (Array.isArray(about)) return `[${about.map(wordOf).join(' ')}]`;
  if (about instanceof Date) return about.toISOString();
  if (typeof about !== 'object' || about === null) return String(about);
  const { no, paymentNo, refundNo } = about as Record<string, unknown>;
  return String(no ?? paymentNo ?? refundNo);
}
