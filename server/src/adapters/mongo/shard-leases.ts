import type { Connection } from 'mongoose';
import type { ShardLeases } from '../../kernel/shards.ts';
import { MongoLeases } from './leases.ts';

/** Leases on the parts of the orders. */
export class MongoShardLeases extends MongoLeases<number> implements ShardLeases {
  constructor(db: Connection) {
    super(db, 'ShardLease');
  }
}
