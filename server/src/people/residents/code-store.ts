import { Schema, type Connection, type Model } from 'mongoose';

/** A one-time code that waits to be told. */
export interface OneTimeCode {
  /** `purpose:who:which`, customer numbers sealed. The same one is replaced by a newer code. */
  readonly _id: string;
  /** Keyed digest of the code; the code itself is nowhere. */
  readonly mac: string;
  /** Wrong codes so far. */
  readonly tries: number;
  /** The one terminal that may use it, once it was shown there. */
  readonly terminalId?: string;
  readonly expiresAt: Date;
}

const schema = new Schema<OneTimeCode>(
  {
    _id: { type: String, required: true },
    mac: { type: String, required: true },
    tries: { type: Number, required: true },
    terminalId: String,
    expiresAt: { type: Date, required: true },
  },
  { collection: 'oneTimeCodes', versionKey: false, strict: 'throw', autoIndex: false },
).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** One-time codes in MongoDB: what is taken or tried is so by compare-and-set, whichever process asks. */
export class CodeStore {
  readonly #model: Model<OneTimeCode>;

  constructor(db: Connection) {
    this.#model = db.model<OneTimeCode>('OneTimeCode', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async put(code: OneTimeCode): Promise<void> {
    await this.#model.replaceOne({ _id: code._id }, code, { upsert: true }).exec();
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#model.deleteMany({ _id: { $in: [...ids] } }).exec();
  }

  async get(id: string): Promise<OneTimeCode | null> {
    return this.#model.findById(id).lean<OneTimeCode>().exec();
  }

  /** Counts a try before it is looked at; false where another try came between. */
  async countTry(code: OneTimeCode): Promise<boolean> {
    const { _id, mac, tries } = code;
    const result = await this.#model.updateOne({ _id, mac, tries }, { $set: { tries: tries + 1 } }).exec();
    return result.matchedCount === 1;
  }

  /** Gives one try back, after a right code that stays. */
  async returnTry(code: OneTimeCode): Promise<void> {
    await this.#model.updateOne({ _id: code._id, mac: code.mac }, { $inc: { tries: -1 } }).exec();
  }

  /** Ties the code to the terminal where it was shown first; false where another was before. */
  async tie(code: OneTimeCode, terminalId: string): Promise<boolean> {
    const free = { $or: [{ terminalId: { $exists: false } }, { terminalId }] };
    const { _id, mac } = code;
    const result = await this.#model.updateOne({ _id, mac, ...free }, { $set: { terminalId } }).exec();
    return result.matchedCount === 1;
  }

  /** Uses the code up: true for one caller only. */
  async take(code: OneTimeCode): Promise<boolean> {
    return (await this.#model.deleteOne({ _id: code._id, mac: code.mac }).exec()).deletedCount === 1;
  }
}
