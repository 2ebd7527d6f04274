import { Schema, type Connection, type Model } from 'mongoose';
import type { ReleaseKind } from '@bianmin/purchase/api/release';
import type { OutcomeCounts, RolloutCause, RolloutStage, RolloutState } from '@bianmin/purchase/api/rollout';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** Something that happened to a rollout. */
export interface RolloutMove {
  readonly at: Date;
  readonly state: RolloutState;
  readonly stage: number;
  readonly cause: RolloutCause;
  /** A user's id; null: it did so by itself. */
  readonly by: string | null;
  readonly reason: string;
  /** The approval that it was done under. */
  readonly approval?: string;
  /** How terminals fared by then. */
  readonly counts?: OutcomeCounts;
}

/** How one release reaches the terminals of a region, step by step. */
export interface Rollout {
  /** Chosen by who made it. */
  readonly _id: string;
  readonly releaseId: string;
  readonly kind: ReleaseKind;
  readonly release: string;
  readonly org: string;
  /** From the province down to `org`. */
  readonly orgPath: readonly string[];
  readonly terminals: readonly string[];
  readonly stages: readonly RolloutStage[];
  readonly errorPermille: number;
  readonly leastBad: number;
  readonly faultFactor: number;
  readonly onErrors: 'pause' | 'stop';
  readonly state: RolloutState;
  readonly stage: number;
  readonly stageSince?: Date;
  /** Those that fared badly before it was let go on. */
  readonly forgiven: number;
  /** The step has succeeded, and two persons decide about the next. */
  readonly ready: boolean;
  /** The last first; the earliest go. */
  readonly moves: readonly RolloutMove[];
  /** Grows with each change. */
  readonly version: number;
  readonly by: string;
  readonly at: Date;
}

const MOVES_KEPT = 50;
const text = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;
const schema = new Schema<Rollout>(
  {
    ...{
      _id: text,
      releaseId: text,
      kind: text,
      release: text,
      org: text,
      onErrors: text,
      state: text,
      by: text,
    },
    orgPath: { type: [String], required: true },
    terminals: { type: [String], required: true },
    stages: { type: [Object], required: true },
    ...{ errorPermille: number, leastBad: number, faultFactor: number },
    ...{ stage: number, forgiven: number, version: number },
    stageSince: Date,
    ready: { type: Boolean, required: true },
    moves: { type: [Object], required: true },
    at: { type: Date, required: true },
  },
  {
    ...{
      collection: 'rollouts',
      versionKey: false,
      strict: 'throw',
      autoIndex: false,
      writeConcern: DURABLE,
    },
    minimize: false,
  },
)
  .index({ state: 1, kind: 1 })
  .index({ releaseId: 1 })
  .index({ at: -1 });

/** Rollouts in MongoDB; a few dozen. Every step is a compare-and-set on the version. */
export class RolloutStore {
  readonly #model: Model<Rollout>;

  constructor(db: Connection) {
    this.#model = db.model<Rollout>('Rollout', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(rollout: Rollout): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(rollout);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<Rollout | null> {
    return this.#model.findById(id).lean<Rollout>().exec();
  }

  /** Newest first. */
  async list(limit: number): Promise<Rollout[]> {
    return this.#model.find().sort({ at: -1 }).limit(limit).lean<Rollout[]>().exec();
  }

  async running(): Promise<Rollout[]> {
    return this.#model.find({ state: 'running' }).lean<Rollout[]>().exec();
  }

  /** Paused or stopped, for whatever reason, and moved last since then. */
  async halted(since: Date): Promise<Rollout[]> {
    return this.#model
      .find({ state: { $in: ['paused', 'stopped'] }, 'moves.0.at': { $gte: since } })
      .lean<Rollout[]>()
      .exec();
  }

  /** Those that offer something of a kind. */
  async offering(kind: ReleaseKind): Promise<Rollout[]> {
    return this.#model
      .find({ state: { $in: ['running', 'done'] }, kind })
      .lean<Rollout[]>()
      .exec();
  }

  /** Of a release, those that are not over for good. */
  async ofRelease(releaseId: string): Promise<Rollout[]> {
    return this.#model
      .find({ releaseId, state: { $ne: 'stopped' } })
      .lean<Rollout[]>()
      .exec();
  }

  /** Moves it on from the version that was seen; null where it is another by now. */
  async move(
    { _id, version }: Pick<Rollout, '_id' | 'version'>,
    move: RolloutMove,
    more: Partial<Pick<Rollout, 'stageSince' | 'forgiven' | 'faultFactor'>> = {},
  ): Promise<Rollout | null> {
    const { state, stage } = move;
    return this.#model
      .findOneAndUpdate(
        { _id, version },
        {
          $set: { ...more, state, stage, ready: false, version: version + 1 },
          $push: { moves: { $each: [move], $position: 0, $slice: MOVES_KEPT } },
        },
        { returnDocument: 'after' },
      )
      .lean<Rollout>()
      .exec();
  }

  /** Says that the step has succeeded. */
  async markReady({ _id, version }: Pick<Rollout, '_id' | 'version'>): Promise<void> {
    await this.#model.updateOne({ _id, version }, { $set: { ready: true } }).exec();
  }
}
