import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

/** Money that we paid to the grid, or a top-up that was written down and is undone. Its id makes it once. */
export interface DepositEntry {
  readonly _id: string;
  readonly grid: string;
  readonly kind: 'top-up' | 'top-up-undone';
  /** Of an undoing: the top-up's id. Absent in entries of a former version, which are named after it. */
  readonly undoes?: string;
  readonly fen: number;
  /** The bank's. */
  readonly reference: string;
  /** YYYY-MM-DD, in China. */
  readonly paidOn: string;
  /** Who allowed it: a user's id. */
  readonly by: string;
  readonly at: Date;
}

const text = { type: String, required: true } as const;
const schema = new Schema<DepositEntry>(
  {
    ...{ _id: text, grid: text, kind: text, reference: text, paidOn: text, by: text },
    undoes: String,
    fen: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  {
    collection: 'depositentries',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    writeConcern: DURABLE,
  },
).index({ grid: 1, at: -1, _id: -1 });

/** The top-up that an entry undoes; undefined: it is one itself. */
export function undoneBy({ _id, kind, undoes }: DepositEntry): string | undefined {
  return kind === 'top-up' ? undefined : (undoes ?? _id.replace(/-undone$/u, ''));
}

/** What was paid into our deposit at the grid. It can be added to and read. */
export class DepositStore {
  readonly #model: Model<DepositEntry>;

  constructor(db: Connection) {
    this.#model = db.model<DepositEntry>('DepositEntry', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** The entry of this id, which may have been there before. */
  async add(entry: DepositEntry): Promise<DepositEntry> {
    try {
      await this.#model.create(entry);
      return entry;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return (await this.get(entry._id)) ?? entry;
    }
  }

  async get(id: string): Promise<DepositEntry | null> {
    return this.#model.findById(id).lean<DepositEntry>().exec();
  }

  /** All of one grid, newest first: a few a month. */
  async list(grid: string): Promise<DepositEntry[]> {
    return this.#model.find({ grid }).sort({ at: -1, _id: -1 }).lean<DepositEntry[]>().exec();
  }
}
