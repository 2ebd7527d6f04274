import { Schema, type Connection, type Model } from 'mongoose';
import type { AnnouncementTexts, ANNOUNCEMENT_DEVICES } from '@bianmin/purchase/api/announcements';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** What terminals of a region show while they wait. */
export interface Announcement {
  /** Chosen by who made it. */
  readonly _id: string;
  readonly texts: AnnouncementTexts;
  /** At terminals of this organisation and below it. */
  readonly org: string;
  readonly devices: readonly (typeof ANNOUNCEMENT_DEVICES)[number][];
  readonly from: Date;
  readonly to: Date;
  /** Grows with every change; a change names the version that was seen. */
  readonly version: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly changedBy: string;
  readonly changedAt: Date;
}

const text = { type: String, required: true } as const;
const time = { type: Date, required: true } as const;
const schema = new Schema<Announcement>(
  {
    ...{ _id: text, texts: { type: Object, required: true }, org: text, from: time, to: time },
    devices: { type: [String], required: true },
    version: { type: Number, required: true },
    ...{ createdBy: text, createdAt: time, changedBy: text, changedAt: time },
  },
  {
    collection: 'announcements',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    writeConcern: DURABLE,
  },
).index({ org: 1, from: -1 });

/** Announcements in MongoDB; a few hundred at most. */
export class AnnouncementStore {
  readonly #model: Model<Announcement>;

  constructor(db: Connection) {
    this.#model = db.model<Announcement>('Announcement', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(made: Announcement): Promise<'inserted' | 'exists'> {
    try {
      await this.#model.create(made);
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<Announcement | null> {
    return this.#model.findById(id).lean<Announcement>().exec();
  }

  /** Of these organisations; those that begin last come first. */
  async list(orgs: readonly string[], limit: number): Promise<Announcement[]> {
    return this.#model
      .find({ org: { $in: [...orgs] } })
      .sort({ from: -1 })
      .limit(limit)
      .lean<Announcement[]>()
      .exec();
  }

  /** That are shown at this time to such a device, of one of these organisations; what began last comes first. */
  async shown(of: {
    orgs: readonly string[];
    device: Announcement['devices'][number];
    now: Date;
    limit: number;
  }): Promise<Announcement[]> {
    const { orgs, device, now, limit } = of;
    return this.#model
      .find({ org: { $in: [...orgs] }, to: { $gt: now }, from: { $lte: now }, devices: device })
      .sort({ from: -1 })
      .limit(limit)
      .lean<Announcement[]>()
      .exec();
  }

  /** Compare-and-set on the version; null where it is another by now, or there is none. */
  async change(
    id: string,
    version: number,
    set: Partial<Omit<Announcement, '_id' | 'version'>>,
  ): Promise<Announcement | null> {
    return this.#model
      .findOneAndUpdate(
        { _id: id, version },
        { $set: { ...set, version: version + 1 } },
        { returnDocument: 'after' },
      )
      .lean<Announcement>()
      .exec();
  }

  async remove(id: string, version: number): Promise<boolean> {
    return (await this.#model.deleteOne({ _id: id, version }).exec()).deletedCount === 1;
  }
}
