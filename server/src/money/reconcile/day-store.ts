import { Schema, type Connection, type Model } from 'mongoose';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { CheckedAccount } from './account-check.ts';
import type { Source } from './bills.ts';
import type { Difference } from './classify.ts';

const MAX_HISTORY = 50;

export type DayState = 'running' | 'waiting' | 'failed' | 'done';

/** One run of a day, as it ended. */
export interface DayRun {
  readonly at: Date;
  /** User id, or `system`. */
  readonly by: string;
  readonly state: DayState;
  /** Why it is not done: a code of ours. */
  readonly why?: string;
  /** Source and hash of each bill that was used. */
  readonly sources: readonly string[];
  /** As of the day. */
  readonly notCompared?: readonly string[];
  readonly differences: number;
}

/** What is known of one day; a re-run says it anew, and its history keeps what was said before. */
export interface ReconciledDay {
  /** YYYY-MM-DD in China. */
  readonly _id: string;
  readonly state: DayState;
  readonly why?: string;
  readonly sources: readonly Source[];
  /** Sources that have no bills, of which the day says nothing: `channel:bestpay`. Absent: it ran before there was such a thing. */
  readonly notCompared?: readonly string[];
  /** Cases by kind. */
  readonly counts: Readonly<Record<string, number>>;
  readonly caseIds: readonly string[];
  /** Each account beside the papers, as the run found them; absent: it ran before there was such a thing. */
  readonly accounts?: readonly CheckedAccount[];
  /** Held for the day after. */
  readonly carried: readonly Difference[];
  /** The day before was run again since: what it held over may be other now. */
  readonly stale: boolean;
  readonly history: readonly DayRun[];
  readonly updatedAt: Date;
  /** No other process runs it until then. */
  readonly leaseUntil?: Date;
}

/** What a run finds out of one of its days. */
export type DayOutcome = Pick<
  ReconciledDay,
  'state' | 'sources' | 'notCompared' | 'counts' | 'caseIds' | 'carried' | 'accounts'
> & {
  readonly why?: string;
};

const schema = new Schema<ReconciledDay>(
  {
    _id: { type: String, required: true },
    state: { type: String, required: true },
    why: String,
    sources: { type: [Object], required: true },
    notCompared: { type: [String], default: undefined },
    counts: { type: Object, required: true },
    caseIds: { type: [String], required: true },
    accounts: { type: [Object], default: undefined },
    carried: { type: [Object], required: true },
    stale: { type: Boolean, required: true },
    history: { type: [Object], required: true },
    updatedAt: { type: Date, required: true },
    leaseUntil: Date,
  },
  {
    collection: 'reconciliations',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    minimize: false,
    writeConcern: DURABLE,
  },
);

/** Days in MongoDB, by day; the process that runs one has it to itself for a while. */
export class DayStore {
  readonly #model: Model<ReconciledDay>;

  constructor(db: Connection) {
    this.#model = db.model<ReconciledDay>('ReconciledDay', schema);
  }

  async get(day: string): Promise<ReconciledDay | null> {
    return this.#model.findById(day).lean<ReconciledDay | null>().exec();
  }

  /** Of these days, those that were ever run, by day. */
  async list(first: string, last: string): Promise<ReconciledDay[]> {
    return this.#model
      .find({ _id: { $gte: first, $lte: last } })
      .sort({ _id: 1 })
      .lean<ReconciledDay[]>()
      .exec();
  }

  /** The oldest that was ever run; undefined where there is none. */
  async first(): Promise<string | undefined> {
    const [first] = await this.#model
      .find({}, { _id: 1 })
      .sort({ _id: 1 })
      .limit(1)
      .lean<Pick<ReconciledDay, '_id'>[]>()
      .exec();
    return first?._id;
  }

  /** Of these days, those that were ever run, by day, without what they found. */
  async states(first: string, last: string): Promise<Pick<ReconciledDay, '_id' | 'state' | 'stale'>[]> {
    return this.#model
      .find({ _id: { $gte: first, $lte: last } }, { state: 1, stale: 1 })
      .sort({ _id: 1 })
      .lean<Pick<ReconciledDay, '_id' | 'state' | 'stale'>[]>()
      .exec();
  }

  /** Takes a day in hand until `until`; false where another process has it. */
  async take(day: string, now: Date, until: Date): Promise<boolean> {
    const fresh = {
      state: 'running',
      sources: [],
      counts: {},
      caseIds: [],
      carried: [],
      stale: false,
      history: [],
    };
    try {
      await this.#model
        .updateOne(
          { _id: day, $or: [{ leaseUntil: { $exists: false } }, { leaseUntil: { $lte: now } }] },
          { $set: { leaseUntil: until, updatedAt: now }, $setOnInsert: fresh },
          { upsert: true },
        )
        .exec();
      return true;
    } catch (error) {
      // It is there, and leased: the filter did not find it, and a second one cannot be made.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** Ends a run: what it found, its place in the history, and the lease. */
  async end(
    day: string,
    outcome: DayOutcome,
    run: Omit<DayRun, 'sources' | 'notCompared' | 'state' | 'differences'>,
  ): Promise<void> {
    const { state, why, sources, notCompared, caseIds } = outcome;
    const entry: DayRun = {
      ...run,
      state,
      ...(why === undefined ? {} : { why }),
      sources: sources.map(({ source, sha256 }) => `${source} ${sha256}`),
      ...(notCompared === undefined ? {} : { notCompared }),
      differences: caseIds.length,
    };
    const { why: _, ...rest } = outcome;
    await this.#model
      .updateOne(
        { _id: day },
        {
          $set: { ...rest, stale: false, updatedAt: run.at, ...(why === undefined ? {} : { why }) },
          $unset: { leaseUntil: 1, ...(why === undefined ? { why: 1 } : {}) },
          $push: { history: { $each: [entry], $slice: -MAX_HISTORY } },
        },
      )
      .exec();
  }

  /** It did not come to an end: what was known of the day stays. */
  async giveUp(day: string, init: { state: DayState; why: string; at: Date; by: string }): Promise<void> {
    const { state, why, at, by } = init;
    const known = await this.get(day);
    const done = known?.state === 'done';
    const entry: DayRun = { at, by, state, why, sources: [], differences: 0 };
    await this.#model
      .updateOne(
        { _id: day },
        {
          $set: { ...(done ? {} : { state }), why, updatedAt: at },
          $unset: { leaseUntil: 1 },
          $push: { history: { $each: [entry], $slice: -MAX_HISTORY } },
        },
      )
      .exec();
  }

  async markStale(day: string): Promise<void> {
    await this.#model.updateOne({ _id: day, state: 'done' }, { $set: { stale: true } }).exec();
  }
}
