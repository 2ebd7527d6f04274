import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** What is true of an installation for good, from when on; `userId`: by whom it came. */
export interface AccessMark {
  /** `installed`: its first day begins. `second-person`: two people have been. `ready-roles`: the ready-made roles were made. */
  readonly _id: 'installed' | 'second-person' | 'ready-roles';
  readonly at: Date;
  readonly userId?: string;
}

const schema = new Schema<AccessMark>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    userId: String,
  },
  { collection: 'accessmarks', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
);

/** Marks in MongoDB: they are set once, and nothing here takes one away. */
export class AccessMarkStore {
  readonly #model: Model<AccessMark>;

  constructor(db: Connection) {
    this.#model = db.model<AccessMark>('AccessMark', schema);
  }

  async get(id: AccessMark['_id']): Promise<AccessMark | null> {
    return this.#model.findById(id).lean<AccessMark>().exec();
  }

  /** True for the one who sets it; of several at once for one of them. */
  async set(mark: AccessMark): Promise<boolean> {
    try {
      await this.#model.create(mark);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }
}
