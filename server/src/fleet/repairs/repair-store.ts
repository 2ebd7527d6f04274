import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import { covers, within, type Scope } from '../../kernel/scope.ts';
import type { Repair, RepairPlace } from './repair.ts';

const text = { type: String, required: true } as const;
const time = { type: Date, required: true } as const;
const whole = { type: Number, required: true } as const;
const person = { type: Object, default: undefined } as const;
const step = new Schema(
  {
    did: text,
    at: time,
    by: { type: Object, required: true },
    to: person,
    text: { type: String, default: '' },
  },
  { _id: false, strict: 'throw' },
);

const schema = new Schema<Repair>(
  {
    _id: text,
    terminalId: text,
    no: whole,
    name: text,
    address: String,
    orgPath: { type: [String], default: undefined },
    fault: text,
    status: text,
    owner: { type: Object, default: null },
    steps: { type: [step], required: true },
    openedAt: time,
    updatedAt: time,
    version: whole,
  },
  { collection: 'repairs', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
)
  .index({ openedAt: -1, _id: -1 })
  .index({ status: 1, openedAt: -1, _id: -1 })
  .index({ orgPath: 1, openedAt: -1, _id: -1 })
  .index({ terminalId: 1, openedAt: -1, _id: -1 })
  .index({ terminalId: 1, no: -1 });

export interface RepairQuery {
  readonly id?: string | undefined;
  readonly status?: Repair['status'] | undefined;
  readonly terminalId?: string | undefined;
  /** Opened before this. */
  readonly before?: Date | undefined;
  readonly limit: number;
}

/** What a list of terminals says of one. */
export type OpenRepair = Pick<Repair, '_id' | 'terminalId' | 'fault' | 'owner' | 'openedAt'>;

/** As many terminals as a province has kiosks. */
const MOST_OPEN = 20_000;

/** Repairs in MongoDB: one document each, changed by compare-and-set. */
export class RepairStore {
  readonly #model: Model<Repair>;

  constructor(db: Connection) {
    this.#model = db.model<Repair>('Repair', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(repair: Repair): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(repair);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  /** Null also where it is outside of the scope. */
  async get(id: string, scope: Scope): Promise<Repair | null> {
    const found = await this.#model.findById(id).lean<Repair>().exec();
    return found !== null && covers(scope, found.orgPath) ? found : null;
  }

  /** A terminal's last one. */
  async last(terminalId: string): Promise<Repair | null> {
    return this.#model.findOne({ terminalId }).sort({ no: -1 }).lean<Repair>().exec();
  }

  /** Those that are open, without what was done. */
  async open(scope: Scope): Promise<OpenRepair[]> {
    return this.#model
      .find({ status: 'open', ...within(scope) }, { terminalId: 1, fault: 1, owner: 1, openedAt: 1 })
      .sort({ openedAt: -1, _id: -1 })
      .limit(MOST_OPEN)
      .lean<OpenRepair[]>()
      .exec();
  }

  /** Newest first. */
  async list({ id, status, terminalId, before, limit }: RepairQuery, scope: Scope): Promise<Repair[]> {
    return this.#model
      .find({
        ...(id === undefined ? {} : { _id: id }),
        ...(status === undefined ? {} : { status }),
        ...(terminalId === undefined ? {} : { terminalId }),
        ...(before === undefined ? {} : { openedAt: { $lt: before } }),
        ...within(scope),
      })
      .sort({ openedAt: -1, _id: -1 })
      .limit(limit)
      .lean<Repair[]>()
      .exec();
  }

  /** The open one of a terminal stands where that does by now. */
  async follow({ _id: terminalId, name, address, orgPath }: RepairPlace): Promise<void> {
    const place = Object.entries({ address, orgPath });
    const known = place.filter(([, value]) => value !== undefined);
    const unknown = place.filter(([, value]) => value === undefined).map(([key]) => [key, 1] as const);
    await this.#model
      .updateMany(
        { terminalId, status: 'open' },
        {
          $set: { name, ...Object.fromEntries(known) },
          $inc: { version: 1 },
          ...(unknown.length === 0 ? {} : { $unset: Object.fromEntries(unknown) }),
        },
      )
      .exec();
  }

  /** An organisation has another path by now: what is open there goes along. */
  async moved(org: string, path: readonly string[]): Promise<void> {
    await this.#model
      .updateMany({ orgPath: org, status: 'open' }, { $set: { orgPath: path }, $inc: { version: 1 } })
      .exec();
  }

  /** Stores `after` where the repair still has the version of `before`. */
  async replace(before: Repair, after: Repair): Promise<'replaced' | 'conflict'> {
    const { matchedCount } = await this.#model
      .replaceOne({ _id: before._id, version: before.version }, after)
      .exec();
    return matchedCount === 1 ? 'replaced' : 'conflict';
  }
}
