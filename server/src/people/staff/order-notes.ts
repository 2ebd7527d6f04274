import { Schema, type Connection, type Model } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** What a user wrote down about an order. Never changed and never taken away. */
export interface OrderNote {
  /** Chosen by the caller: the same one twice is one note. */
  readonly _id: string;
  readonly orderNo: string;
  readonly at: Date;
  /** A user's id, and the name as it was. */
  readonly by: string;
  readonly byName: string;
  readonly text: string;
}

/** More is a case's business. */
const MAX_NOTES = 200;

const text = { type: String, required: true } as const;
const schema = new Schema<OrderNote>(
  { _id: text, orderNo: text, at: { type: Date, required: true }, by: text, byName: text, text },
  { collection: 'ordernotes', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
).index({ orderNo: 1, at: 1 });

/** Notes on orders: they move nothing, and so are no facts of the order. */
export class OrderNotes {
  readonly #model: Model<OrderNote>;
  readonly #audit: AuditTrail;
  readonly #clock: Clock;

  constructor(init: { db: Connection; audit: AuditTrail; clock: Clock }) {
    this.#model = init.db.model<OrderNote>('OrderNote', schema);
    this.#audit = init.audit;
    this.#clock = init.clock;
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** Oldest first. */
  async of(orderNo: string): Promise<OrderNote[]> {
    return this.#model.find({ orderNo }).sort({ at: 1 }).limit(MAX_NOTES).lean<OrderNote[]>().exec();
  }

  /** Throws `order.action-refused` where the order has as many as it may, `order.idempotency-mismatch`. */
  async add(
    init: { key: string; orderNo: string; text: string },
    by: AdminPrincipal,
    where: Where,
  ): Promise<OrderNote> {
    const { key, orderNo } = init;
    const known = await this.#model.findById(key).lean<OrderNote>().exec();
    if (known !== null) return same(known, init);
    if ((await this.#model.countDocuments({ orderNo }).exec()) >= MAX_NOTES) {
      throw new ProblemError({
        code: 'order.action-refused',
        message: `An order keeps at most ${MAX_NOTES} notes. Open a case.`,
        orderNo,
      });
    }
    const note: OrderNote = {
      ...{ _id: key, orderNo, text: init.text, by: by.userId, byName: by.name },
      at: new Date(this.#clock.now()),
    };
    await this.#audit.record(
      byAdmin(by, { action: 'order.note', target: orderNo, where, data: { note: key } }),
    );
    try {
      await this.#model.create(note);
      return note;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const first = await this.#model.findById(key).lean<OrderNote>().exec();
      if (first === null) throw error;
      return same(first, init);
    }
  }
}

function same(known: OrderNote, init: { orderNo: string; text: string }): OrderNote {
  if (known.orderNo === init.orderNo && known.text === init.text) return known;
  throw new ProblemError({
    code: 'order.idempotency-mismatch',
    message: 'This key was used for another note. Choose another.',
  });
}
