import type { Order } from '../../orders/model/order.ts';

/** `waiting`: to be sent, or sent and not answered for good. */
type InvoiceStatus = 'waiting' | 'issued' | 'refused';

/**
 * One request at the platform. An order has at most one invoice that counts; when money goes back, a `red` one cancels
 * it, and what the payer finally paid is invoiced anew.
 */
export interface Invoice {
  /** The request's number: order number, `f`, ordinal. */
  readonly _id: string;
  readonly orderNo: string;
  readonly kind: 'blue' | 'red';
  /** Of a red one: the request that it cancels. */
  readonly cancels?: string;
  /** Title and tax number, sealed: a title is a person's name. */
  readonly buyer: string;
  readonly totalFen: number;
  readonly status: InvoiceStatus;
  /** Whether it was ever sent: then it is asked about before it is sent again. */
  readonly sent: boolean;
  readonly tries: number;
  readonly number?: string;
  readonly url?: string;
  readonly issuedAt?: Date;
  readonly reason?: string;
  /** Of a blue one that a red one cancelled for good. */
  readonly cancelled: boolean;
  readonly requestedAt: Date;
  /** When it must be looked at again; absent at rest. */
  readonly dueAt?: Date;
}

const MONEY_WENT: ReadonlySet<string> = new Set(['approved', 'sent', 'unknown', 'abnormal', 'done']);

/** What the payer of an order finally paid, as far as it is decided, fen. */
export function paidInTheEnd(order: Order): number {
  const funding = order.payments.find(({ funds }) => funds === true);
  if (funding === undefined) return 0;
  const back = order.refunds
    .filter(({ paymentNo, status }) => paymentNo === funding.no && MONEY_WENT.has(status))
    .reduce((sum, { fen }) => sum + fen, 0);
  return Math.max(0, funding.amountFen - back);
}

/** Only electricity that reached its card or its meter is invoiced. */
export function mayBeInvoiced(order: Order): boolean {
  return order.state === 'done' && paidInTheEnd(order) > 0;
}

/** The invoice of an order that counts now: blue, not refused, not cancelled. */
export function liveOf(invoices: readonly Invoice[]): Invoice | undefined {
  return invoices.find(
    ({ kind, status, cancelled }) => kind === 'blue' && status !== 'refused' && !cancelled,
  );
}

export type NextStep =
  | { readonly do: 'nothing' }
  | { readonly do: 'cancel'; readonly invoice: Invoice }
  | { readonly do: 'issue'; readonly buyer: string; readonly totalFen: number };

/**
 * What an order's invoices need so that they say what was finally paid. One that waits is left until it has ended: only
 * what was issued can be cancelled. Nothing is ever issued that was not asked for.
 */
export function nextStep(order: Order, invoices: readonly Invoice[]): NextStep {
  if (invoices.some(({ status }) => status === 'waiting')) return { do: 'nothing' };
  const live = liveOf(invoices);
  const paid = mayBeInvoiced(order) ? paidInTheEnd(order) : 0;
  if (live !== undefined) {
    const cancelRefused = invoices.some(
      ({ cancels, status }) => cancels === live._id && status === 'refused',
    );
    return live.totalFen === paid || cancelRefused ? { do: 'nothing' } : { do: 'cancel', invoice: live };
  }
  const cancelled = invoices.findLast(({ kind, cancelled: gone }) => kind === 'blue' && gone);
  if (cancelled === undefined || paid === 0) return { do: 'nothing' };
  const refused = invoices.some(
    ({ kind, status, totalFen }) => kind === 'blue' && status === 'refused' && totalFen === paid,
  );
  return refused ? { do: 'nothing' } : { do: 'issue', buyer: cancelled.buyer, totalFen: paid };
}
