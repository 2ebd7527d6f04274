import { collectionOf } from '../../adapters/mongo/connection.ts';
import { firstNames, renameHouseholds } from '../keys/households.ts';
import { KeyRecordStore } from '../keys/key-records.ts';
import { ResealStore } from '../keys/reseal-store.ts';
import { sealedValues, type Doc } from '../keys/sealed-values.ts';
import type { Migration } from './migration.ts';
import { walk } from './walk.ts';

/**
 * Hashes of passwords and PINs, and who holds an account, are sealed; who pays an order has a digest that nobody else can make. The
 * servers do it by themselves, once none of the version before runs any more, and shut it out then. Going back opens all, under
 * version 1 of the data key. No server runs while one goes back.
 */
export const secretsOfPeopleAreSealed: Migration = {
  version: 5,
  name: '0005-secrets-of-people-are-sealed',
  compatible: true,
  up: () => Promise.resolve(),
  async down(run) {
    const { db, keys } = run;
    const records = new KeyRecordStore(db);
    if (!(await records.hasSealed())) return records.forget();
    if (keys?.has(1) !== true) {
      throw new Error('Going back from here needs version 1 of the data key. Put it into DATA_KEYS.');
    }
    const [all, namesOf] = [sealedValues(keys), firstNames(keys)];
    const done = all.findIndex(({ collection }) => run.saved?.startsWith(`${collection} `) === true);
    for (const [at, { collection, earlierOf }] of all.entries()) {
      if (at < done) continue;
      const saved = at === done ? run.saved?.slice(collection.length + 1) : undefined;
      const save = (progress: string): Promise<void> => run.save(`${collection} ${progress}`);
      await walk({ db, keys, saved, save }, collection, async (_, ids) => {
        const documents = collectionOf<Doc>(db, collection);
        if (collection.startsWith('orders')) {
          await renameHouseholds(db, await documents.find({ _id: { $in: [...ids] } }).toArray(), namesOf);
        }
        for (const _id of ids) {
          const document = await documents.findOne({ _id });
          for (const { path, to } of document === null ? [] : earlierOf(document)) {
            await documents.updateOne(
              { _id },
              to === undefined ? { $unset: { [path]: 1 } } : { $set: { [path]: to } },
            );
          }
        }
      });
    }
    await new ResealStore(db).forget();
    await records.forget();
  },
};
