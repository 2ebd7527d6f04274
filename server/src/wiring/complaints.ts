import type { Deps } from '../config/deps.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import type { OrderStore } from '../orders/store/orders.ts';
import { ComplaintStore } from '../people/complaint/complaint-store.ts';
import { Complaints, ROUND } from '../people/complaint/complaints.ts';

/** Wallets are asked for complaints so often, whether they tell of any or not. */
const FETCH_MS = 5 * 60_000;
const TELL_MS = 10_000;

/** Makes the indexes and wires complaints of every channel that has them. */
export async function createComplaints(
  {
    db,
    clock,
    config,
    log,
    complaintSources,
  }: Pick<Deps, 'db' | 'clock' | 'config' | 'log' | 'complaintSources'>,
  orders: Pick<OrderStore, 'get'>,
): Promise<Complaints> {
  const store = new ComplaintStore(db);
  await store.prepare();
  const seal = new NumberSeal(config.DATA_KEYS);
  const orgPathOf = async (orderNo: string) => (await orders.get(orderNo))?.orgPath;
  const sources = complaintSources ?? new Map();
  return new Complaints({ store, sources, orgPathOf, seal, clock, log });
}

/** The worker's part: what is new is fetched, and what was said is told. */
export function workOnComplaints(
  { clock, log }: Pick<Deps, 'clock' | 'log'>,
  complaints: Complaints,
): () => Promise<void> {
  const what = 'complaints';
  const fetching = startRounds({
    work: () => complaints.fetch(),
    everyMs: FETCH_MS,
    ...{ clock, log, what },
  });
  const telling = startRounds({
    work: () => complaints.work(),
    full: ROUND,
    everyMs: TELL_MS,
    ...{ clock, log, what },
  });
  return async () => {
    await Promise.all([fetching(), telling()]);
  };
}
