import type { CommissionKind } from '@bianmin/purchase/api/commission';
import type { CommissionRule } from '../money/commission/rule.ts';
import type { PaymentMeans } from '../orders/model/order.ts';

/** A sale that stands, as others than the books tell of it. */
export interface StandingSale {
  readonly day: string;
  readonly grid: string;
  readonly orgPath: readonly string[];
  readonly channel: PaymentMeans;
  readonly faceFen: number;
}

/** A rule as a test makes it, of which little matters. */
export function ruleOf(over: Partial<CommissionRule> = {}): CommissionRule {
  const [maker, checker] = [
    { id: 'anna', name: 'anna' },
    { id: 'boris', name: 'boris' },
  ];
  return {
    ...{ id: 'r1', kind: 'commission', org: 'province', channel: null, from: '2026-01-01', until: null },
    ...{ perOrderFen: 0, basisPoints: 100, leastFen: 0, mostFen: null },
    made: { maker, checker, at: new Date('2025-12-31T00:00:00Z') },
    ...over,
  };
}

/**
 * What each account of accruals must come to, worked out anew and another way than the books do it: each rule is scored, and amounts
 * are fractions until the end. Accounts that come to nothing are left out.
 */
export function accruedBy(
  sales: readonly StandingSale[],
  rules: readonly CommissionRule[],
): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (account: string, fen: number): void => {
    sums.set(account, (sums.get(account) ?? 0) + fen);
  };
  for (const sale of sales) {
    const own = sale.orgPath.at(-1) ?? 'province';
    const agency = amountBy(bestOf('agency', sale, rules), sale.faceFen);
    add(`agency:${sale.grid}`, agency);
    add('income:agency', -agency);
    if (own === 'province') continue;
    const commission = amountBy(bestOf('commission', sale, rules), sale.faceFen);
    add('cost:commission', commission);
    add(`commission:${own}`, -commission);
  }
  return new Map([...sums].filter(([, fen]) => fen !== 0));
}

function bestOf(
  kind: CommissionKind,
  { day, orgPath, channel }: StandingSale,
  rules: readonly CommissionRule[],
): CommissionRule | undefined {
  let best: { rule: CommissionRule; score: number } | undefined;
  for (const rule of rules) {
    const depth = orgPath.indexOf(rule.org);
    if (rule.kind !== kind || depth < 0 || day < rule.from || day > (rule.until ?? '9999-12-31')) continue;
    if (rule.channel !== null && rule.channel !== channel) continue;
    const score = 2 * depth + (rule.channel === null ? 0 : 1);
    if (best === undefined || score > best.score) best = { rule, score };
  }
  return best?.rule;
}

function amountBy(rule: CommissionRule | undefined, faceFen: number): number {
  if (rule === undefined) return 0;
  const tenThousandths = BigInt(faceFen) * BigInt(rule.basisPoints);
  const [whole, rest] = [tenThousandths / 10_000n, tenThousandths % 10_000n];
  let fen = BigInt(rule.perOrderFen) + whole + (rest >= 5000n ? 1n : 0n);
  if (fen < BigInt(rule.leastFen)) fen = BigInt(rule.leastFen);
  if (rule.mostFen !== null && fen > BigInt(rule.mostFen)) fen = BigInt(rule.mostFen);
  return Number(fen);
}
