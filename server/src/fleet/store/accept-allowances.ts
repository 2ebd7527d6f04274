import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** How many terminals one person may still let in alone on a day of China's. */
interface Allowance {
  /** `user day`. */
  readonly _id: string;
  readonly left: number;
  /** What a second person allowed besides, so that none of it is added twice. */
  readonly grants: readonly string[];
  readonly expiresAt: Date;
}

/** Of whom and which day, and how many they may let in without anybody else. */
export interface AllowanceOf {
  readonly userId: string;
  readonly day: string;
  readonly alone: number;
  readonly expiresAt: Date;
}

const schema = new Schema<Allowance>(
  {
    _id: { type: String, required: true },
    left: { type: Number, required: true },
    grants: { type: [String], required: true },
    expiresAt: { type: Date, required: true },
  },
  {
    ...{ collection: 'acceptallowances', versionKey: false, strict: 'throw', autoIndex: false },
    writeConcern: DURABLE,
  },
).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** Allowances in MongoDB: whatever is taken or added is so once, however many ask. */
export class AcceptAllowanceStore {
  readonly #model: Model<Allowance>;

  constructor(db: Connection) {
    this.#model = db.model<Allowance>('AcceptAllowance', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** Takes one; false where none is left. */
  async take(of: AllowanceOf): Promise<boolean> {
    if (await this.#takeOne(of)) return true;
    await this.#begin(of);
    return this.#takeOne(of);
  }

  /** Adds what a second person allowed. */
  async add(of: AllowanceOf, grant: { readonly id: string; readonly count: number }): Promise<void> {
    await this.#begin(of);
    const ungranted = { _id: idOf(of), grants: { $ne: grant.id } };
    const more = { $inc: { left: grant.count }, $push: { grants: grant.id } };
    await this.#model.updateOne(ungranted, more).exec();
  }

  async #takeOne(of: AllowanceOf): Promise<boolean> {
    const some = { _id: idOf(of), left: { $gt: 0 } };
    return (await this.#model.updateOne(some, { $inc: { left: -1 } }).exec()).matchedCount === 1;
  }

  /** Nothing where it has begun already. */
  async #begin(of: AllowanceOf): Promise<void> {
    try {
      await this.#model.create({ _id: idOf(of), left: of.alone, grants: [], expiresAt: of.expiresAt });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

function idOf({ userId, day }: AllowanceOf): string {
  return `${userId} ${day}`;
}
