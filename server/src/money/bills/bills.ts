import type { Channel } from '@bianmin/purchase/api/channels';
import { chinaClock, chinaDay, dayPlus, daysOfMonth, startOfDay } from '../../kernel/china-time.ts';
import { ACCOUNTS, isPaidToGrid } from '../ledger/accounts.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { DayStore } from '../reconcile/day-store.ts';
import type { BilledOrder, BillOrders, BookedLine } from './bill-orders.ts';
import { confirmed, turnoverOfLines } from './confirm.ts';
import type { Sheet } from './sheet.ts';

export interface BillsInit {
  readonly orders: BillOrders;
  readonly ledger: LedgerStore;
  readonly days: DayStore;
  /** Accepted terminals of a community, by id. */
  readonly terminalsOf: (community: string) => Promise<readonly string[]>;
  /** What the bill calls it. */
  readonly nameOf: (community: string) => Promise<string>;
}

/** Bills (账单) made from orders and channels' papers, each only where the ledger has the same sums. */
export class Bills {
  readonly #init: BillsInit;

  constructor(init: BillsInit) {
    this.#init = init;
  }

  /** What we owe the grid for one day: each sale, and each one undone. Throws `bill.not-settled`. */
  async grid(grid: string, day: string): Promise<Sheet> {
    const ours = (account: string): boolean => account.startsWith(`grid:${grid}:`) && !isPaidToGrid(account);
    const all = await this.#init.orders.lines(day, day, (order) => order.grid === grid);
    const lines = all.filter(({ posting }) => posting.legs.some(({ account }) => ours(account)));
    const ledger = await this.#init.ledger.turnover({ from: day, to: day });
    confirmed(turnoverOfLines(lines, ours), ledger, ours);
    const accounts = [ACCOUNTS.gridCredit(grid), ACCOUNTS.gridArrears(grid), ACCOUNTS.gridFee(grid)];
    const compared = await this.#init.days.get(day);
    const rows = lines.map(({ order, posting }) => {
      const parts = accounts.map((account) => 0 - fenOf(posting.legs, account));
      return [order._id, timeOf(posting.at), WORDS[posting.name] ?? posting.name, ...parts, sum(parts)];
    });
    return {
      ...{ name: `grid-${grid}-${day}`, title: '电网结算单', rows, asOf: startOfDay(dayPlus(day, 1)) },
      facts: [
        ['电网', grid],
        ['日期', day],
        ['笔数', String(rows.length)],
        ...noted(compared?.notCompared?.includes(`grid:${grid}`) === true, '电网未提供账单，仅与订单核对'),
      ],
      columns: [
        { title: '订单号', kind: 'text', share: 0.22 },
        { title: '时间', kind: 'text', share: 0.12 },
        { title: '事项', kind: 'text', share: 0.1 },
        { title: '入表金额', kind: 'fen', share: 0.15 },
        { title: '欠费', kind: 'fen', share: 0.13 },
        { title: '手续费', kind: 'fen', share: 0.13 },
        { title: '应付电网', kind: 'fen', share: 0.15 },
      ],
      totals: ['合计', '', '', ...columnSums(rows, [3, 4, 5, 6])],
    };
  }

  /** What a channel took, gave back and kept in a month, by its own bills. Throws `bill.not-settled`. */
  async channelFees(channel: Channel, month: string): Promise<Sheet> {
    const { first, last } = daysOfMonth(month);
    const fee = ACCOUNTS.fee(channel);
    const days = await this.#init.days.list(first, last);
    const rows = days.flatMap(({ _id, sources }) => {
      const totals = sources.find(({ source }) => source === `channel:${channel}`)?.totals;
      if (totals === undefined) return [];
      const of = (name: string): number => totals[name] ?? 0;
      const net = of('paidFen') - of('refundedFen') - of('feeFen');
      return [[_id, of('payments'), of('paidFen'), of('refunds'), of('refundedFen'), of('feeFen'), net]];
    });
    const without = days.filter(({ notCompared }) => notCompared?.includes(`channel:${channel}`) === true);
    const ledger = await this.#init.ledger.turnover({ from: first, to: last });
    const totals = columnSums(rows, [1, 2, 3, 4, 5, 6]);
    confirmed(new Map([[fee, totals[4] ?? 0]]), ledger, (account) => account === fee);
    return {
      ...{ name: `channel-${channel}-${month}`, title: '渠道手续费账单', rows },
      asOf: startOfDay(dayPlus(last, 1)),
      facts: [
        ['渠道', channel],
        ['月份', month],
        ['已对账天数', String(rows.length)],
        ...noted(without.length > 0, `渠道未提供账单 ${without.length} 天，未计入`),
      ],
      columns: [
        { title: '日期', kind: 'text', share: 0.16 },
        { title: '收款笔数', kind: 'count', share: 0.1 },
        { title: '收款', kind: 'fen', share: 0.17 },
        { title: '退款笔数', kind: 'count', share: 0.1 },
        { title: '退款', kind: 'fen', share: 0.15 },
        { title: '手续费', kind: 'fen', share: 0.14 },
        { title: '净额', kind: 'fen', share: 0.18 },
      ],
      totals: ['合计', ...totals],
    };
  }

