import { Schema, type Connection, type Model } from 'mongoose';
import { within, type Scope } from '../../kernel/scope.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { RemoteSession } from './session.ts';

const text = { type: String, required: true };
const date = { type: Date, required: true };
const schema = new Schema<RemoteSession>(
  {
    _id: text,
    version: { type: Number, required: true },
    kind: text,
    state: text,
    terminalId: text,
    orgPath: { type: [String], default: undefined },
    busyTerminal: String,
    asker: { type: Object, required: true },
    reason: text,
    serial: { type: String, default: null },
    subject: { type: String, default: null },
    createdAt: date,
    expiresAt: date,
    consentedAt: Date,
    salt: String,
    steps: { type: [Object], required: true },
    gridTask: Object,
    untold: Boolean,
    end: Object,
  },
  {
    collection: 'cardsessions',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    minimize: false,
    writeConcern: DURABLE,
  },
)
  .index({ busyTerminal: 1 }, { unique: true, sparse: true })
  .index({ terminalId: 1, createdAt: -1 })
  .index({ orgPath: 1, createdAt: -1 })
  .index({ untold: 1 }, { sparse: true })
  .index({ createdAt: -1 });

/** Remote card sessions in MongoDB; each is one document and changes by compare-and-set. */
export class RemoteSessionStore {
  readonly #model: Model<RemoteSession>;

  constructor(db: Connection) {
    this.#model = db.model<RemoteSession>('RemoteCardSession', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /**
   * `busy`: the terminal has a session that is not closed. The terminal is taken by an update: for an insert one of the
   * databases goes on to hold a value that was given up (docs/decisions/0001-embedded-database.md). A crash in between
   * leaves a session that no terminal is told of, until its time is over.
   */
  async insert(session: RemoteSession): Promise<'inserted' | 'busy'> {
    const { busyTerminal: _, ...waiting } = session;
    await this.#model.create(waiting);
    try {
      await this.#model.replaceOne({ _id: session._id }, session).exec();
      return 'inserted';
    } catch (error) {
      if (!isDuplicateKey(error, 'busyTerminal')) throw error;
      await this.#model.deleteOne({ _id: session._id }).exec();
      return 'busy';
    }
  }

  async get(id: string): Promise<RemoteSession | null> {
    return this.#model.findById(id).lean<RemoteSession>().exec();
  }

  /** The terminal's session that is not closed. */
  async ofTerminal(terminalId: string): Promise<RemoteSession | null> {
    return this.#model.findOne({ busyTerminal: terminalId }).lean<RemoteSession>().exec();
  }

  /** The newest within a scope, of one terminal or of all. */
  async list(terminalId: string | undefined, limit: number, scope: Scope): Promise<RemoteSession[]> {
    return this.#model
      .find({ ...(terminalId === undefined ? {} : { terminalId }), ...within(scope) })
      .sort({ createdAt: -1 })
      .limit(limit)
      .lean<RemoteSession[]>()
      .exec();
  }

  /** Those whose grid is still to hear of their end, the oldest first. */
  async untold(limit: number): Promise<RemoteSession[]> {
    return this.#model
      .find({ untold: true })
      .sort({ createdAt: 1 })
      .limit(limit)
      .lean<RemoteSession[]>()
      .exec();
  }

  /** False where the stored one is not `before` any more. */
  async replace(before: RemoteSession, after: RemoteSession): Promise<boolean> {
    const { _id, version } = before;
    const done = await this.#model.replaceOne({ _id, version }, after).exec();
    return done.matchedCount === 1;
  }
}
