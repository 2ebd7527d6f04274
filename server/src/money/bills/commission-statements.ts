import type { Connection } from 'mongoose';
import type { CommissionTerms } from '@bianmin/purchase/api/commission';
import { channelName } from '@bianmin/purchase/api/channels';
import { dayPlus, daysBetween, daysOfMonth, startOfDay } from '../../kernel/china-time.ts';
import { CHANGED_FIELDS, type ChangedOrder } from '../../orders/store/order-changes.ts';
import { OrderDays } from '../../orders/store/order-days.ts';
import { accrualsOf, type Accrual } from '../commission/accruals.ts';
import type { CommissionRule } from '../commission/rule.ts';
import { ACCOUNTS } from '../ledger/accounts.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import { confirmed } from './confirm.ts';
import { yuan, type Sheet } from './sheet.ts';

export interface CommissionStatementsInit {
  readonly db: Connection;
  readonly ledger: Pick<LedgerStore, 'read'>;
  readonly rules: () => Promise<readonly CommissionRule[]>;
  /** What the statement calls it. */
  readonly nameOf: (org: string) => Promise<string>;
}

/** What an organisation earned by its sales in a month, by rule: what its invoice is for. */
export class CommissionStatements {
  readonly #init: CommissionStatementsInit;
  readonly #orders: OrderDays<ChangedOrder>;

  constructor(init: CommissionStatementsInit) {
    this.#init = init;
    this.#orders = new OrderDays<ChangedOrder>(init.db, CHANGED_FIELDS);
  }

  /** Throws `bill.not-settled`. */
  async of(org: string, month: string): Promise<Sheet> {
    const { first, last } = daysOfMonth(month);
    const earned = await this.#earned(org, { first, last });
    const account = ACCOUNTS.commission(org);
    const booked = await this.#booked(account, { first, last });
    const rows = [...byRule(earned)].map(([rule, of]) => [
      termsOf(rule),
      meansOf(rule),
      rule.from,
      sumOf(of, ({ sales }) => sales),
      sumOf(of, ({ faceFen }) => faceFen),
      sumOf(of, ({ fen }) => fen),
    ]);
    // What two persons booked is no sale's.
    if (booked.settledFen !== 0) rows.push(['两人核定的调账', '', '', 0, 0, booked.settledFen]);
    const total = (column: number): number => sumOf(rows, (row) => Number(row[column]));
    confirmed(
      new Map([[account, 0 - total(5)]]),
      new Map([[account, 0 - booked.fen]]),
      (each) => each === account,
    );
    return {
      ...{ name: `commission-${org}-${month}`, title: '佣金对账单', rows },
      asOf: startOfDay(dayPlus(last, 1)),
      facts: [
        ['单位', await this.#init.nameOf(org)],
        ['月份', month],
        ['支付方式', '凭发票支付，或由持牌渠道分账；不从代收的电费中扣付'],
      ],
      columns: [
        { title: '计提规则', kind: 'text', share: 0.38 },
        { title: '支付渠道', kind: 'text', share: 0.1 },
        { title: '起始日', kind: 'text', share: 0.12 },
        { title: '笔数', kind: 'count', share: 0.08 },
        { title: '面额', kind: 'fen', share: 0.16 },
        { title: '佣金', kind: 'fen', share: 0.16 },
      ],
      totals: ['合计', '', '', total(3), total(4), total(5)],
    };
  }

  async #earned(org: string, days: { readonly first: string; readonly last: string }): Promise<Accrual[]> {
    const rules = await this.#init.rules();
    const earned: Accrual[] = [];
    for await (const order of this.#orders.read(days)) {
      if (order.orgPath.at(-1) !== org) continue;
      for (const each of accrualsOf(order, rules)) {
        const { day } = each.posting;
        if (each.kind === 'commission' && day >= days.first && day <= days.last) earned.push(each);
      }
    }
    return earned;
  }

  /** What the ledger owes it, and of that what two persons booked; fen. */
  async #booked(
    account: string,
    { first, last }: { readonly first: string; readonly last: string },
  ): Promise<{ fen: number; settledFen: number }> {
    let [fen, settledFen] = [0, 0];
    // A day's postings come in the order of their index; a month's would be sorted.
    for (const day of daysBetween(first, last)) {
      for await (const { source, legs } of this.#init.ledger.read({ from: day, to: day })) {
        const own = 0 - sumOf(legs, (leg) => (leg.account === account ? leg.fen : 0));
        fen += own;
        if (source.startsWith('case:')) settledFen += own;
      }
    }
    return { fen, settledFen };
  }
}

/** By rule, in the order of their days and channels. */
function byRule(earned: readonly Accrual[]): Map<CommissionRule, Accrual[]> {
  const key = ({ from, channel, id }: CommissionRule): string => `${from} ${channel ?? ''} ${id}`;
  const byId = new Map<string, { rule: CommissionRule; of: Accrual[] }>();
  for (const each of earned) {
    const known = byId.get(each.rule.id) ?? { rule: each.rule, of: [] };
    known.of.push(each);
    byId.set(each.rule.id, known);
  }
  const sorted = [...byId.values()].toSorted((a, b) => (key(a.rule) < key(b.rule) ? -1 : 1));
  return new Map(sorted.map(({ rule, of }) => [rule, of]));
}

/** `每笔 0.50 元 + 面额的 1.25%，至少 0.10 元，至多 5.00 元`. */
function termsOf({ perOrderFen, basisPoints, leastFen, mostFen }: CommissionTerms): string {
  const parts = [
    ...(perOrderFen === 0 ? [] : [`每笔 ${yuan(perOrderFen)} 元`]),
    ...(basisPoints === 0 ? [] : [`面额的 ${yuan(basisPoints)}%`]),
  ];
  return [
    ...(parts.length === 0 ? [] : [parts.join(' + ')]),
    ...(leastFen === 0 ? [] : [`至少 ${yuan(leastFen)} 元`]),
    ...(mostFen === null ? [] : [`至多 ${yuan(mostFen)} 元`]),
  ].join('，');
}

function meansOf({ channel }: CommissionTerms): string {
  if (channel === null) return '全部';
  return channel === 'cash' ? '现金' : channelName(channel, 'zh-CN', 'brand');
}

function sumOf<T>(of: readonly T[], fenOf: (each: T) => number): number {
  return of.reduce((sum, each) => sum + fenOf(each), 0);
}
