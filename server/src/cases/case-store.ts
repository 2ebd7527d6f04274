import { Schema, type Connection, type Model } from 'mongoose';
import { within, type Scope } from '../kernel/scope.ts';
import { DURABLE, isDuplicateKey } from '../adapters/mongo/durable.ts';
import type { CaseKind } from '../orders/model/case-sink.ts';
import type { Case } from './case.ts';

export interface CaseQuery {
  readonly ids?: readonly string[] | undefined;
  readonly status?: Case['status'] | undefined;
  readonly kind?: CaseKind | undefined;
  readonly orderNo?: string | undefined;
  /** User id. */
  readonly owner?: string | undefined;
  /** Opened before this. */
  readonly before?: Date | undefined;
  readonly limit: number;
}

/** Where cases are kept: each change is durable and a compare-and-set on the version. */
export interface CaseStore {
  insert(opened: Case): Promise<'inserted' | 'exists'>;
  get(id: string): Promise<Case | null>;
  /** Newest first. */
  list(query: CaseQuery, scope: Scope): Promise<Case[]>;
  /** Stores `after` where the case still has the version of `before`. */
  replace(before: Case, after: Case): Promise<'replaced' | 'conflict'>;
}

const text = { type: String, required: true } as const;
const time = { type: Date, required: true } as const;
const whole = { type: Number, required: true } as const;
const options = { _id: false, strict: 'throw' } as const;

const schema = new Schema<Case>(
  {
    _id: text,
    kind: text,
    orderNo: text,
    orgPath: { type: [String], default: undefined },
    key: { type: String, default: '' },
    facts: { type: Schema.Types.Mixed, required: true },
    status: text,
    owner: { type: Object, default: null },
    notes: { type: [new Schema({ at: time, by: text, byName: text, text }, options)], required: true },
    resolution: { type: Object, default: null },
    openedAt: time,
    updatedAt: time,
    reopened: whole,
    version: whole,
  },
  {
    collection: 'cases',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    minimize: false,
    writeConcern: DURABLE,
  },
)
  .index({ orderNo: 1, openedAt: -1, _id: 1 })
  .index({ openedAt: -1, _id: 1 })
  .index({ status: 1, openedAt: -1, _id: 1 })
  .index({ orgPath: 1, openedAt: -1, _id: 1 })
  .index({ 'owner.id': 1, openedAt: -1, _id: 1 });

/** Cases in MongoDB. That a difference is one case is its id: the store knows no two of them. */
export class MongoCaseStore implements CaseStore {
  readonly #model: Model<Case>;

  constructor(db: Connection) {
    this.#model = db.model<Case>('Case', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(opened: Case): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(opened);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<Case | null> {
    return this.#model.findById(id).lean<Case>().exec();
  }

  async list(query: CaseQuery, scope: Scope): Promise<Case[]> {
    const { ids, status, kind, orderNo, owner, before, limit } = query;
    return this.#model
      .find({
        ...(ids === undefined ? {} : { _id: { $in: [...ids] } }),
        ...(status === undefined ? {} : { status }),
        ...(kind === undefined ? {} : { kind }),
        ...(orderNo === undefined ? {} : { orderNo }),
        ...(owner === undefined ? {} : { 'owner.id': owner }),
        ...(before === undefined ? {} : { openedAt: { $lt: before } }),
        ...within(scope),
      })
      .sort({ openedAt: -1, _id: 1 })
      .limit(limit)
      .lean<Case[]>()
      .exec();
  }

  /** Those that are open, the newest first, with what it takes to count them. */
  async open(limit: number): Promise<Pick<Case, '_id' | 'kind' | 'orgPath' | 'owner' | 'openedAt'>[]> {
    return this.#model
      .find({ status: 'open' }, { kind: 1, orgPath: 1, owner: 1, openedAt: 1 })
      .sort({ openedAt: -1 })
      .limit(limit)
      .lean<Case[]>()
      .exec();
  }

  async replace(before: Case, after: Case): Promise<'replaced' | 'conflict'> {
    const { _id, ...rest } = after;
    const replaced = await this.#model
      .findOneAndUpdate({ _id, version: before.version }, { $set: rest }, { projection: { _id: 1 } })
      .lean()
      .exec();
    return replaced === null ? 'conflict' : 'replaced';
  }
}
