import { Schema, type Connection, type Model } from 'mongoose';

/** One phone. It holds no name and no number: what it may do follows from its bindings. */
export interface PayerSession {
  /** SHA-256 of the cookie's token; the token itself is nowhere. */
  readonly _id: string;
  readonly payerId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const schema = new Schema<PayerSession>(
  {
    _id: { type: String, required: true },
    payerId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'payerSessions', versionKey: false, strict: 'throw', autoIndex: false },
).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** Phones' sessions in MongoDB. An engine without TTL indexes keeps dead ones; every look-up checks the time itself. */
export class PayerSessionStore {
  readonly #model: Model<PayerSession>;

  constructor(db: Connection) {
    this.#model = db.model<PayerSession>('PayerSession', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(session: PayerSession): Promise<void> {
    await this.#model.create(session);
  }

  async get(id: string): Promise<PayerSession | null> {
    return this.#model.findById(id).lean<PayerSession>().exec();
  }

  async extend(id: string, expiresAt: Date): Promise<void> {
    await this.#model.updateOne({ _id: id }, { $set: { expiresAt } }).exec();
  }

  async remove(id: string): Promise<void> {
    await this.#model.deleteOne({ _id: id }).exec();
  }
}
