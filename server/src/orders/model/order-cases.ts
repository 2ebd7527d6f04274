import type { CaseReport } from './case-sink.ts';
import type { Order } from './order.ts';

/**
 * The cases that a move opens: one where it brings an order into attention or into attention for another reason, and
 * one for each refund that its channel cannot make, also of an order that is otherwise done. Pure.
 */
export function casesOf(before: Order, after: Order): CaseReport[] {
  const facts = {
    wasState: before.state,
    count: after.count,
    faceFen: after.faceFen,
    paidFen: after.paidFen,
    sale: after.sale.status,
    write: after.write.status,
  };
  const { _id: orderNo, orgPath } = after;
  const attention: CaseReport[] =
    after.attention === null || after.attention === before.attention
      ? []
      : [{ kind: after.attention, orderNo, orgPath, facts }];
  const refunds = after.refunds.filter(
    ({ no, status }) =>
      status === 'abnormal' && before.refunds.find((each) => each.no === no)?.status !== status,
  );
  return [
    ...attention,
    ...refunds.map(({ no, fen }) => ({
      kind: 'refund-abnormal' as const,
      orderNo,
      orgPath,
      key: no,
      facts: { ...facts, refundFen: fen },
    })),
  ];
}
