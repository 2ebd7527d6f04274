import { Schema, type Connection, type Model } from 'mongoose';
import type { CommandKind } from '@bianmin/purchase/api/command';
import type { Presence } from '@bianmin/purchase/api/heartbeat';
import { within, type Scope } from '../../kernel/scope.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** Of accepted kiosks, those that all of this holds for. */
export interface Target {
  readonly org: string;
  readonly version?: string;
  readonly presence?: Presence;
}

/** One command for many terminals: made piece by piece, and again from where it was after a crash. */
export interface CommandBatch {
  /** Chosen by who sent it. */
  readonly _id: string;
  readonly kind: CommandKind;
  readonly reason: string;
  readonly target: Target;
  /** Of the target's organisation: who sees it. */
  readonly orgPath: readonly string[];
  readonly issuedBy: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly state: 'making' | 'made' | 'cancelled';
  /** What was given, signed when it was; without it no command is made. */
  readonly jws?: string;
  /** The last terminal that was looked at; empty at first. */
  readonly cursor: string;
  /** Told so far. */
  readonly terminals: number;
}

const text = { type: String, required: true } as const;
const time = { type: Date, required: true } as const;
const schema = new Schema<CommandBatch>(
  {
    ...{ _id: text, kind: text, reason: text, target: { type: Object, required: true }, issuedBy: text },
    ...{ orgPath: { type: [String], required: true }, issuedAt: time, expiresAt: time, state: text },
    // Empty at first, which `required` would refuse.
    ...{ cursor: String, jws: String, terminals: { type: Number, required: true } },
  },
  {
    ...{ collection: 'command_batches', versionKey: false, strict: 'throw', autoIndex: false },
    writeConcern: DURABLE,
  },
)
  .index({ state: 1, issuedAt: 1 })
  .index({ orgPath: 1, issuedAt: -1 })
  .index({ issuedAt: -1 });

export class CommandBatchStore {
  readonly #model: Model<CommandBatch>;

  constructor(db: Connection) {
    this.#model = db.model<CommandBatch>('CommandBatch', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(batch: CommandBatch): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(batch);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<CommandBatch | null> {
    return this.#model.findById(id).lean<CommandBatch>().exec();
  }

  async list(scope: Scope, limit: number): Promise<CommandBatch[]> {
    return this.#model.find(within(scope)).sort({ issuedAt: -1 }).limit(limit).lean<CommandBatch[]>().exec();
  }

  /** The oldest that is not made to its end. */
  async unmade(): Promise<CommandBatch | null> {
    return this.#model.findOne({ state: 'making' }).sort({ issuedAt: 1 }).lean<CommandBatch>().exec();
  }

  /** One piece further; false where another was faster, or it was cancelled. */
  async advance(from: CommandBatch, to: { cursor: string; told: number; last: boolean }): Promise<boolean> {
    const { modifiedCount } = await this.#model.updateOne(
      { _id: from._id, state: 'making', cursor: from.cursor },
      {
        $set: { cursor: to.cursor, ...(to.last ? { state: 'made' } : {}) },
        $inc: { terminals: to.told },
      },
    );
    return modifiedCount > 0;
  }

  async cancel(id: string): Promise<void> {
    await this.#model.updateOne({ _id: id }, { $set: { state: 'cancelled' }, $unset: { jws: 1 } });
  }

  /** Nobody gave it. Past the schema, for its fields and its very number may be of any type. */
  async refuse({ _id }: CommandBatch): Promise<void> {
    await this.#model.collection.updateOne(
      { _id: _id as never, state: 'making' },
      { $set: { state: 'cancelled' } },
      { writeConcern: DURABLE },
    );
  }
}
