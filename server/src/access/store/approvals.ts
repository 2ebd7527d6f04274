import { Schema, type Connection, type Model } from 'mongoose';
import { within, type Scope } from '../../kernel/scope.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

export interface ApprovalPerson {
  readonly id: string;
  readonly name: string;
}

/**
 * One thing that a second person must allow.
 * `open` → `refused`, or → `accepted` → `done` | `failed`. `accepted` means: decided, to be carried out.
 */
export interface Approval {
  readonly _id: string;
  /** Which handler carries it out: `role.change`. */
  readonly kind: string;
  /** What the handler needs; no secrets, the checker reads it. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly status: 'open' | 'accepted' | 'refused' | 'done' | 'failed';
  /** Of what it is about: the checker has it in their scope. Absent: the province's. */
  readonly orgPath?: readonly string[];
  /** Digest of what was asked for under a caller's key, which `_id` follows from. */
  readonly intent?: string;
  readonly maker: ApprovalPerson;
  readonly createdAt: Date;
  readonly checker?: ApprovalPerson;
  readonly decidedAt?: Date;
  readonly endedAt?: Date;
  /** For `failed`: the code of the problem. */
  readonly failure?: string;
  /** While a process carries it out: until when no other tries. */
  readonly runUntil?: Date;
}

const text = { type: String, required: true };
const schema = new Schema<Approval>(
  {
    _id: text,
    kind: text,
    content: { type: Object, required: true },
    status: text,
    orgPath: { type: [String], default: undefined },
    intent: String,
    maker: { type: Object, required: true },
    createdAt: { type: Date, required: true },
    checker: Object,
    decidedAt: Date,
    endedAt: Date,
    failure: String,
    runUntil: Date,
  },
  {
    collection: 'approvals',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    minimize: false,
    writeConcern: DURABLE,
  },
)
  .index({ createdAt: -1 })
  .index({ status: 1, createdAt: -1 })
  .index({ orgPath: 1, createdAt: -1 });

/** Approvals in MongoDB: every step is a compare-and-set. */
export class ApprovalStore {
  readonly #model: Model<Approval>;

  constructor(db: Connection) {
    this.#model = db.model<Approval>('Approval', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(approval: Approval): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(approval);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<Approval | null> {
    return this.#model.findById(id).lean<Approval>().exec();
  }

  /** Those that are open the oldest first, so that none is forgotten; others the newest first. */
  async list(status: Approval['status'] | undefined, scope: Scope): Promise<Approval[]> {
    return this.#model
      .find({ ...(status === undefined ? {} : { status }), ...within(scope) })
      .sort({ createdAt: status === 'open' ? 1 : -1 })
      .limit(200)
      .lean<Approval[]>()
      .exec();
  }

  /** `open` → `to`, by anybody but the maker; null where it is not open or the checker is the maker. */
  async decide(
    id: string,
    to: 'accepted' | 'refused',
    checker: ApprovalPerson,
    at: Date,
  ): Promise<Approval | null> {
    return this.#change(
      { _id: id, status: 'open', 'maker.id': { $ne: checker.id } },
      { status: to, checker, decidedAt: at, ...(to === 'refused' ? { endedAt: at } : {}) },
    );
  }

  /** Takes an accepted one in hand until `until`; null where it is not accepted or in other hands. */
  async startRun(id: string, at: Date, until: Date): Promise<Approval | null> {
    return this.#change(
      {
        _id: id,
        status: 'accepted',
        $or: [{ runUntil: { $exists: false } }, { runUntil: { $lte: at } }],
      },
      { runUntil: until },
    );
  }

  async endRun(
    id: string,
    end: { status: 'done' | 'failed'; failure?: string; at: Date },
  ): Promise<Approval | null> {
    return this.#change(
      { _id: id, status: 'accepted' },
      {
        status: end.status,
        endedAt: end.at,
        ...(end.failure === undefined ? {} : { failure: end.failure }),
      },
    );
  }

  async releaseRun(id: string): Promise<void> {
    await this.#model.updateOne({ _id: id, status: 'accepted' }, { $unset: { runUntil: 1 } }).exec();
  }

  async acceptedNotRunning(at: Date): Promise<Approval[]> {
    return this.#model
      .find({ status: 'accepted', $or: [{ runUntil: { $exists: false } }, { runUntil: { $lte: at } }] })
      .limit(100)
      .lean<Approval[]>()
      .exec();
  }

  #change(filter: Record<string, unknown>, set: Partial<Approval>): Promise<Approval | null> {
    return this.#model
      .findOneAndUpdate(filter, { $set: set }, { returnDocument: 'after' })
      .lean<Approval>()
      .exec();
  }
}
