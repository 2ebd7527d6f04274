import { accrualPostingsOf } from '../../money/commission/accruals.ts';
import { imbalanceOf, turnoverOf } from '../../money/ledger/posting.ts';
import type { Order } from '../../orders/model/order.ts';
import { accruedBy, ruleOf } from '../commission-judge.ts';
import type { Town } from './town.ts';

const [NORTH, SOUTH] = ['c00000000000000a1', 'c00000000000000b2'];
/** Amounts that want rounding, one organisation with a rule of its own, and a least and a most. */
const RULES = [
  ruleOf({ id: 'agency', kind: 'agency', basisPoints: 37, leastFen: 11, mostFen: 150, from: '2020-01-01' }),
  ruleOf({ id: 'all', perOrderFen: 3, basisPoints: 33, from: '2020-01-01' }),
  ruleOf({ id: 'south', org: SOUTH, basisPoints: 101, from: '2020-01-01' }),
];

/**
 * What orders' sales earn, as the books have it, beside the sales that stand at the grid: to the fen, whatever was undone, sold
 * again or told twice. Households live in two communities here, by their meters.
 */
export function accrualViolations({ grid }: Pick<Town, 'grid'>, orders: readonly Order[]): string[] {
  const pathOf = (meterNo: string): string[] => ['province', Number(meterNo) % 2 === 0 ? NORTH : SOUTH];
  const postings = orders.flatMap((order) =>
    accrualPostingsOf({ ...order, orgPath: pathOf(order.meterNo) }, RULES),
  );
  const sales = [...grid.sales.values()].filter(({ status }) => status === 'sold');
  const wanted = accruedBy(
    sales.map(({ orderNo, creditFen, arrearsFen, feeFen }) => ({
      ...{ day: '2026-01-01', grid: grid.grid, channel: 'wechat' as const },
      orgPath: pathOf(orders.find(({ _id }) => _id === orderNo)?.meterNo ?? ''),
      faceFen: creditFen + arrearsFen + feeFen,
    })),
    RULES,
  );
  const found = turnoverOf(postings);
  return [
    ...postings
      .filter((posting) => imbalanceOf(posting) !== 0)
      .map(({ source, n, group }) => `posting ${source}:${n}:${group} is not even`),
    ...[...new Set([...found.keys(), ...wanted.keys()])]
      .filter((account) => (found.get(account) ?? 0) !== (wanted.get(account) ?? 0))
      .map(
        (account) =>
          `account ${account}: ${found.get(account) ?? 0} fen in the ledger, ${wanted.get(account) ?? 0} earned`,
      ),
  ];
}
