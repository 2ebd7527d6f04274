import type { Clock } from '@bianmin/card/clock';
import type { Receipt } from '@bianmin/purchase/api/receipt';
import { byConsentOf } from '../../orders/model/by-consent.ts';
import type { HandOut, Order, Payment } from '../../orders/model/order.ts';
import type { ReceiptCodes } from '../../orders/desk/receipt.ts';
import type { SealedLinks } from '../../orders/desk/sealed-links.ts';
import { fundingOf, fundingRefundOf } from '../../orders/model/state.ts';
import { inNotes } from '../../kernel/cash.ts';
import { meterTailOf } from '../../kernel/mask.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { isInMeter } from '../../orders/model/moves/meter.ts';
import type { OrderStore } from '../../orders/store/orders.ts';

/** How long after an order's last change its link still opens the receipt. */
const KEPT_MS = 366 * 24 * 3_600_000;

export interface ReceiptsInit {
  readonly store: Pick<OrderStore, 'get'>;
  readonly codes: Pick<ReceiptCodes, 'codeOf'>;
  readonly links: SealedLinks;
  readonly placeOf: (order: Order) => Promise<string | null>;
  readonly clock: Pick<Clock, 'now'>;
}

/** What is printed of a purchase, and what its link shows on a phone: the same words from one source. */
export class Receipts {
  readonly #init: ReceiptsInit;

  constructor(init: ReceiptsInit) {
    this.#init = init;
  }

  /** Throws `order.not-found`: not ours, never paid, or too long ago. */
  async byToken(token: string): Promise<Receipt> {
    const { links, store, clock } = this.#init;
    const orderNo = links.orderNoOf(token);
    const order = orderNo === undefined ? null : await store.get(orderNo);
    if (order !== null && order.updatedAt.getTime() + KEPT_MS > clock.now()) return this.of(order);
    throw new ProblemError({
      code: 'order.not-found',
      message: 'This link is not valid, or its purchase ended long ago. Use the receipt code on the paper.',
    });
  }

  /** Throws `order.not-found` while nothing is paid. */
  async of(order: Order): Promise<Receipt> {
    const funding = fundingOf(order);
    if (funding === undefined) {
      throw new ProblemError({
        code: 'order.not-found',
        message: 'Nothing was paid for this order, so there is no receipt.',
        orderNo: order._id,
      });
    }
    const { codes, links, placeOf } = this.#init;
    const { name, address, customerNo } = order.masked;
    const consent = byConsentOf(order);
    return {
      orderNo: order._id,
      receiptCode: codes.codeOf(order._id),
      url: links.urlOf(order._id),
      outcome: outcomeOf(order),
      ...(order.kind === 'card' ? {} : { kind: order.kind }),
      ...(order.bill === undefined ? {} : { bill: { period: order.bill.period } }),
      faceFen: order.faceFen,
      discountFen: order.discountFen,
      paidFen: order.paidFen,
      ...(order.discount === undefined ? {} : { discount: { names: { ...order.discount.names } } }),
      channel: funding.channel,
      paidAt: (funding.paidAt ?? funding.createdAt).toISOString(),
      household: { name, address, customerNo, ...meterTailOf(order.meterNo) },
      ...(consent === undefined ? {} : { byConsent: { form: consent.form } }),
      place: await placeOf(order),
      balanceFen: order.credit.balanceFen ?? null,
      refundFen: refundFenOf(order, funding),
      ...cashBackOf(order),
    };
  }
}

function outcomeOf(order: Order): Receipt['outcome'] {
  const refund = fundingRefundOf(order);
  if (refund !== undefined) return refund.status === 'done' ? 'refunded' : 'refunding';
  // The payer chose refund; the grid is undoing the sale first.
  if (order.fallback === 'refund') return 'refunding';
  if (order.credit.status === 'credited' || isInMeter(order)) return 'credited';
  return order.write.status === 'written' ? 'written' : 'paid';
}

function cashBackOf({ refunds }: Order): Pick<Receipt, 'cashBack'> {
  const cash = refunds.flatMap(({ fen, handOut }) => (handOut === undefined ? [] : [{ fen, handOut }]));
  if (cash.length === 0) return {};
  const sumOf = (status: HandOut['status']): number =>
    cash.reduce((sum, { fen, handOut }) => sum + (handOut.status === status ? inNotes(fen) : 0), 0);
  const times = cash.flatMap(({ handOut }) => (handOut.status === 'owed' ? [] : [handOut.at.getTime()]));
  const handedOutAt = times.length === 0 ? null : new Date(Math.max(...times)).toISOString();
  return { cashBack: { waitingFen: sumOf('owed'), handedOutFen: sumOf('handed-out'), handedOutAt } };
}

/** Of the payment that bought it. What is not approved yet may still be refused. */
function refundFenOf(order: Order, funding: Payment): number {
  const agreed = order.refunds.filter(
    ({ paymentNo, status }) => paymentNo === funding.no && status !== 'rejected' && status !== 'requested',
  );
  const fen = agreed.reduce((sum, refund) => sum + refund.fen, 0);
  return fen === 0 && order.fallback === 'refund' ? order.paidFen : fen;
}
