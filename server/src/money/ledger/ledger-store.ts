import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import { ClosedMonths, monthOf } from './closed-months.ts';
import { LedgerError } from './error.ts';
import { addLegs, imbalanceOf, type Leg, type Posting } from './posting.ts';

const SOURCES_AT_ONCE = 1000;

interface PostingDocument extends Posting {
  readonly _id: string;
}

const text = { type: String, required: true } as const;
const whole = { type: Number, required: true } as const;

const schema = new Schema<PostingDocument>(
  {
    _id: text,
    source: text,
    n: whole,
    group: text,
    name: text,
    at: { type: Date, required: true },
    day: text,
    legs: {
      type: [new Schema<Leg>({ account: text, fen: whole }, { _id: false, strict: 'throw' })],
      required: true,
    },
    terminalId: String,
    meterNo: String,
    late: Boolean,
  },
  {
    collection: 'postings',
    versionKey: false,
    strict: 'throw',
    strictQuery: 'throw',
    autoIndex: false,
    writeConcern: DURABLE,
  },
)
  .index({ source: 1, n: 1, group: 1 }, { unique: true })
  // A day's postings are many, and are read in the order of their numbers.
  .index({ day: 1, source: 1, n: 1, group: 1 })
  .index({ meterNo: 1, day: 1 })
  .index({ terminalId: 1, day: 1 })
  // Few ever are.
  .index({ late: 1 }, { sparse: true });

/** Which postings are asked for; days are China's, both ends included. */
export interface PostingQuery {
  readonly from?: string;
  readonly to?: string;
  readonly meterNo?: string;
  readonly terminalIds?: readonly string[];
  readonly source?: string;
  /** Without what came when its month was closed. */
  readonly inTime?: true;
}

/** A page of a day's postings on some accounts, in the order of their numbers. */
export interface LinesQuery {
  readonly day: string;
  readonly accounts: readonly string[];
  /** Which posting the page before ended with. */
  readonly after?: Pick<Posting, 'source' | 'n' | 'group'>;
  readonly limit: number;
}

/** The ledger in MongoDB. It can be added to and read; there is no way to change it. */
export class LedgerStore {
  readonly #model: Model<PostingDocument>;
  readonly #closed: ClosedMonths;

