import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';
import type { Channel } from '@bianmin/purchase/api/channels';
import { KeyRing, named, versionOf, type KeySource } from '../../kernel/key-ring.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** A key that was uploaded: what may be told of it. */
export interface UploadedKey {
  /** Chosen by who uploaded it. */
  readonly _id: string;
  readonly channel: Channel;
  readonly whose: 'ours' | 'theirs';
  readonly serial?: string;
  readonly fingerprint: string;
  readonly notAfter?: Date;
  readonly status: 'proposed' | 'active' | 'retired';
  /** From when on it counts; absent: at once. */
  readonly activeFrom?: Date;
  /** When the second person allowed it. */
  readonly activatedAt?: Date;
  readonly createdAt: Date;
  /** A user's id. */
  readonly createdBy: string;
}

/** The key itself, in memory only. */
interface KeyContent {
  readonly pem: string;
  readonly certificate?: string;
}
export type OpenKey = UploadedKey & KeyContent;

interface KeyDocument extends UploadedKey {
  /** AES-256-GCM: IV, tag, text, base64url. Gone once it is retired. */
  readonly sealed?: string;
}

const text = { type: String, required: true } as const;
const schema = new Schema<KeyDocument>(
  {
    ...{ _id: text, channel: text, whose: text, serial: String, fingerprint: text, notAfter: Date },
    ...{ status: text, activeFrom: Date, activatedAt: Date, createdAt: { type: Date, required: true } },
    ...{ createdBy: text, sealed: String },
  },
  { collection: 'paymentkeys', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
).index({ status: 1, createdAt: 1 });

/** Uploaded keys, sealed under a key derived from the server's data key and bound to their id. */
export class PaymentKeyStore {
  readonly #model: Model<KeyDocument>;
  readonly #seal: KeyContentSeal;

  constructor(db: Connection, keys: KeySource) {
    this.#model = db.model<KeyDocument>('PaymentKey', schema);
    this.#seal = new KeyContentSeal(keys);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(key: OpenKey): Promise<'inserted' | 'exists'> {
    const { pem, certificate, ...rest } = key;
    const content = { pem, ...(certificate === undefined ? {} : { certificate }) };
    try {
      await this.#model.create({ ...rest, sealed: this.#seal.seal(JSON.stringify(content), key._id) });
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<UploadedKey | null> {
    return this.#model.findById(id, { sealed: 0 }).lean<UploadedKey>().exec();
  }

  /** Newest first. */
  async list(limit: number): Promise<UploadedKey[]> {
    return this.#model
      .find({}, { sealed: 0 })
      .sort({ createdAt: -1 })
      .limit(limit)
      .lean<UploadedKey[]>()
      .exec();
  }

  /** Those that count now, in the order in which they were allowed. */
  async active(now: Date): Promise<OpenKey[]> {
    const found = await this.#model
      .find({ status: 'active' })
      .sort({ activatedAt: 1, _id: 1 })
      .lean<KeyDocument[]>()
      .exec();
    return found
      .filter(({ activeFrom }) => activeFrom === undefined || activeFrom <= now)
      .map(({ sealed, ...key }) => ({
        ...key,
        ...(JSON.parse(this.#seal.open(sealed ?? '', key._id)) as KeyContent),
      }));
  }

  /** Also where it was done before. Null where there is none that could be. */
  async activate(id: string, at: Date): Promise<UploadedKey | null> {
    await this.#model
      .updateOne({ _id: id, status: 'proposed' }, { $set: { status: 'active', activatedAt: at } })
      .exec();
    return this.#model.findOne({ _id: id, status: 'active' }, { sealed: 0 }).lean<UploadedKey>().exec();
  }

  /** It counts no more, and its content is gone. */
  async retire(id: string): Promise<UploadedKey | null> {
    return this.#model
      .findOneAndUpdate(
        { _id: id },
        { $set: { status: 'retired' }, $unset: { sealed: 1 } },
        { returnDocument: 'after', projection: { sealed: 0 } },
      )
      .lean<UploadedKey>()
      .exec();
  }

  /** What was not allowed is not kept. */
  async dropProposedBefore(at: Date): Promise<void> {
    await this.#model.deleteMany({ status: 'proposed', createdAt: { $lt: at } }).exec();
  }
}

/** As `SecretSeal`, with the tag before the text: so keys were sealed from the beginning. */
export class KeyContentSeal {
  readonly #keys: KeyRing;

  constructor(keys: KeySource) {
    this.#keys = KeyRing.of(keys);
  }

  seal(clear: string, of: string): string {
    const version = this.#keys.sealing;
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(version), iv).setAAD(Buffer.from(of));
    const text = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
    return named(version, Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url'));
  }

  open(sealed: string, of: string): string {
    const { version, bare } = versionOf(sealed);
    const bytes = Buffer.from(bare, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.#keyOf(version), bytes.subarray(0, 12))
      .setAAD(Buffer.from(of))
      .setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  }

  #keyOf(version: number): Buffer {
    return this.#keys.key(version, 'bianmin payment keys');
  }
}
