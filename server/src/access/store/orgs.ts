import { Schema, type Connection, type Model } from 'mongoose';
import type { OrgKind, OrgNames } from '@bianmin/purchase/api/org';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** An organisation: the province, a prefecture below it, or a community (社区) below one of those. */
export interface Org {
  readonly _id: string;
  readonly kind: OrgKind;
  readonly names: OrgNames;
  /** null of the root alone. */
  readonly parent: string | null;
  /** Ids from the root down to this one: whatever holds a scope's id in its path is within that scope. */
  readonly path: readonly string[];
  /** Column and row in a grid that resembles the map; prefectures alone have one. */
  readonly cell?: readonly [column: number, row: number];
  /** Grows with every change; a change names the version that was seen. */
  readonly version: number;
}

const schema = new Schema<Org>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    names: { type: Object, required: true },
    parent: { type: String, default: null },
    path: { type: [String], required: true },
    cell: { type: [Number], default: undefined },
    version: { type: Number, required: true },
  },
  { collection: 'orgs', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
).index({ path: 1, _id: 1 });

/** Organisations in MongoDB; a few thousand at most. */
export class OrgStore {
  readonly #model: Model<Org>;

  constructor(db: Connection) {
    this.#model = db.model<Org>('Org', schema);
  }

  /** Makes the index and, while there is no root, the organisations of `first`, whose own first is the root. */
  async prepare(first: readonly Org[]): Promise<void> {
    await this.#model.createIndexes();
    const [root] = first;
    if (root === undefined || (await this.get(root._id)) !== null) return;
    // The root is stored last: a start that was cut off is finished by the next one.
    for (const org of first.toReversed()) await this.insert(org);
  }

  async get(id: string): Promise<Org | null> {
    return this.#model.findById(id).lean<Org>().exec();
  }

  /** What lies within a scope, itself among it, parents before children. */
  async within(scope: string): Promise<Org[]> {
    const found = await this.#model.find({ path: scope }).sort({ _id: 1 }).lean<Org[]>().exec();
    return found.toSorted((a, b) => a.path.length - b.path.length);
  }

  async insert(org: Org): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(org);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  /** Compare-and-set on the version; null where it is another by now, or there is no such organisation. */
  async change(
    id: string,
    version: number,
    set: Partial<Pick<Org, 'names' | 'parent' | 'path'>>,
  ): Promise<Org | null> {
    return this.#model
      .findOneAndUpdate(
        { _id: id, version },
        { $set: { ...set, version: version + 1 } },
        { returnDocument: 'after' },
      )
      .lean<Org>()
      .exec();
  }

  async remove(id: string, version: number): Promise<boolean> {
    const { deletedCount } = await this.#model.deleteOne({ _id: id, version }).exec();
    return deletedCount === 1;
  }
}
