import type { Connection, mongo } from 'mongoose';
import type { RollupCheck } from './check-result.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { isDuplicateKey } from '../../adapters/mongo/durable.ts';
import { rollupId, rollupOf, type Dimension, type Grain, type Rollup, type RollupSums } from './rollup.ts';
import type {
  Batch,
  BatchDocument,
  CountedDocument,
  RollupDocument,
  StateDocument,
} from './rollup-documents.ts';
import { TerminalRollups } from './terminal-rollups.ts';
import { AT_ONCE, writeAll } from './write-all.ts';

/** Of rollups whose terminals have documents of their own. */
const STATE = 'generation:2';
/** Of those of the version before, in which they have none. */
const OLDER = 'generation';
/** Generations of the format before are below it. All of this one have as many digits, so that ids are in their order. */
const FIRST = 2_000_001;
const KEPT_MS = 30 * 24 * 3_600_000;

export interface RollupState extends Omit<StateDocument, '_id'> {
  /** False until the version before's rollups are made anew. */
  readonly withTerminals: boolean;
}

/** Which rollups: of organisations, by their ids, their parents, or anywhere below one. */
export interface RollupQuery {
  readonly grain: Grain;
  /** Both included. */
  readonly from: string;
  readonly to: string;
  readonly of: { readonly org: string } | { readonly below: string } | { readonly childrenOf: string };
}

/**
 * Rollups in MongoDB, by plain updates of one document. Each is of a generation: a rebuild makes the next one aside, and
 * readers see it when it is whole.
 */
export class RollupStore {
  readonly #rollups: mongo.Collection<RollupDocument & { parent?: string }>;
  readonly #counted: mongo.Collection<CountedDocument>;
  readonly #batches: mongo.Collection<BatchDocument>;
  readonly #state: mongo.Collection<StateDocument>;
  readonly terminals: TerminalRollups;

  constructor(db: Connection) {
    this.terminals = new TerminalRollups(db);
    this.#rollups = collectionOf(db, 'rollups');
    this.#counted = collectionOf(db, 'rollupOrders');
    this.#batches = collectionOf(db, 'rollupBatches');
    this.#state = collectionOf(db, 'rollupState');
  }

