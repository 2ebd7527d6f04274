import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** A key pair of a user's device or security key, of which we have the public half. */
export interface Passkey {
  /** The credential's id, base64url: of nobody else. */
  readonly _id: string;
  readonly userId: string;
  /** What its owner calls it. */
  readonly name: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  /** What the device last said; most say 0 for good. */
  readonly counter: number;
  /** How a browser reaches it: `usb`, `internal`, … */
  readonly transports: readonly string[];
  readonly createdAt: Date;
  readonly lastUsedAt?: Date;
}

const text = { type: String, required: true };
const schema = new Schema<Passkey>(
  {
    ...{ _id: text, userId: text, name: text, publicKey: text },
    counter: { type: Number, required: true },
    transports: { type: [String], required: true },
    createdAt: { type: Date, required: true },
    lastUsedAt: Date,
  },
  { collection: 'passkeys', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
).index({ userId: 1, createdAt: 1 });

/** Passkeys in MongoDB. */
export class PasskeyStore {
  readonly #model: Model<Passkey>;

  constructor(db: Connection) {
    this.#model = db.model<Passkey>('Passkey', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** The oldest first. */
  async ofUser(userId: string): Promise<Passkey[]> {
    return this.#model.find({ userId }).sort({ createdAt: 1 }).lean<Passkey[]>().exec();
  }

  async any(userId: string): Promise<boolean> {
    return (await this.#model.findOne({ userId }, { _id: 1 }).lean().exec()) !== null;
  }

  /** Those of these users who have one. */
  async among(userIds: readonly string[]): Promise<Set<string>> {
    const found = await this.#model
      .find({ userId: { $in: [...userIds] } }, { userId: 1 })
      .lean<Pick<Passkey, 'userId'>[]>()
      .exec();
    return new Set(found.map(({ userId }) => userId));
  }

  async insert(passkey: Passkey): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(passkey);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  /** Compare-and-set on the counter; false where another use came between. */
  async use(passkey: Passkey, counter: number, at: Date): Promise<boolean> {
    const { _id, counter: seen } = passkey;
    const done = await this.#model
      .updateOne({ _id, counter: seen }, { $set: { counter, lastUsedAt: at } })
      .exec();
    return done.matchedCount === 1;
  }

  /** False where the user has none such. */
  async rename(userId: string, _id: string, name: string): Promise<boolean> {
    return (await this.#model.updateOne({ _id, userId }, { $set: { name } }).exec()).matchedCount === 1;
  }

  async remove(userId: string, _id: string): Promise<boolean> {
    return (await this.#model.deleteOne({ _id, userId }).exec()).deletedCount === 1;
  }

  async removeOfUser(userId: string): Promise<void> {
    await this.#model.deleteMany({ userId }).exec();
  }
}
