import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE } from '../../adapters/mongo/durable.ts';

/** A code that was printed and sealed, and what became of it. */
export interface SealedCode {
  /** SHA-256 of the code; the code itself is on paper alone. */
  readonly _id: string;
  readonly sealedAt: Date;
  readonly sealedBy: string;
  readonly opened?: CodeOpened;
}

export interface CodeOpened {
  readonly at: Date;
  /** Who is at the server, as they say. */
  readonly by: string;
  /** Whom they let in. */
  readonly name: string;
  readonly reason: string;
}

const text = { type: String, required: true };
const time = { type: Date, required: true };
const schema = new Schema<SealedCode>(
  {
    ...{ _id: text, sealedAt: time, sealedBy: text },
    opened: { type: new Schema({ at: time, by: text, name: text, reason: text }, { _id: false }) },
  },
  { collection: 'breakglass', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
).index({ 'opened.at': 1 }, { sparse: true });

/** Sealed codes in MongoDB: each is opened once. */
export class BreakGlassStore {
  readonly #model: Model<SealedCode>;

  constructor(db: Connection) {
    this.#model = db.model<SealedCode>('SealedCode', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(code: Omit<SealedCode, 'opened'>): Promise<void> {
    await this.#model.create(code);
  }

  /** Whether it is sealed still. */
  async isSealed(id: string): Promise<boolean> {
    return (
      (await this.#model
        .findOne({ _id: id, opened: { $exists: false } })
        .lean()
        .exec()) !== null
    );
  }

  /** Uses it up; false where it was opened before. */
  async open(id: string, opened: CodeOpened): Promise<boolean> {
    const done = await this.#model
      .updateOne({ _id: id, opened: { $exists: false } }, { $set: { opened } })
      .exec();
    return done.matchedCount === 1;
  }

  /** Those that were opened at this time or later, the oldest first. */
  async openedSince(at: Date): Promise<SealedCode[]> {
    return this.#model
      .find({ 'opened.at': { $gte: at } })
      .sort({ 'opened.at': 1 })
      .limit(100)
      .lean<SealedCode[]>()
      .exec();
  }
}
