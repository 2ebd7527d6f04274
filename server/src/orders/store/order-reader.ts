import type { mongo } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import type { Scope } from '../../kernel/scope.ts';
import { madeAt } from '../model/order-no.ts';
import type { Order } from '../model/order.ts';
import { slotOf } from '../model/moves/sale.ts';
import { NEVER_PAID_STATES, UNSETTLED_STATES } from '../model/state.ts';
import type { ArchivedDocument } from './order-archive.ts';
import { orderOfDocument } from './order-document.ts';
import { householdFilter } from './household-filter.ts';
import { filterOf, isOfFew, spanOf, type OrderPage, type OrderQuery } from './order-query.ts';
import type { OrderDocument } from './order-schema.ts';
import { spansBack } from './order-spans.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import type { HouseholdAtGrid, MeterQuestion } from './orders.ts';

type Stored = OrderDocument | ArchivedDocument;
/** Both collections as one that is only read. */
type Readable = Pick<mongo.Collection<OrderDocument>, 'find' | 'findOne'>;

export interface OrderReaderInit {
  readonly orders: Readable;
  readonly archive: Readable;
  readonly seal: NumberSeal;
  /** Without one, searches without an end look at all orders at once. */
  readonly clock?: Pick<Clock, 'now'> | undefined;
}

/**
 * Orders wherever they lie, among the others or in the archive. One that is in both, on its way, is the one among the others. The
 * archive is asked only where the others do not answer already.
 */
export class OrderReader {
  readonly #init: OrderReaderInit;

  constructor(init: OrderReaderInit) {
    this.#init = init;
  }

  /** The one that has this; what is unique about it among the orders is looked for once more where it is not there. */
  async one(filter: Readonly<Record<string, string>>): Promise<Order | null> {
    const { orders, archive, seal } = this.#init;
    const found = (await orders.findOne(filter)) ?? (await archive.findOne(filter));
    return found === null ? null : orderOfDocument(found, seal);
  }

  /** As `OrderStore.aboutMeter`. */
  async aboutMeter(question: MeterQuestion): Promise<Stored[]> {
    const { orders, archive, seal } = this.#init;
    const { key, counts = [], lateCounts = [], cashOf } = question;
    const slots = counts.map((count) => slotOf({ ...question, count }));
    const lateSlots = lateCounts.map((count) => slotOf({ ...question, count }));
    const { grid, meterNo } = question;
    const found: Stored[] = await orders
      .find({
        $or: [
          { meterNo, grid, state: { $in: [...UNSETTLED_STATES] } },
          ...slotsFilter([...slots, ...lateSlots]),
          ...(key === undefined ? [] : [{ ...key }]),
          ...(cashOf === undefined ? [] : [{ ...householdFilter(cashOf, seal), cashOwed: { $gt: '' } }]),
        ],
      })
      .toArray();
    const held = new Set(found.map(({ saleSlot }) => saleSlot));
    const made = key !== undefined && found.some((order) => isMadeBy(order, key));
    const asked = [
      ...slotsFilter(slots.filter((slot) => !held.has(slot))),
      ...(key === undefined || made ? [] : [{ ...key }]),
    ];
    if (asked.length > 0) found.push(...(await archive.find({ $or: asked }).toArray()));
    const once = new Map(found.toReversed().map((order) => [order._id, order]));
    return [...once.values()].sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
  }

  /** By their numbers, those that there are. */
  async byNumber(numbers: readonly string[]): Promise<Map<string, Stored>> {
    const { orders, archive } = this.#init;
    const found = await orders.find({ _id: { $in: [...new Set(numbers)] } }).toArray();
    const known = new Map<string, Stored>(found.map((document) => [document._id, document]));
    const missing = [...new Set(numbers)].filter((orderNo) => !known.has(orderNo));
    if (missing.length === 0) return known;
    for (const document of await archive.find({ _id: { $in: missing } }).toArray()) {
      known.set(document._id, document);
    }
    // Between the two looks one may have come back from the archive.
    const gone = missing.filter((orderNo) => !known.has(orderNo) && madeAt(orderNo) !== undefined);
    if (gone.length === 0) return known;
    for (const document of await orders.find({ _id: { $in: gone } }).toArray())
      known.set(document._id, document);
    return known;
  }

  /** As `OrderStore.purchasesOf`. */
  async purchasesOf(of: HouseholdAtGrid, page: { limit: number; before?: string }): Promise<Order[]> {
    const filter = {
      ...householdFilter(of, this.#init.seal),
      ...(page.before === undefined ? {} : { _id: { $lt: page.before } }),
      state: { $nin: [...NEVER_PAID_STATES] },
    };
    return this.#newest(page.limit, (from) =>
      from.find(filter).sort({ _id: -1 }).limit(page.limit).toArray(),
    );
  }

  /** As `OrderStore.search`. */
  async search(query: OrderQuery, page: OrderPage, scope: Scope): Promise<Order[]> {
    const { seal } = this.#init;
    const span = spanOf(query, page);
    return this.#newest(page.limit, async (from, near) => {
      const found: OrderDocument[] = [];
      for (const part of isOfFew(query, scope) ? [span] : spansBack(span, near)) {
        const some = await from
          .find(filterOf(query, { span: part, scope }, seal))
          .sort({ _id: -1 })
          .limit(page.limit - found.length)
          .toArray();
        found.push(...some);
        if (found.length >= page.limit) break;
      }
      return found;
    });
  }

  /** The newest of both. `near`: a moment close to the newest order of that collection. */
  async #newest(
    limit: number,
    find: (from: Readable, near: Date | undefined) => Promise<OrderDocument[]>,
  ): Promise<Order[]> {
    const { orders, archive, seal, clock } = this.#init;
    const found = await find(orders, clock && new Date(clock.now()));
    const newest = (await archive.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } }))?._id;
    const last = found.at(-1)?._id ?? '';
    if (newest !== undefined && (found.length < limit || last < newest)) {
      const known = new Set(found.map(({ _id }) => _id));
      const old = await find(archive, clock && madeAt(newest));
      found.push(...old.filter(({ _id }) => !known.has(_id)));
      found.sort((one, other) => (one._id < other._id ? 1 : -1)).splice(limit);
    }
    return found.map((document) => orderOfDocument(document, seal));
  }
}

function slotsFilter(slots: readonly string[]): mongo.Filter<OrderDocument>[] {
  return slots.length === 0 ? [] : [{ saleSlot: { $in: [...slots] } }];
}

function isMadeBy(order: Stored, key: Pick<Stored, 'terminalId' | 'idempotencyKey'>): boolean {
  return order.terminalId === key.terminalId && order.idempotencyKey === key.idempotencyKey;
}
