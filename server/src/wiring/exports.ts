import type { AuditTrail } from '../access/audit.ts';
import type { Deps } from '../config/deps.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import type { OrderStore } from '../orders/store/orders.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import { ExportStore } from '../insight/exports/export-store.ts';
import { Exports } from '../insight/exports/exports.ts';
import { ExportRunner } from '../insight/exports/runner.ts';

const LOOK_EVERY_MS = 2_000;
const PURGE_EVERY_MS = 60_000;

/** The web's part: what is asked for, seen and fetched. */
export async function createExports(
  { db, clock, config }: Pick<Deps, 'db' | 'clock' | 'config'>,
  audit: AuditTrail,
): Promise<Exports> {
  return new Exports({ store: await storeOf({ db, config }), audit, clock });
}

/**
 * The worker's part: one file at a time, in a queue of its own that orders never wait behind. The queue is the collection:
 * no job is lost with Redis, and one whose worker died is begun again.
 */
export async function workOnExports(
  { db, clock, log, config }: Pick<Deps, 'db' | 'clock' | 'log' | 'config'>,
  orders: Pick<OrderStore, 'search'>,
): Promise<() => Promise<void>> {
  const store = await storeOf({ db, config });
  const runner = new ExportRunner({ store, orders, clock, log });
  const stopWriting = startRounds({
    work: () => runner.work(),
    full: 1,
    everyMs: LOOK_EVERY_MS,
    what: 'exports',
    ...{ clock, log },
  });
  const stopPurging = startRounds({
    work: () => store.purge(new Date(clock.now())),
    everyMs: PURGE_EVERY_MS,
    what: 'old exports',
    ...{ clock, log },
  });
  return async () => {
    runner.stop();
    await Promise.all([stopWriting(), stopPurging()]);
  };
}

async function storeOf({ db, config }: Pick<Deps, 'db' | 'config'>): Promise<ExportStore> {
  const store = new ExportStore(db, new NumberSeal(config.DATA_KEYS));
  await store.prepare();
  return store;
}
