import { mongo } from 'mongoose';
import type { Order } from '../orders/model/order.ts';
import { documentOf } from '../orders/store/order-document.ts';
import type { DayRange, OrderDays, OrderFields } from '../orders/store/order-days.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import type { DayOutcome, DayRun, DayStore, ReconciledDay } from '../money/reconcile/day-store.ts';

const MAX_HISTORY = 50;
const SEAL = new NumberSeal(Buffer.alloc(32, 1));

/** Reconciled days in memory, with the store's rules. */
export class MemoryDays {
  readonly days = new Map<string, ReconciledDay>();

  /** For who asks for those in the database. */
  get store(): DayStore {
    return this as unknown as DayStore;
  }

  get(day: string): Promise<ReconciledDay | null> {
    return Promise.resolve(this.days.get(day) ?? null);
  }

  list(first: string, last: string): Promise<ReconciledDay[]> {
    const found = [...this.days.values()].filter(({ _id }) => _id >= first && _id <= last);
    return Promise.resolve(found.sort((a, b) => (a._id < b._id ? -1 : 1)));
  }

  take(day: string, now: Date, until: Date): Promise<boolean> {
    const known = this.days.get(day);
    if (known?.leaseUntil !== undefined && known.leaseUntil > now) return Promise.resolve(false);
    const fresh = { _id: day, state: 'running', sources: [], counts: {}, caseIds: [], carried: [] } as const;
    const since = known ?? { ...fresh, stale: false, history: [] };
    this.days.set(day, { ...since, leaseUntil: until, updatedAt: now });
    return Promise.resolve(true);
  }

  end(day: string, outcome: DayOutcome, run: Pick<DayRun, 'at' | 'by'>): Promise<void> {
    const { state, why, sources, notCompared, caseIds } = outcome;
    this.#change(day, ({ leaseUntil: _, why: __, ...known }) => ({
      ...{ ...known, ...outcome, stale: false, updatedAt: run.at },
      history: withRun(known, {
        ...run,
        state,
        ...(why === undefined ? {} : { why }),
        sources: sources.map(({ source, sha256 }) => `${source} ${sha256}`),
        ...(notCompared === undefined ? {} : { notCompared }),
        differences: caseIds.length,
      }),
    }));
    return Promise.resolve();
  }

  giveUp(day: string, of: Pick<DayRun, 'state' | 'at' | 'by'> & { readonly why: string }): Promise<void> {
    const { state, why, at, by } = of;
    this.#change(day, ({ leaseUntil: _, ...known }) => ({
      ...{ ...known, state: known.state === 'done' ? 'done' : state, why, updatedAt: at },
      history: withRun(known, { at, by, state, why, sources: [], differences: 0 }),
    }));
    return Promise.resolve();
  }

  markStale(day: string): Promise<void> {
    this.#change(day, (known) => (known.state === 'done' ? { ...known, stale: true } : known));
    return Promise.resolve();
  }

  #change(day: string, changed: (known: ReconciledDay) => ReconciledDay): void {
    const known = this.days.get(day);
    if (known !== undefined) this.days.set(day, changed(known));
  }
}

/** Orders in memory for who reads days of them: all of them, whatever the days. */
export class MemoryOrderDays {
  orders: Order[] = [];
  /** What was asked of them, each time. */
  readonly asked: DayRange[] = [];

  /** For who asks for those in the database. */
  store<T>(): OrderDays<T> {
    return this as unknown as OrderDays<T>;
  }

  async *read(days: DayRange): AsyncGenerator<Order> {
    this.asked.push(days);
    yield* this.orders;
  }

  /** As they are stored, each in an answer of its own. */
  async *documents(days: DayRange, fields: OrderFields): AsyncGenerator<readonly Buffer[]> {
    this.asked.push(days);
    for (const order of this.orders) yield [storedOrder(order, fields)];
  }

  some(orderNos: readonly string[]): Promise<Order[]> {
    return Promise.resolve(this.orders.filter(({ _id }) => orderNos.includes(_id)));
  }

  async get(orderNo: string): Promise<Order | null> {
    return (await this.some([orderNo]))[0] ?? null;
  }
}

/** As the database gives an order that is asked for these fields. */
export function storedOrder(order: Order, fields: OrderFields): Buffer {
  const wanted = new Set(['_id', ...Object.keys(fields)]);
  const whole = Object.entries(documentOf(order, SEAL));
  return Buffer.from(mongo.BSON.serialize(Object.fromEntries(whole.filter(([name]) => wanted.has(name)))));
}

const withRun = ({ history }: Pick<ReconciledDay, 'history'>, run: DayRun): DayRun[] =>
  [...history, run].slice(-MAX_HISTORY);
