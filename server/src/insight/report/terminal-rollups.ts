import type { Connection, mongo } from 'mongoose';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { addCounts, type Counts, type Sums } from './counts.ts';
import { pathOf, terminalSumsId, type TerminalKey, type TerminalSums } from './terminal-sums.ts';
import { AT_ONCE, writeAll } from './write-all.ts';

/** What one terminal sold in a month or a year, wherever it stood. */
export interface TerminalDocument extends TerminalKey {
  /** `generation:period:terminal`. */
  readonly _id: string;
  readonly generation: number;
  /** The last batch that was added; 0 where it was built. */
  readonly batch: number;
  /** All organisations that it stood below. */
  readonly path: readonly string[];
  readonly all: Counts;
  /** By the place that it stood in, `province/650100`. */
  readonly places: Readonly<Record<string, Counts>>;
}

/** What is added to one of them. */
export interface TerminalAdd {
  readonly key: TerminalKey & { readonly path: readonly string[] };
  readonly by: Readonly<Record<string, number>>;
}

/** Of one terminal, below one organisation. */
export interface TerminalCounts {
  readonly terminal: string;
  readonly counts: Counts;
}

/**
 * A document for each terminal and month or year, found by its orders: a view of the largest reads no others, however many there are.
 * They are added to, and made anew, with the rollups of organisations.
 */
export class TerminalRollups {
  readonly #documents: mongo.Collection<TerminalDocument>;

  constructor(db: Connection) {
    this.#documents = collectionOf(db, 'rollupTerminals');
  }

  async prepare(): Promise<void> {
    await this.#documents.createIndexes([{ key: { path: 1, period: 1, generation: 1, 'all.orders': -1 } }]);
  }

  /** Stores those that are not there yet. */
  async insert(generation: number, sums: readonly TerminalSums[]): Promise<void> {
    for (let at = 0; at < sums.length; at += AT_ONCE) {
      const documents = sums.slice(at, at + AT_ONCE).map((each) => terminalDocumentOf(generation, each));
      await this.#documents.insertMany(documents, { ordered: false });
    }
  }

  /** Free to repeat, and for several at once: what has this batch, or a later one, takes it no more. */
  async add(generation: number, batch: number, adds: readonly TerminalAdd[]): Promise<void> {
    await writeAll(
      this.#documents,
      adds.map(({ key: { path, ...key }, by }) => ({
        updateOne: {
          filter: { _id: `${generation}:${terminalSumsId(key)}`, batch: { $lt: batch } },
          update: {
            $set: { batch },
            $setOnInsert: { generation, ...key },
            $addToSet: { path: { $each: [...path] } },
            $inc: { ...by },
          },
          upsert: true,
        },
      })),
    );
  }

  /** Those that have the most orders below an organisation in a period, the largest first. */
  async largest(
    generation: number,
    { period, below }: { period: string; below: string },
    most: number,
  ): Promise<TerminalCounts[]> {
    for (let limit = most; ; limit *= 2) {
      const found = await this.#documents
        .find({ path: below, period, generation }, { projection: { _id: 0, terminal: 1, all: 1, places: 1 } })
        .sort({ 'all.orders': -1 })
        .limit(limit)
        .toArray();
      const counted = found
        .map((each) => countsBelow(below, each))
        .toSorted((a, b) => (b.counts.orders ?? 0) - (a.counts.orders ?? 0));
      // One that moved is found by all its orders and may have fewer here: then one that was not found could have more.
      const atMost = found.length < limit ? 0 : (found.at(-1)?.all.orders ?? 0);
      if ((counted[most - 1]?.counts.orders ?? 0) >= atMost) return counted.slice(0, most);
    }
  }

  /** The counts of these terminals below an organisation in a period, where they have any. */
  async of(
    generation: number,
    { period, below }: { period: string; below: string },
    terminals: readonly string[],
  ): Promise<TerminalCounts[]> {
    const ids = terminals.map((terminal) => `${generation}:${terminalSumsId({ period, terminal })}`);
    const found = await this.#documents
      .find({ _id: { $in: ids } }, { projection: { _id: 0, terminal: 1, all: 1, places: 1 } })
      .toArray();
    return found.map((each) => countsBelow(below, each));
  }

  /** Those of a period, one after the other, for the check. */
  async *ofPeriod(generation: number, period: string): AsyncGenerator<TerminalDocument> {
    const at = `${generation}:${period}`;
    yield* this.#documents.find({ _id: { $gte: `${at}:`, $lt: `${at};` } });
  }

  /** Periods that there are some of. */
  async periods(generation: number): Promise<string[]> {
    const periods: string[] = [];
    for (let after = `${generation}:`; ; after = `${generation}:${String(periods.at(-1))};`) {
      const [next] = await this.#documents
        .find({ _id: { $gte: after, $lt: `${generation};` } }, { projection: { period: 1 } })
        .sort({ _id: 1 })
        .limit(1)
        .toArray();
      if (next === undefined) return periods;
      periods.push(next.period);
    }
  }

  /** Those of generations from the first of these up to the other, which stays. Both have as many digits. */
  async removeBetween(from: number, to: number): Promise<void> {
    await this.#documents.deleteMany({ _id: { $gte: `${from}:`, $lt: `${to}:` } });
  }
}

/** As it is stored where nothing of it is there yet. */
export function terminalDocumentOf(generation: number, sums: TerminalSums): TerminalDocument {
  const { period, terminal, places } = sums;
  const all: Sums = {};
  for (const counts of places.values()) addCounts(all, counts);
  return {
    ...{ _id: `${generation}:${terminalSumsId(sums)}`, generation, period, terminal, batch: 0 },
    ...{ path: pathOf(sums), all, places: Object.fromEntries(places) },
  };
}

function countsBelow(
  org: string,
  { terminal, places }: Pick<TerminalDocument, 'terminal' | 'places'>,
): TerminalCounts {
  const counts: Sums = {};
  for (const [place, of] of Object.entries(places)) if (place.split('/').includes(org)) addCounts(counts, of);
  return { terminal, counts };
}
