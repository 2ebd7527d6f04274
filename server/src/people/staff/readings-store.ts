import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE } from '../../adapters/mongo/durable.ts';

/** A card that was asked to be read now, and what it said. No image and no customer number is kept. */
export interface Reading {
  /** The nonce: 32 random bytes, base64url. */
  readonly _id: string;
  readonly orderNo: string;
  readonly terminalId: string;
  /** User id. */
  readonly by: string;
  readonly createdAt: Date;
  /** Until when the terminal may send it. */
  readonly expiresAt: Date;
  /** Absent until the terminal sent it. */
  readonly read?: CardRead;
}

export interface CardRead {
  readonly at: Date;
  /** Hex, 16 digits. */
  readonly serial: string;
  readonly imageDigest: string;
  /** Whether customer and meter are the order's. */
  readonly sameHousehold: boolean;
  readonly cardCount: number;
  readonly soldCount: number;
  readonly creditedCount: number | null;
}

const text = { type: String, required: true };
const time = { type: Date, required: true };
const schema = new Schema<Reading>(
  {
    _id: text,
    orderNo: text,
    terminalId: text,
    by: text,
    createdAt: time,
    expiresAt: time,
    read: Object,
  },
  { collection: 'readings', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
);

/** Readings in MongoDB; each is filled once. They stay, as what a reversal was decided on. */
export class ReadingStore {
  readonly #model: Model<Reading>;

  constructor(db: Connection) {
    this.#model = db.model<Reading>('Reading', schema);
  }

  async insert(reading: Reading): Promise<void> {
    await this.#model.create(reading);
  }

  async get(nonce: string): Promise<Reading | null> {
    return this.#model.findById(nonce).lean<Reading>().exec();
  }

  /** Null where it was filled before. */
  async fill(nonce: string, read: CardRead): Promise<Reading | null> {
    return this.#model
      .findOneAndUpdate(
        { _id: nonce, read: { $exists: false } },
        { $set: { read } },
        { returnDocument: 'after' },
      )
      .lean<Reading>()
      .exec();
  }
}
