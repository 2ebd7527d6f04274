import { Cases } from '../cases/cases.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import type { Deps } from '../deps.ts';
import { MarkStore } from '../store/marks.ts';
import { OrderChanges } from '../store/order-changes.ts';
import { LedgerStore } from './ledger/ledger-store.ts';
import { LedgerProjector } from './ledger/projector.ts';

/** How far the ledger is behind the orders when nothing else is to do. */
const PROJECT_EVERY_MS = 2_000;

export interface BookServices {
  readonly ledger: LedgerStore;
  readonly projector: LedgerProjector;
  /** What the worker does for the books, until it is stopped. */
  start(): () => Promise<void>;
}

/** The books, wired once for each process: web reads them, worker keeps them. */
export async function createBooks(deps: Pick<Deps, 'db' | 'clock' | 'log'>): Promise<BookServices> {
  const { db, clock, log } = deps;
  const ledger = new LedgerStore(db);
  const caseStore = new MongoCaseStore(db);
  await Promise.all([ledger.prepare(), caseStore.prepare()]);
  const cases = new Cases({ store: caseStore, clock });
  const projector = new LedgerProjector({
    orders: new OrderChanges(db),
    ledger,
    marks: new MarkStore(db),
    cases,
    clock,
    log,
  });
  return { ledger, projector, start: () => projector.start(PROJECT_EVERY_MS) };
}
