import process from 'node:process';
import { parseArgs } from 'node:util';
import { differencesOf } from '../../../server/src/money/reconcile/classify.ts';
import { compareFiles } from '../../../server/src/money/reconcile/engine/engine.ts';
import { RECONCILED_FIELDS, type ReconciledOrder } from '../../../server/src/money/reconcile/order-items.ts';
import { linesOfOrders } from '../../../server/src/money/reconcile/order-lines.ts';
import { spool } from '../../../server/src/money/reconcile/spool.ts';
import { Wanted } from '../../../server/src/money/reconcile/wanted.ts';
import { connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { OrderDays } from '../../../server/src/orders/store/order-days.ts';

/** A process of its own, so that its peak of memory is the reconciliation's: prints one JSON line. */
export interface ReconcileRun {
  readonly seconds: number;
  /** Of this process, its start left out. */
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  /** `KIND orderNo`, sorted. */
  readonly found: readonly string[];
}

const { values } = parseArgs({
  options: {
    channel: { type: 'string', default: '' },
    orders: { type: 'string', default: '' },
    grid: { type: 'string', default: '' },
    /** The order side comes from here, and `orders` is where it is put. */
    database: { type: 'string' },
  },
});

const from = performance.now();
const cpuFrom = process.cpuUsage();
if (values.database !== undefined) await exportOrders(values.database, values.orders);
const { uneven } = await compareFiles({
  channel: values.channel,
  orders: values.orders,
  grid: values.grid,
});
const found = uneven
  .flatMap(differencesOf)
  .map(({ kind, orderNo }) => `${kind} ${orderNo}`)
  .toSorted();
const seconds = (performance.now() - from) / 1000;
const cpu = process.cpuUsage(cpuFrom);
const cpuSeconds = (cpu.user + cpu.system) / 1e6;
const run: ReconcileRun = { seconds, cpuSeconds, peakRssMb: process.resourceUsage().maxRSS / 1024, found };
process.stdout.write(`${JSON.stringify(run)}\n`);

async function exportOrders(uri: string, path: string): Promise<void> {
  const db = await connectDatabase(uri);
  try {
    const days = new OrderDays<ReconciledOrder>(db, RECONCILED_FIELDS);
    const day = { first: '2026-03-01', last: '2026-03-01' };
    await spool(path, linesOfOrders(days, new Wanted(day)));
  } finally {
    await db.close();
  }
}
