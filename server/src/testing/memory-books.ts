import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { Cases } from '../cases/cases.ts';
import type { Case } from '../cases/case.ts';
import { startOfDay } from '../kernel/china-time.ts';
import { postingsOf } from '../money/ledger/order-postings.ts';
import { AccountChecks } from '../money/reconcile/account-check.ts';
import { Reconciler } from '../money/reconcile/reconciler.ts';
import type { Order } from '../orders/model/order.ts';
import { DAY, lineOf, rowOf } from './bought-orders.ts';
import { MemoryCaseStore } from './memory-cases.ts';
import { MemoryDays, MemoryOrderDays } from './memory-days.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { Papers } from './papers.ts';
import { toldLog } from './told-log.ts';

/** The books in memory, beside papers that a test writes; it is 5 March 2026. */
export class MemoryBooks {
  readonly clock = new ManualClock(startOfDay('2026-03-05').getTime());
  readonly papers = new Papers();
  /** Another channel's, of which there are none until a test says so. */
  readonly others = new Papers();
  readonly orders = new MemoryOrderDays();
  readonly days = new MemoryDays();
  readonly ledger = new MemoryLedger();
  readonly caseStore = new MemoryCaseStore();
  readonly cases = new Cases({ store: this.caseStore, clock: this.clock });
  readonly told = toldLog();
  readonly accounts = new AccountChecks({
    ...{ ledger: this.ledger.store, orders: this.orders.store() },
    catchUp: () => this.catchUp(),
  });
  readonly reconciler: Reconciler;

  constructor({ accounts = false }: { accounts?: boolean } = {}) {
    this.others.bills = false;
    const { days, cases, ledger, clock, papers, others } = this;
    this.reconciler = new Reconciler({
      ...{ days: days.store, cases, ledger: ledger.store, clock, log: this.told.log },
      ...(accounts ? { accounts: this.accounts } : {}),
      orders: this.orders.store(),
      channels: new Map([
        ['wechat', papers.channel()],
        ['bestpay', others.channel('bestpay')],
      ]),
      grid: papers.grid(),
    });
  }

  /** These orders, and papers of `DAY` that say what their facts say. */
  has(...orders: Order[]): void {
    this.orders.orders.push(...orders);
    const { rows, lines } = this.papers;
    rows.set(DAY, [...(rows.get(DAY) ?? []), ...orders.map((each) => rowOf(each))]);
    lines.set(DAY, [...(lines.get(DAY) ?? []), ...orders.map((each) => lineOf(each))]);
  }

  /** Posts what orders' events say; of one that cannot be read nothing. */
  async catchUp(): Promise<void> {
    for (const order of this.orders.orders) {
      try {
        await this.ledger.add(postingsOf(order));
      } catch {
        continue;
      }
    }
  }

  /** Runs days; gives what is a person's, by the last digit of its order. */
  async found(first = DAY, last = first): Promise<string[]> {
    const differences = await this.reconciler.run({ first, last, by: 'u9' });
    return differences.map(({ kind, orderNo }) => `${kind} ${orderNo.slice(-1)}`).toSorted();
  }

  allCases(): Case[] {
    return [...this.caseStore.cases.values()];
  }
}
