import type { mongo } from 'mongoose';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import type { Migration } from './migration.ts';

const BATCH = 500;

interface Placed extends mongo.Document {
  readonly _id: string;
  readonly orgPath?: readonly string[];
}

/**
 * Orders from before there were organisations have no place and count as the province's. They get it, so that their index finds them
 * and no reader has to know. What moves an order names its version, which stays.
 */
export const ordersHaveAPlace: Migration = {
  version: 2,
  name: '0002-orders-have-a-place',
  compatible: true,
  async up({ db, saved, save }) {
    const orders = collectionOf<Placed>(db, 'orders');
    let after = saved ?? '';
    for (;;) {
      const found = await orders
        .find({ _id: { $gt: after } }, { projection: { _id: 1, orgPath: 1 } })
        .sort({ _id: 1 })
        .limit(BATCH)
        .toArray();
      const bare = found.filter(({ orgPath }) => orgPath === undefined).map(({ _id }) => _id);
      if (bare.length > 0) {
        await orders.updateMany({ _id: { $in: bare } }, { $set: { orgPath: PROVINCE_PATH } });
      }
      const last = found.at(-1)?._id;
      if (last !== undefined) await save(last);
      if (last === undefined || found.length < BATCH) return;
      after = last;
    }
  },
  // The version before reads both alike.
  down: () => Promise.resolve(),
};
