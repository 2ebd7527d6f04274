import type { OrderView } from '@bianmin/shared/api/order';
import type { Order } from './order.ts';
import type { ReceiptCodes } from './receipt.ts';
import { fundingOf, fundingRefundOf } from './state.ts';

/** An order as a terminal may see it: no household, no meter, no card. */
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
    refund: refund === undefined ? null : { fen: refund.fen, status: refund.status, reason: refund.reason },
  };
}
