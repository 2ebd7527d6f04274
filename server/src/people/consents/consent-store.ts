import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import { anyOf } from '../../adapters/mongo/sealed-filter.ts';
import { openHolder, sealHolder } from '../../kernel/holder.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import type { ConsentHold, StoredConsent } from './consent.ts';

const text = { type: String, required: true } as const;
const whole = { type: Number, required: true } as const;
const date = { type: Date, required: true } as const;
const hold = new Schema<ConsentHold>(
  { terminalId: text, key: text, month: text, fen: whole, at: date },
  { _id: false, strict: 'throw' },
);
const schema = new Schema<StoredConsent>(
  {
    _id: text,
    grid: text,
    customer: text,
    org: text,
    masked: { type: Object, required: true },
    holder: String,
    form: text,
    perPurchaseFen: whole,
    perMonthFen: whole,
    endsOn: text,
    terminalId: text,
    recordedBy: text,
    recordedAt: date,
    expiresAt: date,
    ended: String,
    holds: { type: [hold], required: true },
    version: whole,
  },
  {
    ...{ collection: 'consents', versionKey: false, strict: 'throw' },
    ...{ autoIndex: false, writeConcern: DURABLE },
  },
)
  .index({ customer: 1, org: 1, grid: 1 }, { unique: true })
  .index({ org: 1, recordedAt: -1 })
  .index({ recordedAt: -1 })
  .index({ form: 1, recordedAt: -1 })
  .index({ expiresAt: 1 });

/** Where consents are looked for: in these organisations (undefined: in all), and by the number of a form. */
export interface ConsentQuery {
  readonly orgs?: readonly string[] | undefined;
  readonly form?: string | undefined;
  /** Good at this moment. */
  readonly liveAt?: Date;
  readonly limit: number;
}

/** Consents of households: each change is of one document, by compare-and-set. The customer number is the key, sealed. */
export class ConsentStore {
  readonly #model: Model<StoredConsent>;
  readonly #seal: NumberSeal;

  constructor(db: Connection, seal: NumberSeal) {
    this.#model = db.model<StoredConsent>('Consent', schema);
    this.#seal = seal;
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** `exists`: the household has one at this community, of whatever state. */
  async insert(consent: StoredConsent): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(this.#sealed(consent));
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<StoredConsent | null> {
    const found = await this.#model.findById(id).lean<StoredConsent>().exec();
    return found === null ? null : this.#opened(found);
  }

  /** By the spellings of a customer number. */
  async ofHousehold(of: {
    readonly grid: string;
    readonly customer: readonly string[];
    readonly org: string;
  }): Promise<StoredConsent | null> {
    const found = await this.#model
      .findOne({ customer: anyOf(of.customer), org: of.org, grid: of.grid })
      .lean<StoredConsent>()
      .exec();
    return found === null ? null : this.#opened(found);
  }

  /** Of whatever community. */
  async ofCustomer(customer: readonly string[]): Promise<StoredConsent[]> {
    const found = await this.#model
      .find({ customer: anyOf(customer) })
      .lean<StoredConsent[]>()
      .exec();
    return found.map((each) => this.#opened(each));
  }

  /** The newest first. */
  async find({ orgs, form, liveAt, limit }: ConsentQuery): Promise<StoredConsent[]> {
    const filter = {
      ...(orgs === undefined ? {} : { org: anyOf(orgs) }),
      ...(form === undefined ? {} : { form }),
      ...(liveAt === undefined ? {} : { expiresAt: { $gt: liveAt } }),
    };
    const found = await this.#model
      .find(filter)
      .sort({ recordedAt: -1 })
      .limit(limit)
      .lean<StoredConsent[]>()
      .exec();
    return found.map((each) => this.#opened(each));
  }

  /** A consent that follows one that has ended takes its place. False where that changed meanwhile. */
  async follow(ended: StoredConsent, next: StoredConsent): Promise<boolean> {
    const { _id, version } = ended;
    const { _id: _, ...set } = this.#sealed(next);
    const unset = { ended: 1, ...(next.holder === undefined ? { holder: 1 } : {}) };
    const update = { $set: { ...set, version: version + 1 }, $unset: unset };
    return (await this.#model.updateOne({ _id, version }, update).exec()).matchedCount === 1;
  }

  /** False where it changed meanwhile, or has ended. */
  async setHolds({ _id, version }: StoredConsent, holds: readonly ConsentHold[]): Promise<boolean> {
    const update = { $set: { holds: [...holds], version: version + 1 } };
    const done = await this.#model.updateOne({ _id, version, ended: { $exists: false } }, update).exec();
    return done.matchedCount === 1;
  }

  /** From now on it is good for nothing. Nothing where it has ended, or another follows it already. */
  async end(
    { _id, recordedAt }: StoredConsent,
    ended: NonNullable<StoredConsent['ended']>,
    now: Date,
  ): Promise<void> {
    await this.#model
      .updateOne(
        { _id, recordedAt, ended: { $exists: false }, expiresAt: { $gt: now } },
        { $set: { ended, expiresAt: now }, $inc: { version: 1 } },
      )
      .exec();
  }

  async remove(id: string): Promise<void> {
    await this.#model.deleteOne({ _id: id }).exec();
  }

  #sealed<T extends Pick<StoredConsent, 'holder'>>(consent: T): T {
    const { holder } = consent;
    return holder === undefined ? consent : { ...consent, holder: sealHolder(this.#seal, holder) };
  }

  #opened(found: StoredConsent): StoredConsent {
    const { holder } = found;
    return holder === undefined ? found : { ...found, holder: openHolder(this.#seal, holder) };
  }
}
