import { Schema } from 'mongoose';
import type { Order } from '../model/order.ts';
import { DURABLE } from '../../adapters/mongo/durable.ts';
import {
  bill,
  text,
  whole,
  time,
  options,
  payment,
  discount,
  refund,
  sale,
  reversal,
  write,
  meter,
  undo,
  credit,
} from './order-part-schemas.ts';

/**
 * An order as it is stored. Differs from `Order` where an index asks for it: fields that are null there are
 * absent here, so that sparse indexes stay small and unique ones meet no two nulls; `transactions` repeats the
 * payments' transaction ids as plain values, `openRefunds` the statuses of refunds that are not over, and `cashOwed` the
 * floats whose cash waits for its household. `customerNo` is sealed.
 */
export interface OrderDocument extends Omit<
  Order,
  'saleSlot' | 'dueAt' | 'attention' | 'kind' | 'credit' | 'orgPath'
> {
  /** Absent in orders from before there were organisations: those are the province's. */
  readonly orgPath?: Order['orgPath'];
  /** Both absent in card orders, but where the grid moved one to an account; and in those from before there were others. */
  readonly kind?: Order['kind'];
  readonly credit?: Order['credit'];
  readonly saleSlot?: string;
  readonly dueAt?: Date;
  /** With `dueAt`. */
  readonly dueShard?: number;
  readonly attention?: Order['attention'];
  /** `channel:transactionId` of each payment that was made; absent before the first. */
  readonly transactions?: readonly string[];
  /** Absent while there is none. */
  readonly openRefunds?: readonly string[];
  /** Floats at whose counters cash waits for its household; absent while none does. */
  readonly cashOwed?: readonly string[];
  /** While it is being moved into the archive (`order-archive.ts`). */
  readonly archiving?: string;
}

export const orderSchema = new Schema<OrderDocument>(
  {
    _id: text,
    version: whole,
    state: text,
    idempotencyKey: text,
    idempotencyDigest: text,
    terminalId: text,
    traceId: String,
    orgPath: { type: [String], default: undefined },
    kind: String,
    entry: text,
    faceFen: whole,
    discountFen: whole,
    paidFen: whole,
    discount: { type: discount, default: undefined },
    grid: text,
    customerNo: text,
    meterNo: text,
    chip: text,
    serial: text,
    // Empty in a remote order, which is what `required` would refuse.
    imageDigest: String,
    count: whole,
    bill: { type: bill, default: undefined },
    wasOff: Boolean,
    masked: new Schema({ name: text, address: text, customerNo: text }, options),
    holder: String,
    payments: { type: [payment], required: true },
    transactions: { type: [String], default: undefined },
    sale,
    saleSlot: String,
    reversal,
    write,
    meter: { type: meter, default: undefined },
    undo: { type: undo, default: undefined },
    credit: { type: credit, default: undefined },
    fallback: String,
    refunds: { type: [refund], required: true },
    openRefunds: { type: [String], default: undefined },
    cashOwed: { type: [String], default: undefined },
    closure: new Schema({ status: text, reason: String }, options),
    attention: String,
    watchers: { type: [String], required: true },
    events: [new Schema({ n: whole, at: time, name: text, by: text, data: Schema.Types.Mixed }, options)],
    createdAt: time,
    updatedAt: time,
    dueAt: Date,
    dues: { type: Schema.Types.Mixed, default: undefined },
    dueShard: Number,
    archiving: String,
  },
  {
    strict: 'throw',
    strictQuery: 'throw',
    versionKey: false,
    autoIndex: false,
    minimize: false,
    collection: 'orders',
    writeConcern: DURABLE,
  },
)
  .index({ terminalId: 1, idempotencyKey: 1 }, { unique: true })
  .index({ saleSlot: 1 }, { unique: true, sparse: true })
  .index({ transactions: 1 }, { unique: true, sparse: true })
  // Both are absent at rest, so that this index holds what moves and nothing else.
  .index({ dueShard: 1, dueAt: 1 }, { sparse: true })
  .index({ openRefunds: 1 }, { sparse: true })
  .index({ cashOwed: 1 }, { sparse: true })
  .index({ watchers: 1, updatedAt: 1 })
  .index({ meterNo: 1, state: 1 })
  // Order numbers are in the order of time.
  .index({ customerNo: 1, _id: 1 })
  .index({ serial: 1, _id: 1 })
  .index({ terminalId: 1, _id: 1 })
  .index({ state: 1, _id: 1 })
  .index({ orgPath: 1, _id: 1 })
  .index({ orgPath: 1, state: 1, _id: 1 })
  .index({ attention: 1 }, { sparse: true })
  .index({ updatedAt: 1, _id: 1 });
