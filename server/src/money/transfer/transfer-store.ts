import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { GridTransfer } from './transfer.ts';

const text = { type: String, required: true } as const;
const whole = { type: Number, required: true } as const;
const time = { type: Date, required: true } as const;

const schema = new Schema<GridTransfer>(
  {
    ...{ _id: text, grid: text, n: whole, kind: text, undoes: String, restOf: String, from: text, to: text },
    ...{ fen: whole, owedFen: whole, reference: text, paidOn: text, by: text, at: time },
    checked: new Schema({ at: time, owedFen: whole }, { _id: false, strict: 'throw' }),
  },
  {
    collection: 'gridtransfers',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    writeConcern: DURABLE,
  },
).index({ grid: 1, n: 1 }, { unique: true });

/** The history of what was transferred to grids for days of sales. It can be added to and read. */
export class GridTransferStore {
  readonly #model: Model<GridTransfer>;

  constructor(db: Connection) {
    this.#model = db.model<GridTransfer>('GridTransfer', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** False where its place in the history, or its id, was taken meanwhile: read the history again. */
  async add(entry: GridTransfer): Promise<boolean> {
    try {
      await this.#model.create(entry);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return false;
    }
  }

  /** All of one grid, in their order: one a day at most. */
  async history(grid: string): Promise<GridTransfer[]> {
    return this.#model.find({ grid }).sort({ n: 1 }).lean<GridTransfer[]>().exec();
  }

  async check(id: string, checked: NonNullable<GridTransfer['checked']>): Promise<void> {
    await this.#model.updateOne({ _id: id }, { $set: { checked } }).exec();
  }
}
