import { Schema, type Connection, type Model } from 'mongoose';

/** An administrator's login. */
export interface Session {
  /** SHA-256 of the token; the token itself is nowhere. */
  readonly _id: string;
  readonly userId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const schema = new Schema<Session>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'sessions', versionKey: false, strict: 'throw', autoIndex: false },
)
  .index({ userId: 1 })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** Logins in MongoDB. An engine without TTL indexes keeps dead ones; every look-up checks the time itself. */
export class SessionStore {
  readonly #model: Model<Session>;

  constructor(db: Connection) {
    this.#model = db.model<Session>('Session', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(session: Session): Promise<void> {
    await this.#model.create(session);
  }

  async get(id: string): Promise<Session | null> {
    return this.#model.findById(id).lean<Session>().exec();
  }

  async remove(id: string): Promise<void> {
    await this.#model.deleteOne({ _id: id }).exec();
  }

  async removeOfUser(userId: string): Promise<void> {
    await this.#model.deleteMany({ userId }).exec();
  }
}
