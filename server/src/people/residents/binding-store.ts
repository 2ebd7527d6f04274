import type { MaskedHousehold } from '@bianmin/purchase/api/household';
import { Schema, type Connection, type Model } from 'mongoose';
import { openHolder, sealHolder } from '../../kernel/holder.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import { anyOf } from '../../adapters/mongo/sealed-filter.ts';

/** An order that counts against a day's limits until it is known to have been closed unpaid. */
export interface Reservation {
  /** The order's idempotency key. */
  readonly key: string;
  /** Of China's: `2026-01-15`. */
  readonly day: string;
  readonly fen: number;
  readonly at: Date;
}

/** One household on one phone, or on one box. */
export interface StoredBinding {
  /** Random: says nothing about the household. */
  readonly _id: string;
  /** Whose it is: a phone's, or a box's by its terminal id. */
  readonly payerId: string;
  /** The customer number, sealed. */
  readonly customer: string;
  /** What screens show; nothing else of the household is kept. */
  readonly masked: Readonly<MaskedHousehold>;
  /** A digest of who held the account when it was bound or first told; absent: the grid did not say. */
  readonly holder?: string;
  readonly reserved: readonly Reservation[];
  /** Grows with every change of `reserved`. */
  readonly version: number;
  readonly createdAt: Date;
  readonly usedAt: Date;
  /** A phone's lives as long as its session; a box's, as long as it is used. */
  readonly expiresAt: Date;
}

const text = { type: String, required: true };
const date = { type: Date, required: true };
const schema = new Schema<StoredBinding>(
  {
    _id: text,
    payerId: text,
    customer: text,
    masked: { type: Object, required: true },
    holder: String,
    reserved: {
      type: [{ _id: false, key: text, day: text, fen: { type: Number, required: true }, at: date }],
      required: true,
    },
    version: { type: Number, required: true },
    createdAt: date,
    usedAt: date,
    expiresAt: date,
  },
  { versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
)
  .index({ payerId: 1, customer: 1 }, { unique: true })
  .index({ customer: 1, usedAt: 1 })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** Each kind of holder has a collection of its own, so that no box counts among a household's phones. */
const COLLECTIONS = { phones: ['Binding', 'bindings'], boxes: ['BoxBinding', 'boxBindings'] } as const;

/** Who may buy for which households. Every look-up checks the time itself. */
export class BindingStore {
  readonly #model: Model<StoredBinding>;
  readonly #seal: NumberSeal;

  constructor(db: Connection, of: keyof typeof COLLECTIONS, seal: NumberSeal) {
    const [name, collection] = COLLECTIONS[of];
    this.#model = db.model<StoredBinding>(name, schema, collection);
    this.#seal = seal;
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** `exists`: this phone has the household already. */
  async insert(binding: StoredBinding): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(this.#sealed(binding));
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string, now: Date): Promise<StoredBinding | null> {
    const found = await this.#model
      .findOne({ _id: id, expiresAt: { $gt: now } })
      .lean<StoredBinding>()
      .exec();
    return found === null ? null : this.#opened(found);
  }

  async ofPayer(payerId: string, now: Date): Promise<StoredBinding[]> {
    const found = await this.#model
      .find({ payerId, expiresAt: { $gt: now } })
      .sort({ createdAt: 1, _id: 1 })
      .lean<StoredBinding[]>()
      .exec();
    return found.map((each) => this.#opened(each));
  }

  /** By the spellings of a customer number; least recently used first. */
  async ofCustomer(customer: readonly string[], now: Date): Promise<StoredBinding[]> {
    const found = await this.#model
      .find({ customer: anyOf(customer), expiresAt: { $gt: now } })
      .sort({ usedAt: 1, _id: 1 })
      .lean<StoredBinding[]>()
      .exec();
    return found.map((each) => this.#opened(each));
  }

  /** Compare-and-set on the version. */
  async setReserved(
    binding: StoredBinding,
    reserved: readonly Reservation[],
    usedAt: Date,
  ): Promise<boolean> {
    const { _id, version } = binding;
    const update = { $set: { reserved: [...reserved], usedAt, version: version + 1 } };
    return (await this.#model.updateOne({ _id, version }, update).exec()).matchedCount === 1;
  }

  /** What screens show of it from now on, and who holds it. */
  async renew(id: string, household: Pick<StoredBinding, 'masked' | 'holder'>): Promise<void> {
    await this.#model.updateOne({ _id: id }, { $set: this.#sealed(household) }).exec();
  }

  async use(id: string, usedAt: Date, expiresAt: Date): Promise<void> {
    await this.#model.updateOne({ _id: id }, { $set: { usedAt, expiresAt } }).exec();
  }

  async stretch(payerId: string, expiresAt: Date): Promise<void> {
    await this.#model.updateMany({ payerId }, { $set: { expiresAt } }).exec();
  }

  async remove(id: string): Promise<void> {
    await this.#model.deleteOne({ _id: id }).exec();
  }

  async removeOfPayer(payerId: string): Promise<void> {
    await this.#model.deleteMany({ payerId }).exec();
  }

  #sealed<T extends Pick<StoredBinding, 'holder'>>(binding: T): T {
    const { holder } = binding;
    return holder === undefined ? binding : { ...binding, holder: sealHolder(this.#seal, holder) };
  }

  #opened(found: StoredBinding): StoredBinding {
    const { holder } = found;
    return holder === undefined ? found : { ...found, holder: openHolder(this.#seal, holder) };
  }
}
