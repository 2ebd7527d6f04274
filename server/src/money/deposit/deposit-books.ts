import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { DepositComparison } from './deposit-difference.ts';

/** What our books are beside the deposit of one grid. */
export interface DepositBook {
  /** The grid's name. */
  readonly _id: string;
  /** The grid's sales from then on are posted against the deposit. */
  readonly since: Date;
  /** The ledger's sum of the deposit's account from the day of `since` to the end of this day, `YYYY-MM-DD`; empty: none yet. */
  readonly through: string;
  readonly throughFen: number;
  /** What the grid had more than the ledger at the first comparison, when nothing was under way. */
  readonly startFen?: number;
  readonly last?: DepositComparison;
}

const fen = { type: Number, required: true } as const;
const comparison = new Schema<DepositComparison>(
  {
    at: { type: Date, required: true },
    ...{ gridFen: fen, booksFen: fen, underWayFen: fen, timesOff: fen },
  },
  { _id: false, strict: 'throw' },
);
const schema = new Schema<DepositBook>(
  {
    _id: { type: String, required: true },
    since: { type: Date, required: true },
    through: { type: String, default: '' },
    throughFen: fen,
    startFen: Number,
    last: comparison,
  },
  { collection: 'depositbooks', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
);

/** One small document a grid. */
export class DepositBooks {
  readonly #model: Model<DepositBook>;

  constructor(db: Connection) {
    this.#model = db.model<DepositBook>('DepositBook', schema);
  }

  /** Begun now where it never was: of all that begin it at once the first has said when. */
  async open(grid: string, now: Date): Promise<DepositBook> {
    const known = await this.get(grid);
    if (known !== null) return known;
    try {
      await this.#model.create({ _id: grid, since: now, through: '', throughFen: 0 });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    return (await this.get(grid)) ?? { _id: grid, since: now, through: '', throughFen: 0 };
  }

  /** What `book` has summed, and further; nothing where another has summed further meanwhile. */
  async sum(
    { _id, through }: DepositBook,
    to: { readonly day: string; readonly fen: number },
  ): Promise<void> {
    const set = { through: to.day, throughFen: to.fen };
    await this.#model.updateOne({ _id, through }, { $set: set }).exec();
  }

  /** Once. */
  async start(grid: string, startFen: number): Promise<void> {
    await this.#model.updateOne({ _id: grid, startFen: { $exists: false } }, { $set: { startFen } }).exec();
  }

  async compared(grid: string, last: DepositComparison): Promise<void> {
    await this.#model.updateOne({ _id: grid }, { $set: { last } }).exec();
  }

  async get(grid: string): Promise<DepositBook | null> {
    return this.#model.findById(grid).lean<DepositBook>().exec();
  }
}
