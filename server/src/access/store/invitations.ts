import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE } from '../../adapters/mongo/durable.ts';

/** A user's one-time link, of which there is one at a time. */
export interface Invitation {
  /** The user's id. */
  readonly _id: string;
  /** This one, not one before: what an approval names. */
  readonly invite: string;
  /** SHA-256 of the token; the token itself is nowhere. */
  readonly hash: string;
  readonly expiresAt: Date;
  /** A second person has not allowed it yet. */
  readonly waits: boolean;
}

const text = { type: String, required: true };
const schema = new Schema<Invitation>(
  {
    ...{ _id: text, invite: text, hash: text },
    expiresAt: { type: Date, required: true },
    waits: { type: Boolean, required: true },
  },
  { collection: 'invitations', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
)
  .index({ hash: 1 }, { unique: true })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** Invitations in MongoDB. An engine without TTL indexes keeps dead ones; every look-up checks the time itself. */
export class InvitationStore {
  readonly #model: Model<Invitation>;

  constructor(db: Connection) {
    this.#model = db.model<Invitation>('Invitation', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** In place of the one before. */
  async put({ _id, ...link }: Invitation): Promise<void> {
    await this.#model.updateOne({ _id }, { $set: link }, { upsert: true }).exec();
  }

  /** Null where there is none of this hash, or its time is over. */
  async find(hash: string, now: Date): Promise<Invitation | null> {
    return this.#model
      .findOne({ hash, expiresAt: { $gt: now } })
      .lean<Invitation>()
      .exec();
  }

  /** A second person allows it; false where there is another by now, or none. */
  async allow(userId: string, invite: string): Promise<boolean> {
    const done = await this.#model.updateOne({ _id: userId, invite }, { $set: { waits: false } }).exec();
    return done.matchedCount === 1;
  }

  /** Uses it up; null where it waits, is spent or over. */
  async take(hash: string, now: Date): Promise<Invitation | null> {
    return this.#model
      .findOneAndDelete({ hash, expiresAt: { $gt: now }, waits: false })
      .lean<Invitation>()
      .exec();
  }

  /** Until when the links of these users are good, by their ids. */
  async among(userIds: readonly string[], now: Date): Promise<Map<string, Date>> {
    const found = await this.#model
      .find({ _id: { $in: [...userIds] } })
      .lean<Invitation[]>()
      .exec();
    const good = found.filter(({ expiresAt }) => expiresAt.getTime() > now.getTime());
    return new Map(good.map(({ _id, expiresAt }) => [_id, expiresAt]));
  }

  async remove(userId: string): Promise<void> {
    await this.#model.deleteOne({ _id: userId }).exec();
  }
}
