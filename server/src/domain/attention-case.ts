import type { CaseReport } from './case-sink.ts';
import type { Order } from './order.ts';

/** The case that a move opens by bringing an order into attention, or into attention for another reason. Pure. */
export function attentionCaseOf(before: Order, after: Order): CaseReport | undefined {
  if (after.state !== 'attention') return undefined;
  if (before.state === 'attention' && before.attention === after.attention) return undefined;
  const facts = {
    wasState: before.state,
    count: after.count,
    faceFen: after.faceFen,
    paidFen: after.paidFen,
    sale: after.sale.status,
    write: after.write.status,
  };
  if (after.attention !== null) return { kind: after.attention, orderNo: after._id, facts };
  const refund = after.refunds.find((each) => each.status === 'abnormal');
  return {
    kind: 'refund-abnormal',
    orderNo: after._id,
    ...(refund === undefined ? { facts } : { key: refund.no, facts: { ...facts, refundFen: refund.fen } }),
  };
}
