import { Schema, type Connection, type Model } from 'mongoose';
import type { AlertChannel, AlertTarget } from '@bianmin/purchase/api/alert-destinations';
import type { AlertSeverity } from '@bianmin/purchase/api/alert-rules';
import { within, type Scope } from '../../kernel/scope.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { SecretSeal } from '../../kernel/secret-seal.ts';

/** A group or mailbox that is told of alerts; how it is reached is sealed. */
export interface Destination {
  readonly _id: string;
  readonly name: string;
  /** Organisations down to the one whose alerts it is told of, with what lies below. */
  readonly orgPath: readonly string[];
  readonly kind: AlertChannel;
  readonly host: string;
  readonly step: number;
  readonly severity: AlertSeverity;
  readonly enabled: boolean;
  /** Its target, sealed under its id. */
  readonly sealed: string;
  readonly failing: { readonly since: Date; readonly code: string } | null;
  readonly lastSentAt: Date | null;
  /** Of what administrators edit. */
  readonly version: number;
}

const text = { type: String, required: true } as const;
const whole = { type: Number, required: true } as const;
const schema = new Schema<Destination>(
  {
    ...{ _id: text, name: text, kind: text, host: text, severity: text, sealed: text, step: whole },
    orgPath: { type: [String], required: true },
    enabled: { type: Boolean, required: true },
    failing: { type: Object, default: null },
    lastSentAt: { type: Date, default: null },
    version: whole,
  },
  {
    ...{ collection: 'alertdestinations', versionKey: false, strict: 'throw', autoIndex: false },
    writeConcern: DURABLE,
  },
).index({ orgPath: 1 });

const MOST = 500;

/** Destinations in MongoDB; some dozens. */
export class DestinationStore {
  readonly #model: Model<Destination>;
  readonly #seal: SecretSeal;

  constructor(db: Connection, seal: SecretSeal) {
    this.#model = db.model<Destination>('AlertDestination', schema);
    this.#seal = seal;
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  sealed(id: string, target: AlertTarget): string {
    return this.#seal.seal(JSON.stringify(target), id);
  }

  /** Throws where it was sealed under another key. */
  targetOf({ _id, sealed }: Pick<Destination, '_id' | 'sealed'>): AlertTarget {
    return JSON.parse(this.#seal.open(sealed, _id)) as AlertTarget;
  }

  async insert(made: Destination): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(made);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<Destination | null> {
    return this.#model.findById(id).lean<Destination>().exec();
  }

  async list(scope: Scope): Promise<Destination[]> {
    return this.#model.find(within(scope)).sort({ name: 1 }).limit(MOST).lean<Destination[]>().exec();
  }

  /** Compare-and-set on the version; null where it is another by now, or there is none. */
  async change(
    id: string,
    version: number,
    set: Partial<Omit<Destination, '_id' | 'version'>>,
  ): Promise<Destination | null> {
    const { matchedCount } = await this.#model
      .updateOne({ _id: id, version }, { $set: { ...set, version: version + 1 } })
      .exec();
    return matchedCount === 1 ? this.get(id) : null;
  }

  async remove(id: string, version: number): Promise<boolean> {
    return (await this.#model.deleteOne({ _id: id, version }).exec()).deletedCount === 1;
  }

  async reached(id: string, at: Date): Promise<void> {
    await this.#model.updateOne({ _id: id }, { $set: { failing: null, lastSentAt: at } }).exec();
  }

  /** Since when it fails stays as it was first seen. */
  async failed({ _id, failing }: Destination, code: string, at: Date): Promise<void> {
    await this.#model.updateOne({ _id }, { $set: { failing: { since: failing?.since ?? at, code } } }).exec();
  }
}
