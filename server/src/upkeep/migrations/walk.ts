import type { mongo } from 'mongoose';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import type { MigrationRun } from './migration.ts';

const BATCH = 500;

type Numbered = mongo.Document & { readonly _id: string };

/**
 * Every document of a collection by its number, a batch at a time, from where the last run was cut off; what is done is saved after
 * each. `each` gets the numbers of one batch.
 */
export async function walk(
  { db, saved, save }: MigrationRun,
  name: string,
  each: (collection: mongo.Collection<Numbered>, ids: readonly string[]) => Promise<unknown>,
): Promise<void> {
  const collection = collectionOf<Numbered>(db, name);
  let after = saved ?? '';
  for (;;) {
    const found = await collection
      .find({ _id: { $gt: after } }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(BATCH)
      .toArray();
    const last = found.at(-1)?._id;
    if (last === undefined) return;
    await each(
      collection,
      found.map(({ _id }) => _id),
    );
    await save(last);
    if (found.length < BATCH) return;
    after = last;
  }
}
