import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import type { Hold, HoldEnd } from './budget-store.ts';
import type { DiscountRule } from './rule.ts';

type CapHold = Pick<Hold, 'orderNo' | 'fen' | 'at'>;

/** What one household may still get of a rule in a month of Beijing's calendar. */
export interface Cap {
  /** Rule, household and month. */
  readonly _id: string;
  readonly leftFen: number;
  readonly spentFen: number;
  /** Of this household's orders that are under way: few. */
  readonly holds: readonly CapHold[];
  /** Orders that count as never made, and hold nothing here any more, whoever still tries. Absent: none. */
  readonly barred?: readonly string[];
}

/** Under which a household by this name has its cap of a rule in the month of Beijing's calendar that it is now. */
export function capIdOf({ _id }: Pick<DiscountRule, '_id'>, household: string, now: Date): string {
  return `${_id}:${household}:${chinaDay(now).slice(0, 7)}`;
}

const text = { type: String, required: true } as const;
const whole = { type: Number, required: true } as const;
const hold = new Schema<CapHold>(
  { orderNo: text, fen: whole, at: { type: Date, required: true } },
  { _id: false, strict: 'throw' },
);
const capSchema = new Schema<Cap>(
  {
    ...{ _id: text, leftFen: whole, spentFen: whole, holds: { type: [hold], required: true } },
    barred: { type: [String], default: undefined },
  },
  {
    ...{ collection: 'discountcaps', versionKey: false, strict: 'throw' },
    ...{ autoIndex: false, writeConcern: DURABLE },
  },
);

/**
 * Caps with their holds inside them: each step is one atomic change of one document and does nothing a second time, so that it
 * can be repeated after a crash. left + held + spent is always what the cap was made with.
 */
export class CapStore {
  readonly #model: Model<Cap>;

  constructor(db: Connection) {
    this.#model = db.model<Cap>('DiscountCap', capSchema);
  }

  /** Nothing where it is there already. */
  async make(id: string, fen: number): Promise<void> {
    try {
      await this.#model.create({ _id: id, leftFen: fen, spentFen: 0, holds: [] });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async get(id: string): Promise<Cap | null> {
    return this.#model.findById(id).lean<Cap>().exec();
  }

  /** False where not so much is left, or the order holds something here already, or is barred. */
  async reserve(id: string, { orderNo, fen, at }: CapHold): Promise<boolean> {
    const held = await this.#model
      .findOneAndUpdate(
        { _id: id, leftFen: { $gte: fen }, 'holds.orderNo': { $ne: orderNo }, barred: { $ne: orderNo } },
        { $inc: { leftFen: -fen }, $push: { holds: { orderNo, fen, at } } },
        { projection: { _id: 1 } },
      )
      .lean()
      .exec();
    return held !== null;
  }

  /** From now on the order holds nothing more here: a process that stood still on its way may yet come. What it holds stays. */
  async bar(id: string, orderNo: string): Promise<void> {
    await this.#model.updateOne({ _id: id }, { $addToSet: { barred: orderNo } }).exec();
  }

  /** Ends a hold: spent, or left again. Nothing where it has ended. */
  async settle(id: string, { orderNo, fen }: Pick<Hold, 'orderNo' | 'fen'>, as: HoldEnd): Promise<void> {
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
