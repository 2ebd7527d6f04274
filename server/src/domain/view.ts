import type { OrderView } from '@bianmin/shared/api/order';
import { choicesOf } from './moves/credit.ts';
import type { Order } from './order.ts';
import type { ReceiptCodes } from './receipt.ts';
import { fundingOf, fundingRefundOf } from './state.ts';

/** An order as a terminal or its payer may see it: no household, no meter, no card. */
export function viewOf(order: Order, receipts: ReceiptCodes): OrderView {
  // While it is being paid, the newest attempt; afterwards the one that funds it.
  const payment = fundingOf(order) ?? order.payments.at(-1);
  const refund = fundingRefundOf(order) ?? order.refunds.at(-1);
  return {
    orderNo: order._id,
    version: order.version,
    state: order.state,
    entry: order.entry,
    faceFen: order.faceFen,
    discountFen: order.discountFen,
    paidFen: order.paidFen,
    createdAt: order.createdAt.toISOString(),
    payment:
      payment === undefined
        ? null
        : {
            no: payment.no,
            channel: payment.channel,
            status: payment.status,
            codeUrl: payment.codeUrl,
            expiresAt: payment.expiresAt.toISOString(),
          },
    receiptCode: fundingOf(order) === undefined ? null : receipts.codeOf(order._id),
    refund:
      refund === undefined
        ? owedOf(order)
        : { fen: refund.fen, status: refund.status, reason: refund.reason },
    ...(order.kind === 'card' ? {} : remoteOf(order)),
  };
}

/** The payer chose refund; it is approved as soon as the grid has undone the sale. */
function owedOf(order: Order): OrderView['refund'] {
  if (order.fallback !== 'refund') return null;
  return { fen: order.paidFen, status: 'requested', reason: 'not-credited' };
}

function remoteOf(order: Order): Pick<OrderView, 'kind' | 'credit' | 'choices'> {
  const { status, balanceFen, creditedAt } = order.credit;
  return {
    kind: order.kind,
    credit: {
      status,
      balanceFen: balanceFen ?? null,
      creditedAt: creditedAt?.toISOString() ?? null,
      ...(status === 'credited' ? { count: order.count } : {}),
    },
    choices: choicesOf(order),
  };
}
