import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

interface Person {
  readonly id: string;
  readonly name: string;
}

/** What an account came to in a month, in fen; debits above zero. */
export interface MonthSum {
  readonly account: string;
  readonly fen: number;
}

/** A month that two persons closed. */
export interface ClosedMonth {
  /** YYYY-MM in China. */
  readonly _id: string;
  /** `closing`: what comes for it is late already, and its sums are not taken yet. */
  readonly state: 'closing' | 'closed';
  readonly maker: Person;
  readonly checker: Person;
  /** The id of their decision. */
  readonly approval: string;
  /** Since when what comes for it is late. */
  readonly since: Date;
  /** By account, all but what came late; absent while it is `closing`. */
  readonly sums?: readonly MonthSum[];
  /** SHA-256 of month and sums as canonical JSON. */
  readonly digest?: string;
  readonly closedAt?: Date;
}

const person = { type: Object, required: true } as const;
const schema = new Schema<ClosedMonth>(
  {
    _id: { type: String, required: true },
    state: { type: String, required: true },
    maker: person,
    checker: person,
    approval: { type: String, required: true },
    since: { type: Date, required: true },
    sums: { type: [Object], default: undefined },
    digest: String,
    closedAt: Date,
  },
  { collection: 'closedmonths', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
);

/** Closed months in MongoDB, by month. One is closed once; there is no way to open it again. */
export class ClosedMonths {
  readonly #model: Model<ClosedMonth>;

  constructor(db: Connection) {
    this.#model = db.model<ClosedMonth>('ClosedMonth', schema);
  }

  async get(month: string): Promise<ClosedMonth | null> {
    return this.#model.findById(month).lean<ClosedMonth>().exec();
  }

  /** All of them, by month: twelve a year. */
  async list(): Promise<ClosedMonth[]> {
    return this.#model.find().sort({ _id: 1 }).lean<ClosedMonth[]>().exec();
  }

  /** Which of these are closed or being closed. */
  async amongst(months: readonly string[]): Promise<Set<string>> {
    const found = await this.#model
      .find({ _id: { $in: [...months] } }, { _id: 1 })
      .lean<Pick<ClosedMonth, '_id'>[]>()
      .exec();
    return new Set(found.map(({ _id }) => _id));
  }

  /** From now on what comes for it is late. False: somebody began before. */
  async begin(month: Omit<ClosedMonth, 'state' | 'sums' | 'digest' | 'closedAt'>): Promise<boolean> {
    try {
      await this.#model.create({ ...month, state: 'closing' });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** Its sums, for good. */
  async finish(
    month: string,
    { sums, digest, closedAt }: Required<Pick<ClosedMonth, 'sums' | 'digest' | 'closedAt'>>,
  ): Promise<void> {
    await this.#model
      .updateOne({ _id: month, state: 'closing' }, { $set: { state: 'closed', sums, digest, closedAt } })
      .exec();
  }
}

/** The month, YYYY-MM, that a day is of. */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}
