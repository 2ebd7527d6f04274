import { Schema, type Connection, type Model } from 'mongoose';
import { type ReleaseKind } from '@bianmin/purchase/api/release';
import { OUTCOMES, type Outcome, type OutcomeCounts } from '@bianmin/purchase/api/rollout';
import { DURABLE } from '../../adapters/mongo/durable.ts';

/** How one terminal fares in one rollout: written before it is offered anything. */
export interface RolloutEntry {
  /** `rollout:terminal` */
  readonly _id: string;
  readonly rolloutId: string;
  readonly terminalId: string;
  readonly kind: ReleaseKind;
  readonly release: string;
  /** What ran before. */
  readonly from: string;
  readonly outcome: Outcome;
  /** Of what failed. */
  readonly code?: string;
  readonly offeredAt: Date;
  /** Since when it fares so. */
  readonly at: Date;
}

const text = { type: String, required: true } as const;
const time = { type: Date, required: true } as const;
const schema = new Schema<RolloutEntry>(
  {
    ...{ _id: text, rolloutId: text, terminalId: text, kind: text, release: text, from: text, outcome: text },
    code: String,
    ...{ offeredAt: time, at: time },
  },
  {
    collection: 'rollout_terminals',
    versionKey: false,
    strict: 'throw',
    autoIndex: false,
    writeConcern: DURABLE,
  },
)
  .index({ rolloutId: 1, outcome: 1, at: 1 })
  .index({ terminalId: 1, offeredAt: -1 });

/** Of one terminal, newest first; older ones are of no concern any more. */
const RECENT = 20;
const UNDER_WAY = ['offered', 'taken'] as const satisfies readonly Outcome[];

/** Who was offered what, and what came of it, in MongoDB. */
export class RolloutJournal {
  readonly #model: Model<RolloutEntry>;

  constructor(db: Connection) {
    this.#model = db.model<RolloutEntry>('RolloutEntry', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async ofTerminal(terminalId: string, kind: ReleaseKind): Promise<RolloutEntry[]> {
    return this.#model
      .find({ terminalId, kind })
      .sort({ offeredAt: -1 })
      .limit(RECENT)
      .lean<RolloutEntry[]>()
      .exec();
  }

  /** Since when each of these is on its way to another release; those that are not are left out. */
  async underWay(terminalIds: readonly string[]): Promise<Map<string, Date>> {
    const found = await this.#model
      .find({ terminalId: { $in: [...terminalIds] }, outcome: { $in: UNDER_WAY } }, { terminalId: 1, at: 1 })
      .lean<Pick<RolloutEntry, 'terminalId' | 'at'>[]>()
      .exec();
    return new Map(found.map(({ terminalId, at }) => [terminalId, at]));
  }

  /** That it was offered; the first time counts. */
  async offer(entry: Omit<RolloutEntry, '_id' | 'outcome' | 'at'>): Promise<void> {
    const { rolloutId, terminalId } = entry;
    await this.#model
      .updateOne(
        { _id: `${rolloutId}:${terminalId}` },
        { $setOnInsert: { ...entry, outcome: 'offered', at: entry.offeredAt } },
        { upsert: true },
      )
      .exec();
  }

  /** From one outcome to another; false where it was not that one any more. */
  async move(
    { _id, outcome }: Pick<RolloutEntry, '_id' | 'outcome'>,
    to: { readonly outcome: Outcome; readonly code?: string | undefined; readonly at: Date },
  ): Promise<boolean> {
    const { code, ...set } = to;
    const update = code === undefined ? { $set: set, $unset: { code: 1 } } : { $set: { ...set, code } };
    return (await this.#model.updateOne({ _id, outcome }, update).exec()).modifiedCount === 1;
  }

  async counts(rolloutId: string): Promise<OutcomeCounts> {
    const found = await this.#model
      .aggregate<{
        _id: Outcome;
        count: number;
      }>([{ $match: { rolloutId } }, { $group: { _id: '$outcome', count: { $sum: 1 } } }])
      .exec();
    const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
    for (const { _id, count } of found) counts[_id] = count;
    return counts;
  }

  /** That took it or installed it in a span of time; the earliest first. `after`: the last one of the page before. */
  async tookBetween(
    rolloutId: string,
    span: { readonly from: Date; readonly to: Date },
    page: { readonly after: RolloutEntry | undefined; readonly limit: number },
  ): Promise<RolloutEntry[]> {
    const { after, limit } = page;
    return this.#model
      .find({
        rolloutId,
        outcome: { $in: ['taken', 'installed'] },
        at: { $gte: span.from, $lte: span.to },
        ...(after === undefined ? {} : { _id: { $gt: after._id } }),
      })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<RolloutEntry[]>()
      .exec();
  }
}
