import type { OrderView } from '@bianmin/purchase/api/order';
import { meterAnswerOf } from './meter-answer.ts';
import { choicesOf } from '../model/moves/credit.ts';
import type { OrderCodes } from './codes.ts';
import type { Order } from '../model/order.ts';
import { fundingOf, fundingRefundOf } from '../model/state.ts';

/** An order as a terminal or its payer may see it: no household, no meter, no card. */
export function viewOf(order: Order, codes: OrderCodes): OrderView {
  const refund = fundingRefundOf(order) ?? order.refunds.at(-1);
  return {
    orderNo: order._id,
    version: order.version,
    state: order.state,
    entry: order.entry,
    faceFen: order.faceFen,
    discountFen: order.discountFen,
    paidFen: order.paidFen,
    ...(order.discount === undefined ? {} : { discount: { names: { ...order.discount.names } } }),
    createdAt: order.createdAt.toISOString(),
    ...saleOf(order),
    ...meterAnswerOf(order),
    payment: paymentOf(order, codes),
    receiptCode: fundingOf(order) === undefined ? null : codes.codeOf(order._id),
    refund:
      refund === undefined
        ? owedOf(order)
        : { fen: refund.fen, status: refund.status, reason: refund.reason },
    ...(order.bill === undefined ? {} : { bill: { period: order.bill.period } }),
    ...(order.kind === 'card' && order.credit.status === 'none' ? {} : remoteOf(order)),
  };
}

function saleOf({ sale, reversal, count }: Order): Pick<OrderView, 'sale'> {
  const { status, creditFen, arrearsFen = 0, feeFen = 0 } = sale;
  if (status !== 'sold' || creditFen === undefined || reversal.status === 'reversed') return {};
  return { sale: { creditFen, arrearsFen, feeFen, count } };
}

/** While it is being paid, the code for every wallet or the newest attempt; afterwards the one that funds it. */
function paymentOf(order: Order, codes: OrderCodes): OrderView['payment'] {
  const funding = fundingOf(order);
  const any = funding === undefined ? codes.anyWallet?.(order) : undefined;
  if (any !== undefined) {
    const { codeUrl, expiresAt } = any;
    return { no: order._id, channel: 'any', status: 'pending', codeUrl, expiresAt: expiresAt.toISOString() };
  }
  const payment = funding ?? order.payments.at(-1);
  if (payment === undefined) return null;
  const { no, channel, status, codeUrl, expiresAt } = payment;
  return { no, channel, status, codeUrl, expiresAt: expiresAt.toISOString() };
}

/** The payer chose refund; it is approved as soon as the grid has undone the sale. */
function owedOf(order: Order): OrderView['refund'] {
  if (order.fallback !== 'refund') return null;
  return { fen: order.paidFen, status: 'requested', reason: 'not-credited' };
}

function remoteOf(order: Order): Pick<OrderView, 'kind' | 'credit' | 'choices'> {
  const { status, balanceFen, creditedAt, supply } = order.credit;
  return {
    kind: order.kind,
    credit: {
      status,
      balanceFen: balanceFen ?? null,
      creditedAt: creditedAt?.toISOString() ?? null,
      ...(status === 'credited' && order.count > 0 ? { count: order.count } : {}),
      ...(supply === undefined ? {} : { supply }),
      ...(supply === 'on' && order.wasOff === true ? { restored: true } : {}),
    },
    choices: choicesOf(order),
  };
}
