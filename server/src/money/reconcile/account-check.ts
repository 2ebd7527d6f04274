import type { OrderDays } from '../../orders/store/order-days.ts';
import { checkAccounts, type AccountCheck } from '../ledger/check.ts';
import type { CommissionRule } from '../commission/rule.ts';
import { ACCOUNTS, accrualKindOf } from '../ledger/accounts.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import { addLegs } from '../ledger/posting.ts';
import { accountSums, isPapered, type Sums, type SummedOrder } from './account-sums.ts';
import type { Source } from './bills.ts';
import { TextSet } from './engine/text-set.ts';
import { accountsBeside, outsideOf } from './outside.ts';

const ORDERS_AT_ONCE = 1000;

/** A line of a grid's bill that says what a meter has. */
export interface MeterCredit {
  readonly orderNo: string;
  readonly fen: number;
}

/** One account beside a paper, and how much of the difference nothing explains. */
export interface CheckedAccount extends AccountCheck {
  readonly unexplainedFen: number;
}

export interface AccountCheckInit {
  readonly ledger: LedgerStore;
  readonly orders: OrderDays<SummedOrder>;
  /** Brings the ledger up to the orders, so that being seconds behind is no difference. */
  readonly catchUp: () => Promise<unknown>;
  /** By which sales earn; absent: there are none. */
  readonly rules?: () => Promise<readonly CommissionRule[]>;
}

/**
 * A day's accounts beside the papers. A whole difference may be what was booked on the other side of midnight, what two
 * persons booked, or a case that the day's lines made already; so the chain is followed link by link: the ledger is what
 * the orders' events say, events say what the orders' facts say, and facts are compared with bills line by line. What a
 * link does not hold is unexplained. Where there is no bill the chain ends at the orders, as it
 * does for what sales earn. Meters are asked by order: each credit that a grid's bill names is that of its sale.
 */
export class AccountChecks {
  readonly #init: AccountCheckInit;

  constructor(init: AccountCheckInit) {
    this.#init = init;
  }

  /** `credits`: what meters say, of the same grid's bill. */
  async check(
    day: string,
    papers: {
      readonly grid: string;
      readonly sources: readonly Source[];
      /** Sources that have no bills. */
      readonly notCompared: readonly string[];
      readonly credits: AsyncIterable<MeterCredit>;
    },
  ): Promise<CheckedAccount[]> {
    const { ledger, orders, catchUp } = this.#init;
    await catchUp();
    const outside = outsideOf(papers.sources);
    const turnover: Sums = new Map();
    const unexplained: Sums = new Map();
    const accruals: Sums = new Map();
    for await (const { source, legs } of ledger.read({ from: day, to: day })) {
      addLegs(turnover, legs);
      // What two persons booked is theirs; what a bill said that is not to be had any more is no order's.
      if (source.startsWith('case:') || isBillOf(source, papers.notCompared)) continue;
      addLegs(
        accruals,
        legs.filter(({ account }) => accrualKindOf(account) !== undefined),
      );
      addLegs(
        unexplained,
        legs.filter((leg) => isPapered(leg) || leg.account.startsWith('fee:')),
      );
    }
    const rules = (await this.#init.rules?.()) ?? [];
    const { events, accrued, drift } = await accountSums(orders, day, rules);
    addLegs(
      unexplained,
      [...drift].map(([account, fen]) => ({ account, fen })),
    );
    addLegs(
      unexplained,
      [...events].map(([account, fen]) => ({ account, fen: 0 - fen })),
    );
    for (const [name, bill] of Object.entries(outside.channels)) {
      const legs = [
        { account: `fee:${name}`, fen: 0 - bill.feeFen },
        { account: `channel:${name}`, fen: bill.feeFen },
      ];
      addLegs(unexplained, legs);
    }
    const billless = papers.notCompared.flatMap(accountsBeside);
    const rows = [
      ...checkAccounts(turnover, { ...outside, meters: {} }, { atRest: false }).filter(
        ({ account }) => !billless.includes(account),
      ),
      ...billless.map((account): AccountCheck => {
        const [ledgerFen, outsideFen] = [turnover.get(account) ?? 0, events.get(account) ?? 0];
        return { account, against: 'orders', ledgerFen, outsideFen, differenceFen: ledgerFen - outsideFen };
      }),
    ].map((row) => ({
      ...row,
      unexplainedFen: row.against === 'accruals' ? row.differenceFen : (unexplained.get(row.account) ?? 0),
    }));
    // Meters speak in the grid's bill.
    const meters = papers.notCompared.includes(`grid:${papers.grid}`) ? [] : [await this.#meters(papers)];
    return [...rows, ...accrualsBeside(turnover, accruals, accrued), ...meters];
  }

  async #meters({
    grid,
    credits,
  }: {
    grid: string;
    credits: AsyncIterable<MeterCredit>;
  }): Promise<CheckedAccount> {
    const account = ACCOUNTS.gridCredit(grid);
    const { ledger } = this.#init;
    let [ledgerFen, outsideFen] = [0, 0];
    const named = new TextSet();
    let orderNos: string[] = [];
    for await (const { orderNo, fen } of credits) {
      outsideFen -= fen;
      // What an order's sale was counts once, however often a meter is said to have taken it.
      if (!named.add(orderNo)) continue;
      if (orderNos.push(orderNo) < ORDERS_AT_ONCE) continue;
      ledgerFen += await ledger.sumOf(account, orderNos);
      orderNos = [];
    }
    ledgerFen += await ledger.sumOf(account, orderNos);
    const differenceFen = ledgerFen - outsideFen;
    return {
      account,
      against: 'meters',
      ledgerFen,
      outsideFen,
      differenceFen,
      unexplainedFen: differenceFen,
    };
  }
}

/** What the books say that sales earned, beside what rules make of the orders; what two persons booked is theirs. */
function accrualsBeside(turnover: Sums, posted: Sums, accrued: Sums): CheckedAccount[] {
  return [...new Set([...posted.keys(), ...accrued.keys()])].map((account) => {
    const [ledgerFen, outsideFen] = [turnover.get(account) ?? 0, accrued.get(account) ?? 0];
    const unexplainedFen = (posted.get(account) ?? 0) - outsideFen;
    const differenceFen = ledgerFen - outsideFen;
    return { account, against: 'orders', ledgerFen, outsideFen, differenceFen, unexplainedFen };
  });
}

/** Whether a posting was made of the bill (`fee-postings.ts`) of a channel that has none now. */
function isBillOf(source: string, notCompared: readonly string[]): boolean {
  return notCompared.some((each) => source.startsWith(`bill:${each.slice('channel:'.length)}:`));
}
