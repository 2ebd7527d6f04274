import { randomUUID } from 'node:crypto';
import type { Connection, mongo } from 'mongoose';
import type { Logger } from 'pino';
import type { Clock } from '@bianmin/card/clock';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import { MongoLeases } from '../../adapters/mongo/leases.ts';
import type { KeyRing } from '../../kernel/key-ring.ts';
import { haveFormerNames, newNames, renameHouseholds, type NamesOf } from './households.ts';
import { LIVES_MS } from './key-holders.ts';
import { KeyRecordStore } from './key-records.ts';
import { ResealStore, type ResealProgress } from './reseal-store.ts';
import { sealedValues, type Change, type Doc, type SealedValues } from './sealed-values.ts';

/** Documents of one round. */
export const BATCH = 200;
const LEASE = 'reseal';
const LEASE_MS = 60_000;
/** Until what was left is looked at again: at first, and at most, where walk after walk can do nothing. */
const AGAIN_MS = { first: 60_000, most: 6 * 3_600_000 } as const;

interface Update {
  readonly filter: mongo.Filter<Doc>;
  readonly update: mongo.UpdateFilter<Doc>;
}

function updateOf(_id: string, { path, from, to, only }: Change): Update {
  const update = to === undefined ? { $unset: { [path]: '' } } : { $set: { [path]: to } };
  return {
    filter: { _id, [path]: from, ...only },
    update,
  };
}

export interface ResealerInit {
  readonly db: Connection;
  readonly keys: KeyRing;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Logger, 'info' | 'error'>;
}

/**
 * Makes every value anew that is under another version than the one of now, a batch at a time, while the system runs: each value by
 * compare-and-set against what was read. It goes on from its last batch after a kill, and what was done does no harm a second time.
 * It walks through all until a walk that began after the last process had changed finds nothing, ever more rarely where it can do
 * nothing, and stops where nothing is left but what no key opens.
 */
export class Resealer {
  readonly #init: ResealerInit;
  readonly #values: SealedValues[];
  readonly #work: ResealStore;
  readonly #records: KeyRecordStore;
  readonly #leases: MongoLeases<string>;
  readonly #holder = randomUUID();
  readonly #namesOf: NamesOf;

  constructor(init: ResealerInit) {
    this.#init = init;
    this.#values = sealedValues(init.keys);
    this.#work = new ResealStore(init.db);
    this.#records = new KeyRecordStore(init.db);
    this.#leases = new MongoLeases<string>(init.db, 'JobLease');
    this.#namesOf = newNames(init.keys);
  }