  /** What a community's terminals took and sold in a month, by day. Throws `bill.not-settled`. */
  async community(community: string, month: string): Promise<Sheet> {
    const { first, last } = daysOfMonth(month);
    const terminalIds = await this.#init.terminalsOf(community);
    const own = new Set(terminalIds);
    const lines = await this.#init.orders.lines(first, last, (order) => own.has(order.terminalId));
    const ledger = await this.#init.ledger.turnover({ from: first, to: last, terminalIds });
    confirmed(turnoverOfLines(lines, ofPayers), ledger, ofPayers);
    const rows = [...daysOfLines(lines)].map(([day, of]) => [day, ...moneyOf(of)]);
    return {
      ...{ name: `community-${community}-${month}`, title: '社区对账单', rows },
      asOf: startOfDay(dayPlus(last, 1)),
      facts: [
        ['社区', await this.#init.nameOf(community)],
        ['月份', month],
        ['终端数', String(terminalIds.length)],
      ],
      columns: [{ title: '日期', kind: 'text', share: 0.2 }, ...MONEY_COLUMNS],
      totals: ['合计', ...columnSums(rows, [1, 2, 3, 4, 5])],
    };
  }

  /** What a household bought in a month. Masked as screens show it. Throws `bill.not-settled`. */
  async household(meterNo: string, month: string): Promise<Sheet> {
    const { first, last } = daysOfMonth(month);
    const lines = await this.#init.orders.linesOfMeter(first, last, meterNo);
    const ledger = await this.#init.ledger.turnover({ from: first, to: last, meterNo });
    confirmed(turnoverOfLines(lines, ofPayers), ledger, ofPayers);
    const rows = [...ordersOf(lines)].map(([order, of]) => [
      chinaDay(of[0]?.posting.at ?? order.updatedAt),
      order._id,
      ...moneyOf(of).slice(1),
    ]);
    const { masked } = lines[0]?.order ?? { masked: undefined };
    return {
      ...{ name: `household-${meterNo}-${month}`, title: '用户月账单', rows },
      asOf: startOfDay(dayPlus(last, 1)),
      facts: [
        ['户名', masked?.name ?? ''],
        ['户号', masked?.customerNo ?? ''],
        ['地址', masked?.address ?? ''],
        ['月份', month],
      ],
      columns: [
        { title: '日期', kind: 'text', share: 0.14 },
        { title: '订单号', kind: 'text', share: 0.22 },
        ...MONEY_COLUMNS.slice(1),
      ],
      totals: ['合计', '', ...columnSums(rows, [2, 3, 4, 5])],
    };
  }
}

/** What a bill says of days without the other side's paper; nothing where there is one for each. */
function noted(applies: boolean, words: string): [string, string][] {
  return applies ? [['未核对', words]] : [];
}

const WORDS: Readonly<Record<string, string>> = { 'sale.sold': '售电', 'sale.undone': '冲正' };

const MONEY_COLUMNS = [
  { title: '订单数', kind: 'count', share: 0.16 },
  { title: '收款', kind: 'fen', share: 0.16 },
  { title: '退款', kind: 'fen', share: 0.16 },
  { title: '购电', kind: 'fen', share: 0.16 },
  { title: '优惠', kind: 'fen', share: 0.16 },
] as const;

/** Orders, and fen received, given back, sold, and taken off. */
function moneyOf(lines: readonly BookedLine[]): number[] {
  const of = (counts: (account: string) => boolean, name?: (name: string) => boolean): number =>
    lines
      .filter(({ posting }) => name === undefined || name(posting.name))
      .flatMap(({ posting }) => posting.legs)
      .reduce((total, { account, fen }) => total + (counts(account) ? fen : 0), 0);
  const outside = (account: string): boolean => /^(?:channel:|float:|elsewhere$)/u.test(account);
  return [
    new Set(lines.map(({ order }) => order._id)).size,
    of(outside, (name) => name === 'payment.succeeded'),
    0 - of(outside, (name) => name.startsWith('refund.')),
    0 - of((account) => account.startsWith('grid:')),
    of((account) => account.startsWith('discount:')),
  ];
}

function ordersOf(lines: readonly BookedLine[]): Map<BilledOrder, BookedLine[]> {
  const byOrder = new Map<BilledOrder, BookedLine[]>();
  for (const line of lines) byOrder.set(line.order, [...(byOrder.get(line.order) ?? []), line]);
  return byOrder;
}

function daysOfLines(lines: readonly BookedLine[]): Map<string, BookedLine[]> {
  const byDay = new Map<string, BookedLine[]>();
  for (const line of lines) {
    const { day } = line.posting;
    byDay.set(day, [...(byDay.get(day) ?? []), line]);
  }
  return byDay;
}

function fenOf(legs: readonly { account: string; fen: number }[], wanted: string): number {
  return sum(legs.filter(({ account }) => account === wanted).map(({ fen }) => fen));
}

function columnSums(rows: readonly (readonly (string | number)[])[], columns: readonly number[]): number[] {
  return columns.map((column) => sum(rows.map((row) => Number(row[column]))));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The time of day in China. */
function timeOf(at: Date): string {
  return chinaClock(at).slice(11);
}

/** Of payers' money, which bills state; what we pay the grid for the same sales is stated by pages of its own. */
function ofPayers(account: string): boolean {
  return !isPaidToGrid(account);
}
