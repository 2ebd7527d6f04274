import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../store/durable.ts';

/** A sum that is set aside for an order until the order has ended. */
export interface Hold {
  readonly orderNo: string;
  readonly fen: number;
  readonly at: Date;
  /** In a budget: the cap in which the same order holds the same sum. */
  readonly capId?: string;
}

/** A rule's budget, or what one household may still get of it in a month: the same arithmetic. */
export interface Pot {
  /** A budget: the rule's id; a cap: rule, household and month. */
  readonly _id: string;
  readonly leftFen: number;
  readonly spentFen: number;
  readonly holds: readonly Hold[];
}

const text = { type: String, required: true } as const;
const whole = { type: Number, required: true } as const;
const hold = new Schema<Hold>(
  { orderNo: text, fen: whole, at: { type: Date, required: true }, capId: String },
  { _id: false, strict: 'throw' },
);
const schemaOf = (collection: string) =>
  new Schema<Pot>(
    { _id: text, leftFen: whole, spentFen: whole, holds: { type: [hold], required: true } },
    { collection, versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
  );

const SCHEMAS = { discountbudgets: schemaOf('discountbudgets'), discountcaps: schemaOf('discountcaps') };

/**
 * Pots with their holds inside them: each step is one atomic change of one document and does nothing a second time,
 * so that it can be repeated after a crash. left + held + spent is always what the pot was made with.
 */
export class PotStore {
  readonly #model: Model<Pot>;

  constructor(db: Connection, collection: keyof typeof SCHEMAS) {
    this.#model = db.model<Pot>(collection, SCHEMAS[collection]);
  }

  /** Nothing where it is there already. */
  async make(id: string, fen: number): Promise<void> {
    try {
      await this.#model.create({ _id: id, leftFen: fen, spentFen: 0, holds: [] });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async get(id: string): Promise<Pot | null> {
    return this.#model.findById(id).lean<Pot>().exec();
  }

  /** Pots in which something is held. */
  async holding(): Promise<Pot[]> {
    return this.#model
      .find({ 'holds.0': { $exists: true } })
      .lean<Pot[]>()
      .exec();
  }

  /** False where not so much is left, or the order holds something here already. */
  async reserve(id: string, wanted: Hold): Promise<boolean> {
    const held = await this.#model
      .findOneAndUpdate(
        { _id: id, leftFen: { $gte: wanted.fen }, 'holds.orderNo': { $ne: wanted.orderNo } },
        { $inc: { leftFen: -wanted.fen }, $push: { holds: wanted } },
        { projection: { _id: 1 } },
      )
      .lean()
      .exec();
    return held !== null;
  }

  /** Ends a hold: spent, or left again. Nothing where it has ended. */
  async settle(id: string, held: Pick<Hold, 'orderNo' | 'fen'>, as: 'spent' | 'left'): Promise<void> {
    const { orderNo, fen } = held;
    await this.#model
      .updateOne(
        { _id: id, holds: { $elemMatch: { orderNo, fen } } },
        {
          $pull: { holds: { orderNo } },
          $inc: as === 'spent' ? { spentFen: fen } : { leftFen: fen },
        },
      )
      .exec();
  }
}
