import { Schema, type Connection, type Model } from 'mongoose';
import type { EcPublicJwk, SigningJwk } from '@bianmin/shared/api/terminal';
import { DURABLE, isDuplicateKey } from './durable.ts';

export type TerminalStatus = 'pending' | 'accepted' | 'rejected';

/** A kiosk or box that proved its key. Public keys only. */
export interface Terminal {
  /** Derived from the signing key: the same key is the same terminal. */
  readonly _id: string;
  readonly signKey: SigningJwk;
  readonly sealKey: EcPublicJwk;
  readonly kind: 'kiosk' | 'box';
  readonly name: string;
  readonly version: string;
  /** A box's browser engine, as it calls itself. */
  readonly engine?: string;
  /** Whose terminal it is, for statements; absent until an administrator says so. */
  readonly community?: string;
  /** Organisations from the province down to `community`; absent while it is nobody's: the province's. */
  readonly orgPath?: readonly string[];
  readonly status: TerminalStatus;
  readonly enrolledAt: Date;
  readonly decidedAt?: Date;
  /** User id, or `enrol-code`. */
  readonly decidedBy?: string;
}

const key = { type: Object, required: true };
const schema = new Schema<Terminal>(
  {
    _id: { type: String, required: true },
    signKey: key,
    sealKey: key,
    kind: { type: String, required: true },
    name: { type: String, required: true },
    version: { type: String, required: true },
    engine: String,
    community: String,
    orgPath: { type: [String], default: undefined },
    status: { type: String, required: true },
    enrolledAt: { type: Date, required: true },
    decidedAt: Date,
    decidedBy: String,
  },
  { collection: 'terminals', versionKey: false, strict: 'throw', writeConcern: DURABLE },
).index({ status: 1, enrolledAt: 1 });

/** Terminals in MongoDB. */
export class TerminalStore {
  readonly #model: Model<Terminal>;

  constructor(db: Connection) {
    this.#model = db.model<Terminal>('Terminal', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async get(id: string): Promise<Terminal | null> {
    return this.#model.findById(id).lean<Terminal>().exec();
  }

  /**
   * Stores a terminal as pending, or renews what a known one may change about itself: its sealing key,
   * version and engine always, its name only until somebody decided about it. Gives the terminal as it is now.
   */
  async enrol(terminal: Omit<Terminal, 'status' | 'decidedAt' | 'decidedBy'>): Promise<Terminal> {
    const { _id, name, sealKey, version, engine, ...fixed } = terminal;
    const renewed = { sealKey, version, ...(engine === undefined ? {} : { engine }) };
    const upsert = (): Promise<unknown> =>
      this.#model
        .updateOne(
          { _id },
          { $set: renewed, $setOnInsert: { ...fixed, name, status: 'pending' } },
          { upsert: true },
        )
        .exec();
    // Two upserts of one new key at once: one inserts, the other hits the unique _id and then only updates.
    await upsert().catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
      return upsert();
    });
    await this.#model.updateOne({ _id, status: 'pending', name: { $ne: name } }, { $set: { name } });
    const stored = await this.get(_id);
    if (stored === null) throw new Error('A terminal vanished while it was enrolled.');
    return stored;
  }

  /** Compare-and-set of the status; null where it was none of `from` any more. */
  async decide(init: {
    id: string;
    from: readonly TerminalStatus[];
    to: TerminalStatus;
    by: string;
    at: Date;
  }): Promise<Terminal | null> {
    return this.#model
      .findOneAndUpdate(
        { _id: init.id, status: { $in: init.from } },
        { $set: { status: init.to, decidedBy: init.by, decidedAt: init.at } },
        { returnDocument: 'after' },
      )
      .lean<Terminal>()
      .exec();
  }

  async list(status?: TerminalStatus): Promise<Terminal[]> {
    return this.#model
      .find(status === undefined ? {} : { status })
      .sort({ enrolledAt: -1 })
      .limit(500)
      .lean<Terminal[]>()
      .exec();
  }

  /** Ids of a community's terminals, whatever their status: what they sold stays theirs. */
  async idsOfCommunity(community: string): Promise<string[]> {
    const found = await this.#model
      .find({ community }, { _id: 1 })
      .sort({ _id: 1 })
      .lean<{ _id: string }[]>()
      .exec();
    return found.map(({ _id }) => _id);
  }

  /** Says whose terminal it is; null where there is no such terminal. */
  async place(id: string, community: string): Promise<Terminal | null> {
    return this.#model
      .findOneAndUpdate({ _id: id }, { $set: { community } }, { returnDocument: 'after' })
      .lean<Terminal>()
      .exec();
  }
}
