import type { Connection } from 'mongoose';
import { LEDGER_MARK } from '../../../server/src/money/ledger/projector.ts';
import { INVOICES_MARK } from '../../../server/src/money/invoice/follower.ts';
import { FIRST_ORGS } from '../../../server/src/access/xinjiang.ts';
import { RollupBuilder } from '../../../server/src/insight/report/rebuild.ts';
import { markOf } from '../../../server/src/insight/report/marks.ts';
import { RollupStore } from '../../../server/src/insight/report/rollup-store.ts';
import { collectionOf } from '../../../server/src/adapters/mongo/connection.ts';
import { MarkStore } from '../../../server/src/orders/store/marks.ts';
import { MongoOrderStore } from '../../../server/src/orders/store/mongo-orders.ts';
import { documentOf } from '../../../server/src/orders/store/order-document.ts';
import type { OrderDocument } from '../../../server/src/orders/store/order-schema.ts';
import { OrgStore } from '../../../server/src/access/store/orgs.ts';
import type { NumberSeal } from '../../../server/src/kernel/sealed-number.ts';
import { TerminalStore, type Terminal } from '../../../server/src/fleet/store/terminals.ts';
import { seedYear, type YearInit } from './seed-orders.ts';

export interface SeedInit extends YearInit {
  readonly db: Connection;
  /** The server's own: numbers are sealed as it does. */
  readonly seal: NumberSeal;
  readonly report?: (line: string) => void;
}

export interface Seeded {
  readonly orders: number;
  readonly communities: number;
  readonly terminals: number;
  readonly households: number;
}

const AT_ONCE = 500;
/** Batches that are on their way at once. */
const BATCHES = 3;
const REPORT_EVERY = 20_000;
/** More orders than this the ledger's projector would post for hours: it then begins with what comes after them. */
const LEDGER_MOST = 50_000;

/**
 * Stores a year in a database of the server's, which may be running: organisations, terminals, orders and their rollups.
 * The same for the same seed and end. Into a database without orders only: rollups are of all orders or they are wrong.
 */
export async function seedDatabase(init: SeedInit): Promise<Seeded> {
  const { db, seal, now, report } = init;
  const orders = collectionOf<OrderDocument>(db, 'orders');
  if ((await orders.findOne({}, { projection: { _id: 1 } })) !== null) {
    throw new Error('This database has orders already. Seed an empty one, or drop it first.');
  }
  const year = seedYear(init);
  const rollups = await prepared(init, year.town);
  // Of a generation of its own: a worker that runs would count the same orders into the present one.
  const generation = await rollups.nextGeneration();
  const builder = new RollupBuilder(rollups, generation);
  const marks = new MarkStore(db, { now: () => now.getTime() });
  // No invoice of any of these was asked for.
  await marks.advance(INVOICES_MARK, { at: now, orderNo: '' });
  if (init.orders > LEDGER_MOST) await marks.advance(LEDGER_MARK, { at: now, orderNo: '' });
  const going = new Set<Promise<unknown>>();
  let batch: OrderDocument[] = [];
  let made = 0;
  const flush = async (): Promise<void> => {
    const documents = batch;
    batch = [];
    if (documents.length === 0) return;
    const insert = orders.insertMany(documents, { ordered: false }).finally(() => going.delete(insert));
    going.add(insert);
    if (going.size >= BATCHES) await Promise.race(going);
  };
  for (const order of year.orders()) {
    batch.push(documentOf(order, seal));
    await builder.add(order);
    made += 1;
    if (batch.length >= AT_ONCE) await flush();
    if (made % REPORT_EVERY === 0) report?.(`${made} orders`);
  }
  await flush();
  await Promise.all(going);
  await builder.end();
  await marks.advance(markOf(generation), { at: now, orderNo: '' });
  await rollups.makeCurrent(generation, { at: now, asked: undefined });
  const { communities, terminals, households } = year.town;
  return {
    orders: made,
    communities: communities.length,
    terminals: terminals.length,
    households: households.length,
  };
}

/** Indexes as the server makes them, organisations and terminals. */
async function prepared(
  { db, seal }: SeedInit,
  town: ReturnType<typeof seedYear>['town'],
): Promise<RollupStore> {
  const store = new MongoOrderStore({ db, seal, wrote: () => undefined });
  const orgs = new OrgStore(db);
  const terminals = new TerminalStore(db);
  const rollups = new RollupStore(db);
  await Promise.all([store.prepare(), orgs.prepare(FIRST_ORGS), terminals.prepare(), rollups.prepare()]);
  for (const community of town.communities) await orgs.insert(community);
  const collection = collectionOf<Terminal>(db, 'terminals');
  for (let at = 0; at < town.terminals.length; at += AT_ONCE) {
    await collection.insertMany(town.terminals.slice(at, at + AT_ONCE), { ordered: false });
  }
  return rollups;
}
