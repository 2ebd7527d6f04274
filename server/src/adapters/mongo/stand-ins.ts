import { Schema, type Connection, type Model } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import { DURABLE, isDuplicateKey } from './durable.ts';

interface StandIn {
  readonly _id: string;
  readonly value: string;
  readonly until: Date;
}

const text = { type: String, required: true };
/** Durable: a used proof must not be good again after an election. */
const schema = new Schema<StandIn>(
  { _id: text, value: String, until: { type: Date, required: true } },
  { collection: 'standins', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
).index({ until: 1 }, { expireAfterSeconds: 0 });

/** What is in Redis otherwise, while that is away: few, and none for long. */
export class StandIns {
  readonly #model: Model<StandIn>;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(db: Connection, clock: Pick<Clock, 'now'>) {
    this.#model = db.model<StandIn>('StandIn', schema);
    this.#clock = clock;
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async put(key: string, value: string, ttlMs: number): Promise<void> {
    const set = { value, until: this.#until(ttlMs) };
    await this.#model.updateOne({ _id: key }, { $set: set }, { upsert: true }).exec();
  }

  /** Of those that ask at once, true for one: the key was not there. */
  async putNew(key: string, value: string, ttlMs: number): Promise<boolean> {
    const until = this.#until(ttlMs);
    try {
      await this.#model.create({ _id: key, value, until });
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const over = { _id: key, until: { $lte: new Date(this.#clock.now()) } };
    return (await this.#model.updateOne(over, { $set: { value, until } }).exec()).matchedCount === 1;
  }

  async get(key: string): Promise<string | null> {
    return (await this.getAll([key]))[0] ?? null;
  }

  /** Of several at once, in their order. */
  async getAll(keys: readonly string[]): Promise<(string | null)[]> {
    const now = this.#clock.now();
    const found = await this.#model
      .find({ _id: { $in: [...keys] } })
      .lean<StandIn[]>()
      .exec();
    const values = new Map(found.map(({ _id, value, until }) => [_id, until.getTime() > now ? value : null]));
    return keys.map((key) => values.get(key) ?? null);
  }

  #until(ttlMs: number): Date {
    return new Date(this.#clock.now() + ttlMs);
  }
}
