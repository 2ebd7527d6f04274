import type { Deps } from '../config/deps.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { MarkStore } from '../orders/store/marks.ts';
import { OrderChanges } from '../orders/store/order-changes.ts';
import type { OrderStore } from '../orders/store/orders.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import { InvoiceFollower } from '../money/invoice/follower.ts';
import { HttpInvoicePlatform } from '../gateways/invoice/http-platform.ts';
import { InvoiceStore } from '../money/invoice/invoice-store.ts';
import { Invoices, ROUND } from '../money/invoice/invoices.ts';

const TIMEOUT_MS = 15_000;
const EVERY_MS = 10_000;

export interface InvoiceServices {
  readonly invoices: Invoices;
  readonly store: InvoiceStore;
}

/** Makes the indexes and wires invoices; a process without INVOICE_URL has the endpoints and offers none. */
export async function createInvoices(
  { db, clock, config, log }: Pick<Deps, 'db' | 'clock' | 'config' | 'log'>,
  orders: Pick<OrderStore, 'get'>,
): Promise<InvoiceServices> {
  const store = new InvoiceStore(db);
  await store.prepare();
  const { INVOICE_URL: url, INVOICE_KEY: key } = config;
  const platform =
    url === undefined || key === undefined
      ? undefined
      : new HttpInvoicePlatform({ url, key: Buffer.from(key, 'hex'), timeoutMs: TIMEOUT_MS, clock });
  const seal = new NumberSeal(config.DATA_KEYS);
  return { store, invoices: new Invoices({ store, orders, seal, clock, log, platform }) };
}

/** The worker's part: what waits is sent and asked about, and orders whose money goes back are followed. */
export function workOnInvoices(
  { db, clock, log, config }: Pick<Deps, 'db' | 'clock' | 'log' | 'config'>,
  { invoices }: InvoiceServices,
  orders: Pick<OrderStore, 'get'>,
): () => Promise<void> {
  if (config.INVOICE_URL === undefined) return () => Promise.resolve();
  const follower = new InvoiceFollower({
    ...{ invoices, orders },
    changes: new OrderChanges(db, clock),
    marks: new MarkStore(db, clock),
  });
  const work = async (): Promise<number> => {
    await follower.round();
    return invoices.work();
  };
  return startRounds({ work, full: ROUND, everyMs: EVERY_MS, clock, log, what: 'invoices' });
}