  constructor(db: Connection) {
    this.#model = db.model<PostingDocument>('Posting', schema);
    this.#closed = new ClosedMonths(db);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /**
   * Adds what is not there yet; gives how many that were. Durable when it resolves, and free to repeat. Throws
   * `ledger.unsound` for a posting that does not balance, or that is there with other legs; others may be added then. What falls into
   * a closed month is added, and marked as late.
   */
  async add(postings: readonly Posting[]): Promise<number> {
    if (postings.length === 0) return 0;
    const documents = postings.map(documentOf);
    for (const posting of documents) {
      if (imbalanceOf(posting) !== 0) throw unsound(posting._id, 'does not add up to zero');
    }
    const known = new Map((await this.#known(documents)).map((posting) => [posting._id, posting]));
    for (const posting of documents) checkSame(posting, known.get(posting._id));
    const fresh = await this.#marked(documents.filter(({ _id }) => !known.has(_id)));
    if (fresh.length === 0) return 0;
    try {
      await this.#model.insertMany(fresh, { ordered: false });
      return fresh.length;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // Another projector was at the same orders: whatever it did not add is added now.
      return this.add(postings);
    }
  }

  async *read(query: PostingQuery): AsyncGenerator<Posting> {
    const found = this.#model
      .find(filterOf(query), { _id: 0 })
      .sort({ source: 1, n: 1, group: 1 })
      .lean<Posting[]>()
      .cursor({ batchSize: 1000 }) as AsyncIterable<Posting>;
    yield* found;
  }

  /** Reads on from where the page before ended; an account on which little moved has its whole day read for it. */
  async lines({ day, accounts, after, limit }: LinesQuery): Promise<Posting[]> {
    const found = this.#model
      .find(
        {
          day,
          ...(after === undefined ? {} : { source: { $gte: after.source } }),
          'legs.account': { $in: accounts },
        },
        { _id: 0 },
      )
      .sort({ source: 1, n: 1, group: 1 })
      .lean<Posting[]>()
      .cursor({ batchSize: limit + 1 }) as AsyncIterable<Posting>;
    const page: Posting[] = [];
    for await (const posting of found) {
      if (after !== undefined && !isLater(posting, after)) continue;
      if (page.push(posting) === limit) break;
    }
    return page;
  }

  /** Turnover of each account; of all time where no day is named. */
  async turnover(query: PostingQuery = {}): Promise<Map<string, number>> {
    const sums = new Map<string, number>();
    const found = this.#model
      .find(filterOf(query), { _id: 0, legs: 1 })
      .lean<Pick<Posting, 'legs'>[]>()
      .cursor({ batchSize: 5000 }) as AsyncIterable<Pick<Posting, 'legs'>>;
    for await (const { legs } of found) addLegs(sums, legs);
    return sums;
  }

  /** What came when its month was closed. */
  async late(): Promise<Posting[]> {
    return this.#model.find({ late: true }, { _id: 0 }).lean<Posting[]>().exec();
  }

  /** Of the oldest posting; undefined where there is none. */
  async firstDay(): Promise<string | undefined> {
    const [first] = await this.#model
      .find({}, { _id: 0, day: 1 })
      .sort({ day: 1 })
      .limit(1)
      .lean<Pick<Posting, 'day'>[]>()
      .exec();
    return first?.day;
  }

  /** What the postings of these sources, of all days, did to an account. */
  async sumOf(account: string, sources: readonly string[]): Promise<number> {
    let sum = 0;
    for (let from = 0; from < sources.length; from += SOURCES_AT_ONCE) {
      const some = sources.slice(from, from + SOURCES_AT_ONCE);
      const found = await this.#model
        .find({ source: { $in: some } }, { _id: 0, legs: 1 })
        .lean<Pick<Posting, 'legs'>[]>()
        .exec();
      const legs = found.flatMap((posting) => posting.legs).filter((leg) => leg.account === account);
      sum += legs.reduce((fen, leg) => fen + leg.fen, 0);
    }
    return sum;
  }

  async #marked(documents: readonly PostingDocument[]): Promise<PostingDocument[]> {
    const months = new Set(documents.map(({ day }) => monthOf(day)));
    const closed = await this.#closed.amongst([...months]);
    return documents.map((each) => (closed.has(monthOf(each.day)) ? { ...each, late: true } : each));
  }

  async #known(documents: readonly PostingDocument[]): Promise<PostingDocument[]> {
    return this.#model
      .find({ _id: { $in: documents.map(({ _id }) => _id) } })
      .lean<PostingDocument[]>()
      .exec();
  }
}

function documentOf(posting: Posting): PostingDocument {
  return { _id: `${posting.source}:${posting.n}:${posting.group}`, ...posting };
}

function filterOf({ from, to, meterNo, terminalIds, source, inTime }: PostingQuery): Record<string, unknown> {
  const day = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lte: to }) };
  const one = from !== undefined && from === to;
  return {
    // One day asked for as such comes in the order of its index, and as a span it would be sorted.
    ...(one ? { day: from } : Object.keys(day).length === 0 ? {} : { day }),
    ...(meterNo === undefined ? {} : { meterNo }),
    ...(terminalIds === undefined ? {} : { terminalId: { $in: terminalIds } }),
    ...(source === undefined ? {} : { source }),
    ...(inTime === undefined ? {} : { late: { $ne: true } }),
  };
}

/** Of two postings of a day, in the order of the index. */
function isLater(one: Posting, other: Pick<Posting, 'source' | 'n' | 'group'>): boolean {
  if (one.source !== other.source) return one.source > other.source;
  return one.n === other.n ? one.group > other.group : one.n > other.n;
}

function checkSame(posting: Posting & { _id: string }, known: Posting | undefined): void {
  if (known === undefined) return;
  const same =
    known.legs.length === posting.legs.length &&
    known.legs.every(({ account, fen }, index) => {
      const leg = posting.legs[index];
      return leg?.account === account && leg.fen === fen;
    });
  if (!same) throw unsound(posting._id, 'is in the ledger with other legs');
}

function unsound(id: string, why: string): LedgerError {
  return new LedgerError({
    code: 'ledger.unsound',
    message: `The posting ${id} ${why}. Nothing of the ledger was changed; look at the events of its source.`,
  });
}
