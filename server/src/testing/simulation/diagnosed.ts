import type { Diagnosis } from '@bianmin/purchase/api/diagnosis';
import { isInMeter } from '../../orders/model/moves/meter.ts';
import type { Order } from '../../orders/model/order.ts';
import { policyOf } from '../../orders/model/policy.ts';
import { actionsOf } from '../../people/staff/actions.ts';
import { diagnosisOf } from '../../people/staff/diagnoses.ts';
import { testConfig } from '../config.ts';
import { misdiagnosed, unsaid, type OrderTruth } from '../diagnosis-judge.ts';
import { sumOf, type Money } from './money.ts';
import type { Shared } from './shared.ts';

/** What is known besides orders. */
interface Known extends Pick<Shared, 'grid'> {
  readonly money: Money;
  now(): number;
}

const POLICY = policyOf(testConfig());

/** What is wrong with how an order is diagnosed and said after any move: a sentence each. */
export function diagnosedAfterMove(known: Pick<Known, 'grid' | 'now'>, order: Order): string[] {
  const asked = askedOf(known);
  const allowed = actionsOf(order, asked).flatMap((each) => (each.allowed ? [each.action] : []));
  return unsaid(diagnosed(known, order, []), allowed).map((sentence) => `its diagnosis ${sentence}`);
}

/** What is wrong with the diagnoses of orders at rest, beside channels, float, hands, grid and meters. */
export function diagnosedAtRest(known: Known, orders: readonly Order[]): string[] {
  const { grid, money } = known;
  return orders.flatMap((order) => {
    const { _id, meterNo, count } = order;
    const later = orders.filter((each) => each.meterNo === meterNo && each.count > count);
    const fenOf = (moved: ReturnType<Money['paidIn']>): number =>
      sumOf(moved.filter(({ orderNo }) => orderNo === _id));
    const truth = {
      ...{ takenFen: fenOf(money.paidIn()), refundedFen: fenOf(money.paidOut()) },
      isSold: grid.sales.get(_id)?.status === 'sold',
      arrived: arrivedIn(grid, order),
      isHeard: [order, ...later].some((each) => isInMeter(each)),
      waits: false,
    };
    return misdiagnosed(diagnosed(known, order, later), truth).map(
      (sentence) => `the diagnosis of ${_id} (${order.state}) ${sentence}`,
    );
  });
}

function arrivedIn(
  { meters, payments, sales }: Known['grid'],
  { _id, meterNo, count }: Order,
): OrderTruth['arrived'] {
  if (sales.get(_id)?.count === 0) return 'account';
  if (payments.balances.has(meterNo)) return 'moved';
  const meter = meters.get(meterNo);
  return count > 0 && meter !== undefined && meter.count >= count ? 'meter' : null;
}

function diagnosed(known: Pick<Known, 'grid' | 'now'>, order: Order, later: readonly Order[]): Diagnosis {
  return diagnosisOf(order, { ...askedOf(known), later, places: {} });
}

function askedOf({ grid, now }: Pick<Known, 'grid' | 'now'>) {
  return { now: new Date(now()), policy: POLICY, cancelsWritten: grid.cancelsWritten };
}