  /** One batch, where this process has the work; gives how many documents it looked at, 0 where there is nothing to do now. */
  async round(): Promise<number> {
    const { keys, clock } = this.#init;
    if (!keys.sealsAll) return 0;
    const now = clock.now();
    const lease = { holder: this.#holder, now: new Date(now), until: new Date(now + LEASE_MS) };
    if (!(await this.#leases.take(LEASE, lease))) return 0;
    const progress = await this.#work.get();
    if (progress?.target !== keys.sealing || this.#valuesOf(progress) === undefined) {
      const begun = this.#begun(1);
      await this.#work.put(begun);
      return this.#batch(begun);
    }
    if (progress.doneAt !== undefined || progress.stoppedAt !== undefined) return 0;
    if (now < progress.walkBeganAt.getTime()) return 0;
    return this.#batch(progress);
  }

  /** This process does it no more. */
  leave(): Promise<void> {
    return this.#leases.release(LEASE, this.#holder);
  }

  #valuesOf({ collection }: ResealProgress): SealedValues | undefined {
    return this.#values.find((each) => each.collection === collection);
  }

  #begun(walk: number, before?: ResealProgress): ResealProgress {
    const now = this.#init.clock.now();
    // What was left needs its time; what was made anew needs none.
    const idle = before === undefined || before.renewed > 0 ? 0 : (before.idle ?? 0) + 1;
    const waitMs = idle === 0 ? 0 : Math.min(AGAIN_MS.first * 2 ** (idle - 1), AGAIN_MS.most);
    return {
      target: this.#init.keys.sealing,
      walk,
      walkBeganAt: new Date(now + waitMs),
      ...{ idle, renamed: before?.renamed ?? false },
      collection: this.#values[0]?.collection ?? '',
      after: '',
      ...{ looked: 0, renewed: 0, renewedInAll: before?.renewedInAll ?? 0, left: {}, unreadable: 0 },
      lastLeft: before?.left ?? {},
      beganAt: before?.beganAt ?? new Date(now),
      movedAt: new Date(now),
    };
  }

  async #batch(progress: ResealProgress): Promise<number> {
    const values = this.#valuesOf(progress);
    if (values === undefined) return 0;
    const documents = await this.#next(values, progress.after);
    const did = await this.#renew(values, documents);
    if (values.collection.startsWith('orders') && progress.renamed !== true)
      did.renewed += await this.#rename(documents);
    const last = documents.at(-1)?._id;
    const { collection } = values;
    const left = did.left + (progress.left[collection] ?? 0);
    const moved: ResealProgress = {
      ...progress,
      after: last ?? progress.after,
      looked: progress.looked + documents.length,
      renewed: progress.renewed + did.renewed,
      renewedInAll: progress.renewedInAll + did.renewed,
      left: left === 0 ? progress.left : { ...progress.left, [collection]: left },
      unreadable: progress.unreadable + did.unreadable,
      movedAt: new Date(this.#init.clock.now()),
    };
    await (documents.length < BATCH ? this.#endOf(values, moved) : this.#work.put(moved));
    return Math.max(1, documents.length);
  }

  async #rename(orders: readonly Doc[]): Promise<number> {
    const { db, keys } = this.#init;
    return (await haveFormerNames(db, keys)) ? renameHouseholds(db, orders, this.#namesOf) : 0;
  }

  async #next({ collection, fields }: SealedValues, after: string): Promise<Doc[]> {
    const projection = Object.fromEntries(['_id', 'grid', ...fields].map((field) => [field, 1]));
    return collectionOf<Doc>(this.#init.db, collection)
      .find({ _id: { $gt: after } } as mongo.Filter<Doc>, { projection })
      .sort({ _id: 1 })
      .limit(BATCH)
      .toArray();
  }

  async #renew(
    { collection, changesOf, passing }: SealedValues,
    documents: readonly Doc[],
  ): Promise<{ renewed: number; left: number; unreadable: number }> {
    const updates: Update[] = [];
    let unreadable = 0;
    for (const document of documents) {
      try {
        updates.push(...changesOf(document).map((change) => updateOf(document._id, change)));
      } catch (error) {
        unreadable += 1;
        const about = { err: error, collection, document: document._id };
        this.#init.log.error(about, 'a sealed value opens under no key');
      }
    }
    const renewed = passing === true ? 0 : await this.#write(collection, updates);
    // What is another value by now, or may not be changed yet.
    return { renewed, left: updates.length - renewed + unreadable, unreadable };
  }

  /** Gives how many were done. */
  async #write(collection: string, updates: readonly Update[]): Promise<number> {
    if (updates.length === 0) return 0;
    const documents = collectionOf<Doc>(this.#init.db, collection);
    const writes = updates.map((updateOne) => ({ updateOne }));
    try {
      return (await documents.bulkWrite(writes, { ordered: false, writeConcern: DURABLE })).matchedCount;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    let done = 0;
    for (const { filter, update } of updates) {
      try {
        done += (await documents.updateOne(filter, update, { writeConcern: DURABLE })).matchedCount;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // The same household of the same phone, made twice while versions changed: the one under the new version stays.
        done += (await documents.deleteOne(filter, { writeConcern: DURABLE })).deletedCount;
      }
    }
    return done;
  }

  async #endOf({ collection }: SealedValues, progress: ResealProgress): Promise<void> {
    const at = this.#values.findIndex((each) => each.collection === collection);
    const next = this.#values[at + 1];
    if (next !== undefined) return this.#work.put({ ...progress, collection: next.collection, after: '' });
    const isSettled = await this.#isSettled(progress);
    const left = Object.values(progress.left).reduce((sum, count) => sum + count, 0);
    if (progress.renewed > 0 || left > progress.unreadable || !isSettled) {
      const renamed = progress.renamed === true || isSettled;
      return this.#work.put(this.#begun(progress.walk + 1, { ...progress, renamed }));
    }
    const now = new Date(this.#init.clock.now());
    if (left > 0) {
      await this.#work.put({ ...progress, stoppedAt: now });
      this.#init.log.error(
        { version: progress.target, left },
        'what is left under an old version opens under no key',
      );
      return;
    }
    const doneAt = now;
    for (const { version, emptiedAt } of await this.#records.all()) {
      if (version < progress.target && emptiedAt === undefined)
        await this.#records.mark(version, { emptiedAt: doneAt });
    }
    await this.#work.put({ ...progress, doneAt });
    this.#init.log.info(
      { version: progress.target, renewed: progress.renewedInAll },
      'everything is sealed under one version',
    );
  }

  /** Whether this walk began when no process could have been sealing under the version before. */
  async #isSettled({ target, walkBeganAt }: ResealProgress): Promise<boolean> {
    const [records, sealedAll] = await Promise.all([this.#records.all(), this.#records.sealedAllSince()]);
    // Each process looks every few seconds.
    const isAfter = (at: Date | undefined, ms: number): boolean =>
      at === undefined || walkBeganAt.getTime() - at.getTime() > ms;
    const usedSince = records.find(({ version }) => version === target)?.usedSince;
    return isAfter(sealedAll, LIVES_MS / 2) && (records.length === 1 || isAfter(usedSince, 2 * LIVES_MS));
  }
}
