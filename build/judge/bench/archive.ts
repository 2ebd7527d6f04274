import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@bianmin/card/node/system-clock';
import { collectionOf, connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { NumberSeal } from '../../../server/src/kernel/sealed-number.ts';
import type { Order } from '../../../server/src/orders/model/order.ts';
import { MongoOrderStore } from '../../../server/src/orders/store/mongo-orders.ts';
import { ORDER_ARCHIVE, type ArchivedDocument } from '../../../server/src/orders/store/order-archive.ts';
import { documentOf } from '../../../server/src/orders/store/order-document.ts';
import type { OrderDocument } from '../../../server/src/orders/store/order-schema.ts';
import { openDatabase } from '../../kit/db/open.ts';
import { namedUri } from '../../kit/db/given.ts';
import { seedYear } from '../../run/seed/seed-orders.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { percentile } from './percentile.ts';

const ARCHIVED = 3_000_000;
/** As many are not in the archive, at most and of all. */
const LIVE = { most: 50_000, share: 0.1 };
const SAMPLES = 500;
const WARM_UP = 50;
const GOAL_MS = 5;
const AT_ONCE = 1_000;
const REPORT_EVERY = 100_000;
/** What a household sees of its purchases at once. */
const PAGE = 10;

interface Samples {
  readonly live: Order[];
  readonly archived: Order[];
}

/** The store's own look-ups, by the server's code in this process, beside an archive of many years. */
export async function benchArchive({ seed, report, orders }: BenchContext): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bianmin-archive-'));
  const init = { dir: folder, durable: true, progress: report, given: 'own-name' } as const;
  const database = await openDatabase(init);
  try {
    const db = await connectDatabase(namedUri(database.uri, 'bianmin'));
    try {
      const seal = new NumberSeal(Buffer.alloc(32, 1));
      const store = new MongoOrderStore({ db, seal, wrote: () => undefined, clock: systemClock });
      await store.prepare();
      const archived = orders ?? ARCHIVED;
      const live = Math.max(1, Math.min(LIVE.most, Math.round(archived * LIVE.share)));
      const into = {
        archive: collectionOf<ArchivedDocument>(db, ORDER_ARCHIVE),
        orders: collectionOf<OrderDocument>(db, 'orders'),
      };
      const samples = await stored({ archived, live, seed, seal, into, report });
      const rows: object[] = [];
      const [faults, missed]: [string[], string[]] = [[], []];
      for (const [name, { of, ask }] of Object.entries(LOOKUPS)) {
        const latenciesMs: number[] = [];
        for (const [at, order] of samples[of].entries()) {
          const began = performance.now();
          const found = await ask(store, order);
          if (at >= Math.min(WARM_UP, samples[of].length / 2)) latenciesMs.push(performance.now() - began);
          if (!found.includes(order._id)) faults.push(`${name} did not find ${order._id}`);
        }
        const [p50Ms = 0, p95Ms = 0] = [0.5, 0.95].map((share) =>
          Number(percentile(latenciesMs, share).toFixed(2)),
        );
        report(`${name}: ${p95Ms} ms`);
        rows.push({ bench: 'archive', name, archived, orders: live, p50Ms, p95Ms, goalMs: GOAL_MS });
        if (p95Ms > GOAL_MS) missed.push(`${name} took ${p95Ms} ms, and ${GOAL_MS} ms is the goal`);
      }
      return { rows, engine: database.engine, faults, missed };
    } finally {
      if (database.engine === 'given') await db.dropDatabase();
      await db.close();
    }
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Lookup {
  readonly of: keyof Samples;
  /** The numbers of the orders that are found. */
  readonly ask: (store: MongoOrderStore, order: Order) => Promise<readonly string[]>;
}

const numbers = (found: readonly (Order | null)[]): string[] => found.flatMap((each) => each?._id ?? []);
const byOrderNo: Lookup['ask'] = async (store, { _id }) => numbers([await store.get(_id)]);
/** All purchases from this one on, newest first. */
const byCustomer: Lookup['ask'] = async (store, { _id, grid, customerNo, masked }) => {
  const of = { grid, customerNo, maskedName: masked.name };
  return numbers(await store.purchasesOf(of, { limit: PAGE, before: `${_id}~` }));
};
/** What is asked before a sale: who holds the meter's counts, and whether the terminal's key has made an order. */
const beforeSale: Lookup['ask'] = async (store, order) => {
  const { grid, meterNo, count, terminalId, idempotencyKey } = order;
  return numbers(
    await store.aboutMeter({ grid, meterNo, counts: [count], key: { terminalId, idempotencyKey } }),
  );
};

const LOOKUPS: Readonly<Record<string, Lookup>> = {
  byOrderNo: { of: 'live', ask: byOrderNo },
  byCustomer: { of: 'live', ask: byCustomer },
  beforeSale: { of: 'live', ask: beforeSale },
  archivedByOrderNo: { of: 'archived', ask: byOrderNo },
  archivedByCustomer: { of: 'archived', ask: byCustomer },
  archivedBeforeSale: { of: 'archived', ask: beforeSale },
};

/** One year, oldest first: its first part lies in the archive, the rest among the orders. Gives orders of both, all over. */
async function stored(of: {
  archived: number;
  live: number;
  seed: number;
  seal: NumberSeal;
  into: {
    archive: { insertMany(batch: ArchivedDocument[], options: object): Promise<unknown> };
    orders: { insertMany(batch: OrderDocument[], options: object): Promise<unknown> };
  };
  report: (line: string) => void;
}): Promise<Samples> {
  const { archived, live, seed, seal, into, report } = of;
  const now = new Date(systemClock.now());
  const samples: Samples = { live: [], archived: [] };
  const every = { archived: Math.ceil(archived / SAMPLES), live: Math.ceil(live / SAMPLES) };
  const options = { ordered: false, writeConcern: { w: 1 } };
  let batch: OrderDocument[] = [];
  let made = 0;
  const flush = async (where: keyof Samples): Promise<void> => {
    const documents = batch;
    batch = [];
    if (documents.length === 0) return;
    if (where === 'live') await into.orders.insertMany(documents, options);
    else {
      const old = documents.map((document) => ({ ...document, archivedAt: now }));
      await into.archive.insertMany(old, options);
    }
  };
  for (const order of seedYear({ orders: archived + live, seed, now }).orders()) {
    if (made === archived) await flush('archived');
    const where = made < archived ? 'archived' : 'live';
    batch.push(documentOf(order, seal));
    // Each look-up must find its sample: one that was paid has a purchase.
    if (made % every[where] === 0 || samples[where].length === 0) {
      if (order.state === 'done') samples[where].push(order);
    }
    made += 1;
    if (batch.length >= AT_ONCE) await flush(where);
    if (made % REPORT_EVERY === 0) report(`${made} orders`);
  }
  await flush('live');
  return samples;
}
