import { Schema, type Connection, type Model } from 'mongoose';

/** An administrator's login. */
export interface Session {
  /** SHA-256 of the token; the token itself is nowhere. */
  readonly _id: string;
  readonly userId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Absent: a bearer's, from before there were others. */
  readonly kind?: 'cookie' | 'bearer';
  /** When password or code were last given; absent: as it began. */
  readonly confirmedAt?: Date;
  /** When the password alone was; absent: as it began. */
  readonly passwordAt?: Date;
  /** When the second factor was last shown to be there; absent: never in this login. */
  readonly factorAt?: Date;
  /** The code of the second factor is still due. */
  readonly lacksCode?: boolean;
  /** What a passkey is to sign in this login: made once, taken once. */
  readonly challenge?: PasskeyChallenge;
  /** When it was last used by a person; absent: as it began. */
  readonly usedAt?: Date;
  readonly ip?: string;
  /** The browser as it calls itself, cut short. */
  readonly agent?: string;
}

export interface PasskeyChallenge {
  readonly of: 'create' | 'get';
  readonly challenge: string;
  readonly until: Date;
}

const text = { type: String, required: true };
const schema = new Schema<Session>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    kind: String,
    ...{ confirmedAt: Date, passwordAt: Date, factorAt: Date },
    lacksCode: Boolean,
    challenge: {
      type: new Schema({ of: text, challenge: text, until: { type: Date, required: true } }, { _id: false }),
    },
    usedAt: Date,
    ip: String,
    agent: String,
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

  /** Password, or code or passkey, were given once more. */
  async confirm(id: string, given: 'password' | 'factor', at: Date): Promise<void> {
    const set = { confirmedAt: at, ...(given === 'password' ? { passwordAt: at } : { factorAt: at }) };
    await this.#model.updateOne({ _id: id }, { $set: set, $unset: { lacksCode: 1 } }).exec();
  }

  /** A second factor was made in it. */
  async hasFactor(id: string, at: Date): Promise<void> {
    await this.#model.updateOne({ _id: id }, { $set: { factorAt: at } }).exec();
  }

  /** In place of the one before. */
  async putChallenge(id: string, challenge: PasskeyChallenge): Promise<void> {
    await this.#model.updateOne({ _id: id }, { $set: { challenge } }).exec();
  }

  /** Gives it to one caller alone; null where there is none. */
  async takeChallenge(id: string): Promise<PasskeyChallenge | null> {
    const before = await this.#model
      .findOneAndUpdate({ _id: id, challenge: { $exists: true } }, { $unset: { challenge: 1 } })
      .lean<Session>()
      .exec();
    return before?.challenge ?? null;
  }

  async use(id: string, at: Date): Promise<void> {
    await this.#model.updateOne({ _id: id }, { $set: { usedAt: at } }).exec();
  }

  /** A user's, the newest first. */
  async ofUser(userId: string): Promise<Session[]> {
    return this.#model.find({ userId }).sort({ createdAt: -1 }).limit(100).lean<Session[]>().exec();
  }

  /** Ends one of a user's; false where there is none. */
  async removeOne(userId: string, id: string): Promise<boolean> {
    return (await this.#model.deleteOne({ _id: id, userId }).exec()).deletedCount === 1;
  }

  async removeOfUser(userId: string): Promise<void> {
    await this.#model.deleteMany({ userId }).exec();
  }
}
