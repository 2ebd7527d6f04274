import { Schema, type Connection, type Model } from 'mongoose';
import { within, type Scope } from '../../kernel/scope.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import type { Replacement } from './replacement.ts';

const text = { type: String, required: true } as const;
const time = { type: Date, required: true } as const;
const whole = { type: Number, required: true } as const;

const schema = new Schema<Replacement>(
  {
    _id: text,
    version: whole,
    status: text,
    terminalId: text,
    orgPath: { type: [String], default: undefined },
    customerNo: text,
    masked: { type: Object, required: true },
    meterNo: text,
    reason: text,
    requestedBy: { type: Object, required: true },
    approvedBy: Object,
    serial: String,
    chip: String,
    releasedDigest: String,
    formerSerial: String,
    count: Number,
    openOrderNo: String,
    orderLease: Number,
    lease: Number,
    leaseUntil: Date,
    imageDigest: String,
    failure: String,
    triesLeft: Number,
    unconfirmed: Boolean,
    createdAt: time,
    updatedAt: time,
    expiresAt: time,
  },
  {
    collection: 'replacements',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    minimize: false,
    writeConcern: DURABLE,
  },
)
  .index({ createdAt: -1 })
  .index({ orgPath: 1, createdAt: -1 })
  .index({ unconfirmed: 1 }, { sparse: true });

/** Replacement cards in MongoDB; each change is a compare-and-set on the version. No image and no plan is kept. */
export class ReplacementStore {
  readonly #model: Model<Replacement>;
  readonly #seal: NumberSeal;

  constructor(db: Connection, seal: NumberSeal) {
    this.#model = db.model<Replacement>('Replacement', schema);
    this.#seal = seal;
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(replacement: Replacement): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create({ ...replacement, customerNo: this.#seal.seal(replacement.customerNo) });
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(requestNo: string): Promise<Replacement | null> {
    const found = await this.#model.findById(requestNo).lean<Replacement>().exec();
    return found === null ? null : { ...found, customerNo: this.#seal.open(found.customerNo) };
  }

  async list(limit: number, scope: Scope): Promise<Replacement[]> {
    const found = await this.#model
      .find(within(scope))
      .sort({ createdAt: -1 })
      .limit(limit)
      .lean<Replacement[]>()
      .exec();
    return found.map((each) => ({ ...each, customerNo: this.#seal.open(each.customerNo) }));
  }

  /** Numbers of those that are written and of which the grid has not been told. */
  async unconfirmed(limit: number): Promise<string[]> {
    const found = await this.#model
      .find({ unconfirmed: true }, { _id: 1 })
      .limit(limit)
      .lean<{ _id: string }[]>()
      .exec();
    return found.map(({ _id }) => _id);
  }

  async confirmed(requestNo: string): Promise<void> {
    await this.#model.updateOne({ _id: requestNo }, { $unset: { unconfirmed: 1 } }).exec();
  }

  /** Null where it was changed meanwhile. */
  async change(before: Replacement, set: Partial<Replacement>, at: Date): Promise<Replacement | null> {
    const next: Partial<Replacement> = { ...set, version: before.version + 1, updatedAt: at };
    const moved = await this.#model
      .findOneAndUpdate(
        { _id: before._id, version: before.version },
        { $set: next },
        { projection: { _id: 1 } },
      )
      .lean()
      .exec();
    return moved === null ? null : { ...before, ...next };
  }
}
