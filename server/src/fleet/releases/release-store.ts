import { Schema, type Connection, type Model } from 'mongoose';
import type { ReleaseKind, RELEASE_STATES } from '@bianmin/purchase/api/release';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** One release of the program, as it was signed. */
export interface Release {
  /** `kind@version` */
  readonly _id: string;
  readonly kind: ReleaseKind;
  readonly version: string;
  /** The manifest in its signature: what is in here is believed only after it has been verified. */
  readonly signed: string;
  /** The same as one key signed it, for kiosks that know no root. */
  readonly former?: string;
  readonly state: (typeof RELEASE_STATES)[number];
  /** A user's id, or `command`. */
  readonly by: string;
  readonly at: Date;
  /** Why it was withdrawn. */
  readonly reason?: string;
}

const text = { type: String, required: true } as const;
const schema = new Schema<Release>(
  {
    ...{ _id: text, kind: text, version: text, signed: text, state: text, by: text },
    at: { type: Date, required: true },
    former: String,
    reason: String,
  },
  { collection: 'releases', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
).index({ at: -1 });

/** Releases in MongoDB; a few dozen. */
export class ReleaseStore {
  readonly #model: Model<Release>;

  constructor(db: Connection) {
    this.#model = db.model<Release>('Release', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(release: Release): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(release);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<Release | null> {
    return this.#model.findById(id).lean<Release>().exec();
  }

  /** Newest first. */
  async list(limit: number): Promise<Release[]> {
    return this.#model.find().sort({ at: -1 }).limit(limit).lean<Release[]>().exec();
  }

  /** Puts newer signatures of the same release in the place of others; null where those were not there any more. */
  async renew(
    { _id, signed }: Pick<Release, '_id' | 'signed'>,
    by: Pick<Release, 'signed' | 'former'>,
  ): Promise<Release | null> {
    const { former } = by;
    return this.#model
      .findOneAndUpdate(
        { _id, signed },
        { $set: { signed: by.signed, ...(former === undefined ? {} : { former }) } },
        { returnDocument: 'after' },
      )
      .lean<Release>()
      .exec();
  }

  /** Compare-and-set of the state; null where it was another. */
  async move(
    id: string,
    from: readonly Release['state'][],
    set: Pick<Release, 'state' | 'reason'>,
  ): Promise<Release | null> {
    return this.#model
      .findOneAndUpdate({ _id: id, state: { $in: from } }, { $set: set }, { returnDocument: 'after' })
      .lean<Release>()
      .exec();
  }
}
