import { Cases } from '../cases/cases.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import type { Deps } from '../config/deps.ts';
import { DepositBooks } from '../money/deposit/deposit-books.ts';
import { FloatStore } from '../money/float/float-store.ts';
import { MarkStore } from '../orders/store/marks.ts';
import { OrderChanges } from '../orders/store/order-changes.ts';
import { OrderDays } from '../orders/store/order-days.ts';
import { OrgStore } from '../access/store/orgs.ts';
import { TerminalStore } from '../fleet/store/terminals.ts';
import { BillOrders } from '../money/bills/bill-orders.ts';
import { Bills } from '../money/bills/bills.ts';
import { CommissionStatements } from '../money/bills/commission-statements.ts';
import { CommissionProjector } from '../money/commission/projector.ts';
import { CommissionRuleStore } from '../money/commission/rule-store.ts';
import { ClosedMonths } from '../money/ledger/closed-months.ts';
import { FloatProjector } from '../money/ledger/float-projector.ts';
import { LedgerStore } from '../money/ledger/ledger-store.ts';
import { LedgerProjector } from '../money/ledger/projector.ts';
import { MonthClose } from '../money/month-close/month-close.ts';
import { AccountChecks } from '../money/reconcile/account-check.ts';
import { SUMMED_FIELDS, type SummedOrder } from '../money/reconcile/account-sums.ts';
import { DailyReconciliation } from '../money/reconcile/daily.ts';
import { DayStore } from '../money/reconcile/day-store.ts';
import { RECONCILED_FIELDS, type ReconciledOrder } from '../money/reconcile/order-items.ts';
import { Reconciler } from '../money/reconcile/reconciler.ts';

/** How far the ledger is behind the orders when nothing else is to do. */
const PROJECT_EVERY_MS = 2_000;
/** Floats are topped up by people, a few times a month. */
const FLOATS_EVERY_MS = 15_000;
/** What sales earn is paid by the month. */
const COMMISSIONS_EVERY_MS = 10_000;
const MONTHS_EVERY_MS = 30_000;

export interface BookServices {
  readonly ledger: LedgerStore;
  readonly commissionRules: CommissionRuleStore;
  readonly statements: CommissionStatements;
  readonly months: MonthClose;
  /** Brings the ledger up to orders and floats. */
  catchUp(): Promise<unknown>;
  readonly depositBooks: DepositBooks;
  readonly projector: LedgerProjector;
  readonly days: DayStore;
  readonly reconciler: Reconciler;
  readonly bills: Bills;
  /** What the worker does for the books, until it is stopped. */
  start(): () => Promise<void>;
}

/**
 * The books, wired once for each process: web reads them and runs a day when asked, worker keeps them. `drawsDeposit`: the grid
 * takes its sales from our deposit there.
 */
export async function createBooks(
  deps: Pick<Deps, 'db' | 'clock' | 'log' | 'channels' | 'grid'>,
  { drawsDeposit = false }: { readonly drawsDeposit?: boolean } = {},
): Promise<BookServices> {
  const { db, clock, log, channels, grid } = deps;
  const ledger = new LedgerStore(db);
  const caseStore = new MongoCaseStore(db);
  await Promise.all([ledger.prepare(), caseStore.prepare()]);
  const cases = new Cases({ store: caseStore, clock });
  const common = { ledger, marks: new MarkStore(db, clock), cases, clock, log };
  const depositBooks = new DepositBooks(db);
  const drawsSince = drawsDeposit ? sinceOf(depositBooks, grid.grid, clock) : undefined;
  const projector = new LedgerProjector({ orders: new OrderChanges(db, clock), drawsSince, ...common });
  const floats = new FloatStore(db);
  await floats.prepare();
  const floatProjector = new FloatProjector({ floats, ...common });
  const commissionRules = new CommissionRuleStore(db);
  const rules = () => commissionRules.all();
  const commissions = new CommissionProjector({
    ...{ orders: new OrderChanges(db, clock), rules: commissionRules, ...common },
  });
  const catchUp = () => Promise.all([projector.round(), floatProjector.round(), commissions.round()]);
  const days = new DayStore(db);
  const orders = new OrderDays<ReconciledOrder>(db, RECONCILED_FIELDS);
  const accounts = new AccountChecks({
    ...{ ledger, orders: new OrderDays<SummedOrder>(db, SUMMED_FIELDS) },
    ...{ catchUp, rules },
  });
  const reconciler = new Reconciler({ days, orders, accounts, cases, ledger, channels, grid, clock, log });
  const terminals = new TerminalStore(db);
  const orgs = new OrgStore(db);
  const nameOf = async (org: string): Promise<string> => (await orgs.get(org))?.names['zh-CN'] ?? org;
  const bills = new Bills({
    orders: new BillOrders(db),
    ledger,
    days,
    terminalsOf: (community) => terminals.idsOfCommunity(community),
    nameOf,
  });
  const statements = new CommissionStatements({ db, ledger, rules, nameOf });
  const closed = new ClosedMonths(db);
  const months = new MonthClose({ closed, ledger, days, cases, catchUp, clock, log });
  const daily = new DailyReconciliation({ reconciler, days, ledger, clock, log });
  return {
    ...{ ledger, depositBooks, commissionRules, statements, months, catchUp },
    projector,
    days,
    reconciler,
    bills,
    start() {
      const stops = [
        projector.start(PROJECT_EVERY_MS),
        floatProjector.start(FLOATS_EVERY_MS),
        commissions.start(COMMISSIONS_EVERY_MS),
        months.start(MONTHS_EVERY_MS),
        daily.start(),
      ];
      return async () => {
        await Promise.all(stops.map((stop) => stop()));
      };
    },
  };
}

/** It is said once for ever. */
function sinceOf(books: DepositBooks, grid: string, clock: Deps['clock']): () => Promise<Date> {
  let known: Date | undefined;
  return async () => (known ??= (await books.open(grid, new Date(clock.now()))).since);
}
