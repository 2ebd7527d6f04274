import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE } from '../../adapters/mongo/durable.ts';

interface SetupLink {
  /** Always the same: there is one link, and one first administrator. */
  readonly _id: string;
  /** SHA-256 of the token. */
  readonly hash: string;
  readonly expiresAt: Date;
}

const ONE = 'first-administrator';
const schema = new Schema<SetupLink>(
  {
    _id: { type: String, required: true },
    hash: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'setupLinks', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
);

/** The one link that makes the first administrator. */
export class SetupLinkStore {
  readonly #model: Model<SetupLink>;

  constructor(db: Connection) {
    this.#model = db.model<SetupLink>('SetupLink', schema);
  }

  /** In place of the one before. */
  async put(hash: string, expiresAt: Date): Promise<void> {
    await this.#model.updateOne({ _id: ONE }, { $set: { hash, expiresAt } }, { upsert: true }).exec();
  }

  /** Uses it up; false where it is another, spent or over. */
  async take(hash: string, now: Date): Promise<boolean> {
    const taken = await this.#model.findOneAndDelete({ _id: ONE, hash, expiresAt: { $gt: now } }).exec();
    return taken !== null;
  }
}
