import type { OrderStore } from '../orders/store/orders.ts';

/** A process killed at a write: before it, or after it and before anybody knew. */
export class Killed extends Error {}

/** An order store whose process dies at some of its writes; what it wrote stays written. */
export function crashing(store: OrderStore, dies: () => 'no' | 'before' | 'after'): OrderStore {
  const atWrite = async <T>(write: () => Promise<T>): Promise<T> => {
    const when = dies();
    if (when === 'before') throw new Killed('killed before a write');
    const result = await write();
    if (when === 'after') throw new Killed('killed after a write');
    return result;
  };
  return {
    insert: (order) => atWrite(() => store.insert(order)),
    replace: (before, after) => atWrite(() => store.replace(before, after)),
    postpone: (order, dueAt, dues) => atWrite(() => store.postpone(order, dueAt, dues)),
    get: (orderNo) => store.get(orderNo),
    getWithin: (orderNo, scope) => store.getWithin(orderNo, scope),
    byIdempotencyKey: (terminalId, key) => store.byIdempotencyKey(terminalId, key),
    bySaleSlot: (saleSlot) => store.bySaleSlot(saleSlot),
    unsettledOfMeter: (grid, meterNo) => store.unsettledOfMeter(grid, meterNo),
    aboutMeter: (question) => store.aboutMeter(question),
    unsettledOfCard: (grid, serial) => store.unsettledOfCard(grid, serial),
    due: (now, of) => store.due(now, of),
    dueAfter: (after, limit) => store.dueAfter(after, limit),
    oldestMoving: () => store.oldestMoving(),
    countOf: (state, most) => store.countOf(state, most),
    faceFenIn: (states) => store.faceFenIn(states),
    dueSince: (now) => store.dueSince(now),
    withRefunds: (statuses, limit, scope) => store.withRefunds(statuses, limit, scope),
    withCashOwed: (of, scope) => store.withCashOwed(of, scope),
    changedSince: (terminalId, since, limit) => store.changedSince(terminalId, since, limit),
    purchasesOf: (of, page) => store.purchasesOf(of, page),
    search: (query, page, scope) => store.search(query, page, scope),
  };
}