  async prepare(): Promise<void> {
    await this.#rollups.createIndexes([
      // The generation last: a database that takes the first index that begins well would read all of it.
      { key: { org: 1, grain: 1, period: 1, generation: 1 } },
      { key: { parent: 1, grain: 1, period: 1, generation: 1 } },
      { key: { path: 1, grain: 1, period: 1, generation: 1 } },
      { key: { grain: 1, period: 1, generation: 1 } },
    ]);
    await this.terminals.prepare();
    // Where nothing was ever counted the first generation is whole as it is.
    const current = (await this.#state.findOne({ _id: OLDER })) === null ? FIRST : 0;
    await this.#state.insertOne({ _id: STATE, current, last: FIRST }).catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
    });
  }

  async state(): Promise<RollupState> {
    const state = (await this.#state.findOne({ _id: STATE })) ?? { current: 0, last: FIRST };
    if (state.current > 0) return { ...state, withTerminals: true };
    const older = await this.#state.findOne({ _id: OLDER });
    return { ...state, current: older?.current ?? FIRST, withTerminals: older === null };
  }

  async askRebuild(at: Date): Promise<void> {
    await this.#state.updateOne({ _id: STATE }, { $set: { rebuildAskedAt: at } });
  }

  async askCheck(at: Date): Promise<void> {
    await this.#state.updateOne({ _id: STATE }, { $set: { checkAskedAt: at } });
  }

  async checked(check: RollupCheck, init: { at: Date; asked: Date }): Promise<void> {
    await this.#state.updateOne({ _id: STATE }, { $set: { check: { ...check, at: init.at } } });
    await this.#state.updateOne({ _id: STATE, checkAskedAt: init.asked }, { $unset: { checkAskedAt: 1 } });
  }

  /** A generation of one's own. */
  async nextGeneration(): Promise<number> {
    const found = await this.#state.findOneAndUpdate(
      { _id: STATE },
      { $inc: { last: 1 } },
      { returnDocument: 'after' },
    );
    if (found === null) throw new Error('The rollups are not prepared.');
    return found.last;
  }

  /** From now on this one is read and added to; an older one never comes back. */
  async makeCurrent(generation: number, init: { at: Date; asked: Date | undefined }): Promise<void> {
    await this.#state.updateOne(
      { _id: STATE, current: { $lt: generation } },
      { $set: { current: generation, rebuiltAt: init.at } },
    );
    if (init.asked === undefined) return;
    await this.#state.updateOne(
      { _id: STATE, rebuildAskedAt: init.asked },
      { $unset: { rebuildAskedAt: 1 } },
    );
  }

  /** What is not read any more. */
  async removeOtherThan(generation: number): Promise<void> {
    await this.#rollups.deleteMany({ generation: { $gte: FIRST, $lt: generation } });
    // All at once: one that broke off is empty, and says nothing of those below it.
    await this.terminals.removeBetween(FIRST, generation);
    await this.#counted.deleteMany({ _id: { $gte: `${FIRST}:`, $lt: `${generation}:` } });
    await this.#batches.deleteMany({ _id: { $gte: FIRST, $lt: generation } });
  }

  /**
   * Deletes what a server of the version before counted, once its successor's rollups have been read for a month. One that comes back
   * then makes its own anew.
   */
  async forgetOlder(now: Date): Promise<void> {
    const { rebuiltAt, withTerminals } = await this.state();
    if (!withTerminals || rebuiltAt === undefined || now.getTime() - rebuiltAt.getTime() < KEPT_MS) return;
    const older = await this.#state.findOne({ _id: OLDER, forgottenAt: { $exists: false } });
    if (older === null) return;
    await this.#state.updateOne({ _id: OLDER }, { $set: { rebuildAskedAt: now } });
    await this.#rollups.deleteMany({ generation: { $lt: FIRST } });
    await this.#batches.deleteMany({ _id: { $lt: FIRST } });
    for (let old = older.last; old > 0; old -= 1) {
      await this.#counted.deleteMany({ _id: { $gte: `${old}:`, $lt: `${old};` } });
    }
    await this.#state.updateOne({ _id: OLDER }, { $set: { forgottenAt: now } });
  }

  /** Stores rollups that are not there yet. */
  async insert(generation: number, sums: readonly RollupSums[]): Promise<void> {
    for (let at = 0; at < sums.length; at += AT_ONCE) {
      const documents = sums.slice(at, at + AT_ONCE).map((each) => {
        const rollup = rollupOf(each);
        return {
          _id: `${generation}:${rollupId(rollup)}`,
          generation,
          batch: 0,
          ...parentOf(rollup),
          ...rollup,
        };
      });
      await this.#rollups.insertMany(documents, { ordered: false });
    }
  }

  async insertCounted(generation: number, counted: Batch['counted']): Promise<void> {
    if (counted.length === 0) return;
    const documents = counted.map(({ orderNo, n }) => ({ _id: `${generation}:${orderNo}`, n }));
    await this.#counted.insertMany(documents, { ordered: false });
  }

  /** How far these orders are counted; those that are not are absent. */
  async counted(generation: number, orderNos: readonly string[]): Promise<Map<string, number>> {
    const found = await this.#counted
      .find({ _id: { $in: orderNos.map((no) => `${generation}:${no}`) } })
      .toArray();
    return new Map(found.map(({ _id, n }) => [_id.slice(String(generation).length + 1), n]));
  }

  /** The last batch of a generation, finished where a worker left it unfinished. */
  async settled(generation: number): Promise<number> {
    const last = await this.#batches.findOne({ _id: generation });
    if (last === null) return 0;
    if (!last.done)
      await this.#finish(generation, {
        ...last,
        adds: last.adds.map(({ key, by }) => ({ key, by: Object.fromEntries(by) })),
        terminals: last.terminals.map(({ key, by }) => ({ key, by: Object.fromEntries(by) })),
      });
    return last.number;
  }

  /** Adds a batch; `taken` where another one has this number. */
  async add(generation: number, batch: Batch): Promise<'added' | 'taken'> {
    const { number, counted } = batch;
    const adds = batch.adds.map(({ key, by }) => ({ key, by: Object.entries(by) }));
    const terminals = batch.terminals.map(({ key, by }) => ({ key, by: Object.entries(by) }));
    const document = { number, done: false, adds, terminals, counted };
    try {
      if (number === 1) await this.#batches.insertOne({ _id: generation, ...document });
      else {
        const { matchedCount } = await this.#batches.updateOne(
          { _id: generation, number: number - 1, done: true },
          { $set: document },
        );
        if (matchedCount === 0) return 'taken';
      }
    } catch (error) {
      if (isDuplicateKey(error)) return 'taken';
      throw error;
    }
    await this.#finish(generation, batch);
    return 'added';
  }

  /** Free to repeat, and for several at once: a rollup that has this batch, or a later one, takes it no more. */
  async #finish(generation: number, { number, adds, terminals, counted }: Batch): Promise<void> {
    await writeAll(
      this.#rollups,
      adds.map(({ key, by }) => ({
        updateOne: {
          filter: { _id: `${generation}:${rollupId(key)}`, batch: { $lt: number } },
          update: {
            $set: { batch: number },
            $setOnInsert: { generation, ...parentOf(key), ...key, path: [...key.path] },
            $inc: { ...by },
          },
          upsert: true,
        },
      })),
    );
    await this.terminals.add(generation, number, terminals);
    await writeAll(
      this.#counted,
      counted.map(({ orderNo, n }) => ({
        updateOne: {
          filter: { _id: `${generation}:${orderNo}`, n: { $lt: n } },
          update: { $set: { n } },
          upsert: true,
        },
      })),
    );
    await this.#batches.updateOne(
      { _id: generation, number },
      { $set: { done: true, adds: [], terminals: [], counted: [] } },
    );
  }

  /** Rollups with their totals and the splits that are asked for, by one index. */
  async read(generation: number, query: RollupQuery, splits: readonly Dimension[] = []): Promise<Rollup[]> {
    const { grain, from, to, of } = query;
    const where =
      'org' in of ? { org: of.org } : 'below' in of ? { path: of.below } : { parent: of.childrenOf };
    const fields = { _id: 0, grain: 1, period: 1, org: 1, path: 1, all: 1 };
    const found = await this.#rollups
      .find(
        { generation, ...where, grain, period: { $gte: from, $lte: to } },
        { projection: { ...fields, ...Object.fromEntries(splits.map((split) => [split, 1])) } },
      )
      .toArray();
    return found;
  }

  /** Every rollup of a period, for the check. */
  async ofPeriod(generation: number, grain: Grain, period: string): Promise<Rollup[]> {
    return this.#rollups
      .find({ generation, grain, period }, { projection: { _id: 0, generation: 0, batch: 0, parent: 0 } })
      .toArray();
  }

  /** Periods that there are rollups of. */
  async periods(generation: number, grain: Grain): Promise<string[]> {
    const periods: string[] = [];
    for (;;) {
      const [next] = await this.#rollups
        .find({ generation, grain, period: { $gt: periods.at(-1) ?? '' } }, { projection: { period: 1 } })
        .sort({ period: 1 })
        .limit(1)
        .toArray();
      if (next === undefined) return periods;
      periods.push(next.period);
    }
  }
}

function parentOf({ path }: { readonly path: readonly string[] }): { parent?: string } {
  const parent = path.at(-2);
  return parent === undefined ? {} : { parent };
}
