import { CodedError } from '@bianmin/card/errors';
import type { OrderState, OrderView } from '../api/order.ts';
import type { OrderFeed } from '../purchase/ports.ts';

export interface FakeOrder {
  view: OrderView;
  serial: string;
  readonly key: string;
  lease: number;
}

/** The orders of a fake server, and who hears of their changes. */
export class FakeOrderBook implements OrderFeed {
  /** Changes reach subscribers by themselves. */
  pushes = true;
  readonly #orders = new Map<string, FakeOrder>();
  readonly #listeners = new Map<string, Set<(order: OrderView) => void>>();

  add(order: FakeOrder): void {
    this.#orders.set(order.view.orderNo, order);
  }

  /** The order that this key made. */
  made(key: string): FakeOrder | undefined {
    return [...this.#orders.values()].find((order) => order.key === key);
  }

  get orders(): readonly OrderView[] {
    return [...this.#orders.values()].map(({ view }) => view);
  }

  /** The newest order. */
  get last(): OrderView {
    const last = this.orders.at(-1);
    if (last === undefined) throw new Error('no order was made');
    return last;
  }

  /** Something happened to an order: at a wallet, at the grid, at another terminal. */
  move(orderNo: string, state: OrderState, patch: Partial<OrderView> = {}): void {
    const order = this.find(orderNo);
    order.view = { ...order.view, ...patch, state, version: order.view.version + 1 };
    if (!this.pushes) return;
    for (const listener of [...(this.#listeners.get(orderNo) ?? [])]) listener(order.view);
  }

  /** The card of the meter that a remote order was sold for. */
  belongsTo(orderNo: string, serial: string): void {
    this.find(orderNo).serial = serial;
  }

  pay(orderNo: string): void {
    const { view } = this.find(orderNo);
    const payment =
      view.payment === null ? null : { ...view.payment, status: 'succeeded' as const, codeUrl: null };
    this.move(orderNo, 'paid', { payment, receiptCode: 'R7K2 9QXD' });
  }

  subscribe(orderNo: string, listener: (order: OrderView) => void): () => void {
    const set = this.#listeners.get(orderNo) ?? new Set();
    this.#listeners.set(orderNo, set);
    set.add(listener);
    return () => {
      set.delete(listener);
    };
  }

  /** A paid order that waits for this card. */
  unfinished(serial: string): OrderView | null {
    const waiting = new Set<OrderState>(['paid', 'grid-silent', 'sold', 'writing', 'write-failed']);
    const found = [...this.#orders.values()].find(
      (order) => order.serial === serial && order.view.kind !== 'account' && waiting.has(order.view.state),
    );
    return found?.view ?? null;
  }

  /** Fails where there is none. */
  find(orderNo: string): FakeOrder {
    const order = this.#orders.get(orderNo);
    if (order === undefined) throw fault('order.not-found');
    return order;
  }
}

/** What the fake server answers in place of an answer. */
export function fault(code: string): CodedError {
  return new CodedError({ code, message: 'The fake server was told to fail.' });
}
