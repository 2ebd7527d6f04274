import type { DiagnosisFacts } from '@bianmin/purchase/diagnosis/facts';
import { isInMeter, meterSaidSo } from '../model/moves/meter.ts';
import { lastSentAt } from '../model/moves/refund.ts';
import type { Order, OrderEvent } from '../model/order.ts';
import type { OrderEventName } from '../model/order-events.ts';
import type { OrderPolicy } from '../model/policy.ts';
import { motionsOf } from './motion.ts';

/** What an order does not say itself. */
export interface BesidesOrder extends Pick<DiagnosisFacts, 'now' | 'allowed' | 'places'> {
  readonly policy: OrderPolicy;
  /** Later purchases of its meter: one that is credited proves those before it. */
  readonly later: readonly Order[];
}

/** An order's facts as a diagnosis takes them. Pure. */
export function diagnosisFactsOf(order: Order, { policy, later, ...besides }: BesidesOrder): DiagnosisFacts {
  const back = lastOf(order, ['refund.done', 'refund.elsewhere', 'refund.handed-out']);
  return {
    ...besides,
    order,
    taken: takenBy(order, later),
    moving: motionsOf(order, policy).map(({ fact, since, horizonMs }) => ({
      fact,
      until: new Date(since.getTime() + horizonMs),
    })),
    releasedAt: lastOf(order, ['write.released', 'write.reopened'])?.at,
    backAt: back?.at,
    elsewhereFrom: elsewhereFrom(order, policy),
  };
}

function takenBy(order: Order, later: readonly Order[]): DiagnosisFacts['taken'] {
  if (isInMeter(order)) return { by: isOfMeter(order) ? 'meter' : 'account', at: saidAt(order) };
  const proof = later.find(
    (each) => each.count > order.count && isInMeter(each) && isOfMeter(each) && order.sale.status === 'sold',
  );
  return proof === undefined ? null : { by: 'meter', at: saidAt(proof) };
}

/** By the meter itself; an account has no meter's word. */
function isOfMeter({ kind, meter, events }: Order): boolean {
  if (kind === 'account') return false;
  return meter?.status === 'credited' || !events.some(({ name }) => name === 'account.credited');
}

function saidAt(order: Order): Date {
  return order.meter?.at ?? meterSaidSo(order)?.at ?? order.updatedAt;
}

/** When a refund that its channel could not make may be given by other means. */
function elsewhereFrom({ refunds }: Order, { refundUnderWayMs }: OrderPolicy): Date | undefined {
  const sent = refunds
    .filter(({ status }) => status === 'abnormal')
    .map((refund) => lastSentAt(refund)?.getTime() ?? 0);
  return sent.length === 0 ? undefined : new Date(Math.max(...sent) + refundUnderWayMs);
}

function lastOf({ events }: Order, names: readonly OrderEventName[]): OrderEvent | undefined {
  return events.findLast(({ name }) => names.includes(name));
}
