import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE } from '../../adapters/mongo/durable.ts';

/** Whom a link lets in: the first of all, or the one whom the sealed procedure named. There is one link of each. */
const PURPOSES = ['first-administrator', 'break-glass'] as const;

export interface SetupLink {
  readonly _id: (typeof PURPOSES)[number];
  /** SHA-256 of the token. */
  readonly hash: string;
  readonly expiresAt: Date;
  /** Whose password it sets; absent: of a user who is not there yet. */
  readonly userId?: string;
}

const schema = new Schema<SetupLink>(
  {
    _id: { type: String, required: true },
    hash: { type: String, required: true },
    expiresAt: { type: Date, required: true },
    userId: String,
  },
  { collection: 'setupLinks', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
);

/** Links that set a password, each once. */
export class SetupLinkStore {
  readonly #model: Model<SetupLink>;

  constructor(db: Connection) {
    this.#model = db.model<SetupLink>('SetupLink', schema);
  }

  /** In place of the one before. */
  async put({ _id, ...link }: SetupLink): Promise<void> {
    await this.#model.updateOne({ _id }, { $set: link }, { upsert: true }).exec();
  }

  /** Whether it is one of them that can be used. */
  async has(hash: string, now: Date): Promise<boolean> {
    for (const _id of PURPOSES) {
      const found = await this.#model
        .findOne({ _id, hash, expiresAt: { $gt: now } })
        .lean()
        .exec();
      if (found !== null) return true;
    }
    return false;
  }

  /** Uses it up; null where it is none of them, spent or over. */
  async take(hash: string, now: Date): Promise<SetupLink | null> {
    for (const _id of PURPOSES) {
      const taken = await this.#model
        .findOneAndDelete({ _id, hash, expiresAt: { $gt: now } })
        .lean<SetupLink>()
        .exec();
      if (taken !== null) return taken;
    }
    return null;
  }
}
