import type { OrderState } from '@bianmin/purchase/api/order';
import { covers, type Scope } from '../kernel/scope.ts';
import { cashOwedOf } from '../orders/model/cash-owed.ts';
import type { Dues, Order } from '../orders/model/order.ts';
import { shardOf } from '../kernel/shards.ts';
import { slotOf } from '../orders/model/moves/sale.ts';
import { NEVER_PAID_STATES, UNSETTLED_STATES } from '../orders/model/state.ts';
import {
  notificationId,
  type NotificationStore,
  type StoredNotification,
} from '../orders/store/notifications.ts';
import { isOfHousehold } from '../orders/store/household-filter.ts';
import { isFound, type OrderPage, type OrderQuery } from '../orders/store/order-query.ts';
import type {
  HouseholdAtGrid,
  MeterQuestion,
  OfCashOwed,
  OpenRefundStatus,
  OrderStore,
  Replaced,
} from '../orders/store/orders.ts';

/** Orders in memory with the database's rules, for campaigns of thousands. Passes the store's contract suite. */
export class MemoryOrderStore implements OrderStore {
  readonly #orders = new Map<string, Order>();

  all(): Order[] {
    return [...this.#orders.values()];
  }

  insert(order: Order): Promise<'inserted' | 'exists'> {
    const taken = this.all().some((each) => {
      return each.terminalId === order.terminalId && each.idempotencyKey === order.idempotencyKey;
    });
    if (taken || this.#orders.has(order._id)) return Promise.resolve('exists');
    this.#orders.set(order._id, order);
    return Promise.resolve('inserted');
  }

  get(orderNo: string): Promise<Order | null> {
    return Promise.resolve(this.#orders.get(orderNo) ?? null);
  }

  byIdempotencyKey(terminalId: string, key: string): Promise<Order | null> {
    return this.#find((order) => order.terminalId === terminalId && order.idempotencyKey === key);
  }

  bySaleSlot(saleSlot: string): Promise<Order | null> {
    return this.#find((order) => order.saleSlot === saleSlot);
  }

  unsettledOfMeter(grid: string, meterNo: string): Promise<Order[]> {
    return Promise.resolve(this.#unsettled(grid, (order) => order.meterNo === meterNo));
  }

  async aboutMeter(question: MeterQuestion): Promise<Order[]> {
    const { grid, meterNo, counts = [], lateCounts = [], key, cashOf } = question;
    const found = [
      await this.unsettledOfMeter(grid, meterNo),
      ...(await Promise.all(
        [...counts, ...lateCounts].map((count) => this.bySaleSlot(slotOf({ grid, meterNo, count }))),
      )),
      key && (await this.byIdempotencyKey(key.terminalId, key.idempotencyKey)),
      cashOf && this.#cashOwedTo(cashOf),
    ];
    const orders = new Map(found.flatMap((some) => some ?? []).map((order) => [order._id, order]));
    return [...orders.values()].sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  unsettledOfCard(grid: string, serial: string): Promise<Order[]> {
    return Promise.resolve(this.#unsettled(grid, (order) => order.serial === serial));
  }

  replace(before: Order, after: Order): Promise<Replaced> {
    const now = this.#orders.get(before._id);
    if (now?.version !== before.version) return Promise.resolve('conflict');
    const others = this.all().filter((order) => order._id !== after._id);
    if (after.saleSlot !== null && others.some((order) => order.saleSlot === after.saleSlot)) {
      return Promise.resolve('slot-taken');
    }
    const mine = transactionsOf(after);
    if (
      mine.length > 0 &&
      others.some((order) => transactionsOf(order).some((each) => mine.includes(each)))
    ) {
      return Promise.resolve('transaction-taken');
    }
    this.#orders.set(after._id, after);
    return Promise.resolve('moved');
  }

  postpone(order: Order, dueAt: Date | null, dues?: Dues): Promise<void> {
    const now = this.#orders.get(order._id);
    if (now?.version === order.version) {
      const { dues: _, ...rest } = now;
      this.#orders.set(order._id, { ...rest, dueAt, ...(dues === undefined ? {} : { dues }) });
    }
    return Promise.resolve();
  }

  due(now: Date, of: { shard: number; limit: number }): Promise<string[]> {
    const due = this.all().flatMap(({ _id, dueAt }) =>
      dueAt !== null && dueAt <= now && shardOf(_id) === of.shard ? [{ _id, dueAt }] : [],
    );
    due.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
    return Promise.resolve(due.slice(0, of.limit).map(({ _id }) => _id));
  }

  dueAfter(after: Date, limit: number): Promise<{ orderNo: string; version: number }[]> {
    const found = this.all().filter(({ dueAt }) => dueAt !== null && dueAt > after);
    return Promise.resolve(found.slice(0, limit).map(({ _id, version }) => ({ orderNo: _id, version })));
  }

  oldestMoving(): Promise<Date | null> {
    const made = this.all().flatMap(({ dueAt, createdAt }) => (dueAt === null ? [] : [createdAt.getTime()]));
    return Promise.resolve(made.length === 0 ? null : new Date(Math.min(...made)));
  }

  countOf(state: OrderState, most: number): Promise<number> {
    return Promise.resolve(Math.min(most, this.all().filter((order) => order.state === state).length));
  }

  faceFenIn(states: readonly OrderState[]): Promise<number> {
    const found = this.all().filter(({ state }) => states.includes(state));
    return Promise.resolve(found.reduce((sum, { faceFen }) => sum + faceFen, 0));
  }

  dueSince(now: Date): Promise<Date | null> {
    const due = this.all().flatMap(({ dueAt }) => (dueAt === null || dueAt > now ? [] : [dueAt.getTime()]));
    return Promise.resolve(due.length === 0 ? null : new Date(Math.min(...due)));
  }

  #cashOwedTo(household: HouseholdAtGrid): Order[] {
    return this.all().filter((order) => isOfHousehold(order, household) && cashOwedOf(order).length > 0);
  }

  async getWithin(orderNo: string, scope: Scope): Promise<Order | null> {
    const order = await this.get(orderNo);
    return order !== null && covers(scope, order.orgPath) ? order : null;
  }

  withRefunds(statuses: readonly OpenRefundStatus[], limit: number, scope: Scope): Promise<Order[]> {
    const wanted: readonly string[] = statuses;
    const found = this.all().filter(
      (order) => order.refunds.some(({ status }) => wanted.includes(status)) && covers(scope, order.orgPath),
    );
    return Promise.resolve(found.sort((a, b) => (a._id < b._id ? -1 : 1)).slice(0, limit));
  }

  withCashOwed({ float, after, limit }: OfCashOwed, scope: Scope): Promise<Order[]> {
    const found = this.all().filter((order) => {
      if (!covers(scope, order.orgPath) || (after !== undefined && order._id <= after)) return false;
      return cashOwedOf(order).some((owed) => float === undefined || owed.float === float);
    });
    return Promise.resolve(found.sort((a, b) => (a._id < b._id ? -1 : 1)).slice(0, limit));
  }

  changedSince(terminalId: string, since: Date, limit: number): Promise<Order[]> {
    const changed = this.all().filter((order) => {
      return order.watchers.includes(terminalId) && order.updatedAt >= since;
    });
    changed.sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime());
    return Promise.resolve(changed.slice(0, limit));
  }

  purchasesOf(of: HouseholdAtGrid, page: { limit: number; before?: string }): Promise<Order[]> {
    const found = this.all().filter((order) => {
      const { _id, state } = order;
      if (!isOfHousehold(order, of) || NEVER_PAID_STATES.includes(state)) return false;
      return page.before === undefined || _id < page.before;
    });
    return Promise.resolve(found.sort((a, b) => (a._id < b._id ? 1 : -1)).slice(0, page.limit));
  }

  search(query: OrderQuery, page: OrderPage, scope: Scope): Promise<Order[]> {
    const found = this.all().filter((order) => isFound(order, query, page) && covers(scope, order.orgPath));
    return Promise.resolve(found.sort((a, b) => (a._id < b._id ? 1 : -1)).slice(0, page.limit));
  }

  #unsettled(grid: string, isOf: (order: Order) => boolean): Order[] {
    const found = this.all().filter(
      (order) => order.grid === grid && isOf(order) && UNSETTLED_STATES.includes(order.state),
    );
    return found.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  #find(matches: (order: Order) => boolean): Promise<Order | null> {
    return Promise.resolve(this.all().find(matches) ?? null);
  }
}

function transactionsOf(order: Order): string[] {
  return order.payments.flatMap(({ channel, transactionId }) =>
    transactionId === undefined ? [] : [`${channel}:${transactionId}`],
  );
}

/** Notifications in memory, unique by channel and id. */
export class MemoryNotificationStore implements NotificationStore {
  readonly #all = new Map<string, StoredNotification>();
  readonly #due = new Map<string, Date>();

  insert(notification: StoredNotification, dueAt: Date): Promise<'inserted' | 'known'> {
    const id = notificationId(notification);
    if (this.#all.has(id)) return Promise.resolve('known');
    this.#all.set(id, notification);
    this.#due.set(id, dueAt);
    return Promise.resolve('inserted');
  }

  due(now: Date, limit: number): Promise<StoredNotification[]> {
    const due = [...this.#due].filter(([, dueAt]) => dueAt <= now);
    due.sort(([, a], [, b]) => a.getTime() - b.getTime());
    return Promise.resolve(due.slice(0, limit).flatMap(([id]) => this.#all.get(id) ?? []));
  }

  heard(notifications: readonly StoredNotification[]): Promise<void> {
    for (const each of notifications) this.#due.delete(notificationId(each));
    return Promise.resolve();
  }

  postpone(notifications: readonly StoredNotification[], dueAt: Date): Promise<void> {
    for (const each of notifications) this.#due.set(notificationId(each), dueAt);
    return Promise.resolve();
  }

  ofOrder(orderNo: string): Promise<StoredNotification[]> {
    return Promise.resolve([...this.#all.values()].filter((each) => each.orderNo === orderNo));
  }
}
