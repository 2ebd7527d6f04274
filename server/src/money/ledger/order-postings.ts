import type { Order, OrderEvent } from '../../orders/model/order.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import { ACCOUNTS } from './accounts.ts';
import { LedgerError } from './error.ts';
import type { Leg, Posting } from './posting.ts';

/** What the ledger needs of an order. No customer, no card. */
export type BookedOrder = Pick<
  Order,
  | '_id'
  | 'version'
  | 'terminalId'
  | 'meterNo'
  | 'grid'
  | 'faceFen'
  | 'discountFen'
  | 'discount'
  | 'paidFen'
  | 'payments'
  | 'sale'
  | 'refunds'
  | 'events'
  | 'updatedAt'
>;

/** What an order's events so far did to its payer's money. */
interface Standing {
  heldFen: number;
  /** Given back at our own expense, while the sale stands. */
  oursFen: number;
  /** Legs of the sale that stands, or nothing. */
  sale: readonly Leg[];
  /** By refund number: the legs that made it payable, until it is paid or given up. */
  readonly payable: Map<string, readonly Leg[]>;
}

/**
 * Every posting that an order's events make, in their order. Pure: the same events give the same postings for ever,
 * whatever came later. An event without money makes none. Throws `ledger.event-unreadable`.
 */
export function postingsOf(order: BookedOrder): Posting[] {
  const standing: Standing = { heldFen: 0, oursFen: 0, sale: [], payable: new Map() };
  return order.events.flatMap((event) => {
    const legs = legsOf(order, event, standing).filter(({ fen }) => fen !== 0);
    standing.oursFen += sumOf(legs, ACCOUNTS.refundsOurs);
    standing.heldFen -= sumOf(legs, ACCOUNTS.held);
    return legs.length === 0 ? [] : [postingOf(order, event, legs)];
  });
}

/** What one event of an order does; the events before it count. */
export function postingOfEvent(order: BookedOrder, n: number): Posting | undefined {
  return postingsOf(order).find((posting) => posting.n === n);
}

function postingOf(order: BookedOrder, event: OrderEvent, legs: readonly Leg[]): Posting {
  const { _id, terminalId, meterNo } = order;
  const { n, name, at } = event;
  return { source: _id, n, group: 'money', name, at, day: chinaDay(at), legs, terminalId, meterNo };
}

function legsOf(order: BookedOrder, event: OrderEvent, standing: Standing): readonly Leg[] {
  switch (event.name) {
    case 'payment.succeeded': {
      const fen = numberOf(order, event, 'fen');
      return [debit(receivableOf(order, textOf(order, event, 'no')), fen), credit(ACCOUNTS.held, fen)];
    }
    case 'sale.sold':
      return sold(order, event, standing);
    case 'sale.undone': {
      const undone = reversed(standing.sale);
      standing.sale = [];
      // What we gave back before was the payer's own money after all.
      return merged([
        ...undone,
        debit(ACCOUNTS.held, standing.oursFen),
        credit(ACCOUNTS.refundsOurs, standing.oursFen),
      ]);
    }
    case 'refund.approved':
      return payable(order, event, standing);
    case 'refund.rejected':
      return takenBack(standing, textOf(order, event, 'no'));
    case 'refund.done':
      return paid(order, event, standing);
    case 'refund.elsewhere':
      return paid(order, event, standing, ACCOUNTS.elsewhere);
    default:
      return [];
  }
}

/** A sale that is told again replaces what was told before: a person settled it with the grid. */
function sold(order: BookedOrder, event: OrderEvent, standing: Standing): readonly Leg[] {
  const { grid } = order;
  const { creditFen, arrearsFen, feeFen } = partsOf(order, event);
  const legs = [
    debit(ACCOUNTS.held, order.paidFen),
    debit(ACCOUNTS.discount(funderOf(order)), order.discountFen),
    credit(ACCOUNTS.gridCredit(grid), creditFen),
    credit(ACCOUNTS.gridArrears(grid), arrearsFen),
    credit(ACCOUNTS.gridFee(grid), feeFen),
    debit(ACCOUNTS.suspenseSale, creditFen + arrearsFen + feeFen - order.faceFen),
  ];
  const before = reversed(standing.sale);
  standing.sale = legs;
  return merged([...before, ...legs]);
}

/** What the grid sold, fen: its face value, of which the meter gets what arrears and fees leave. */
export function soldFen(order: BookedOrder, event: OrderEvent): number {
  const { creditFen, arrearsFen, feeFen } = partsOf(order, event);
  return creditFen + arrearsFen + feeFen;
}

/** Events from before they carried all amounts: the order still has them. */
function partsOf(order: BookedOrder, event: OrderEvent) {
  return {
    creditFen: numberOf(order, event, 'creditFen'),
    arrearsFen: numberOf(order, event, 'arrearsFen', order.sale.arrearsFen),
    feeFen: numberOf(order, event, 'feeFen', order.sale.feeFen),
  };
}

/** Owed to the payer: from what is held, and beyond that at our own expense. */
function payable(order: BookedOrder, event: OrderEvent, standing: Standing): readonly Leg[] {
  const fen = numberOf(order, event, 'fen');
  const fromHeld = Math.min(fen, Math.max(0, standing.heldFen));
  const legs = [
    debit(ACCOUNTS.held, fromHeld),
    debit(ACCOUNTS.refundsOurs, fen - fromHeld),
    credit(ACCOUNTS.refundable, fen),
  ];
  standing.payable.set(textOf(order, event, 'no'), legs);
  return legs;
}

function takenBack(standing: Standing, no: string): readonly Leg[] {
  const legs = standing.payable.get(no) ?? [];
  standing.payable.delete(no);
  return reversed(legs);
}

function paid(order: BookedOrder, event: OrderEvent, standing: Standing, from?: string): readonly Leg[] {
  const no = textOf(order, event, 'no');
  const owed = standing.payable.get(no);
  // Paid already: told once more.
  if (owed === undefined) return [];
  standing.payable.delete(no);
  const fen = 0 - sumOf(owed, ACCOUNTS.refundable);
  const paymentNo = order.refunds.find((refund) => refund.no === no)?.paymentNo;
  if (paymentNo === undefined) throw unreadable(order, event, 'no');
  return [debit(ACCOUNTS.refundable, fen), credit(from ?? receivableOf(order, paymentNo), fen)];
}

function receivableOf(order: BookedOrder, paymentNo: string): string {
  const payment = order.payments.find(({ no }) => no === paymentNo);
  if (payment === undefined) {
    throw new LedgerError({
      code: 'ledger.event-unreadable',
      message: `Order ${order._id} names the payment ${paymentNo}, which it does not have. Look at its events.`,
    });
  }
  return payment.channel === 'cash'
    ? ACCOUNTS.float(payment.float ?? 'unnamed')
    : ACCOUNTS.channel(payment.channel);
}

/** Who pays the discount; an order from before there were rules has none. */
function funderOf(order: BookedOrder): string {
  return order.discount?.funder ?? 'unnamed';
}

function sumOf(legs: readonly Leg[], wanted: string): number {
  return legs.reduce((sum, { account, fen }) => sum + (account === wanted ? fen : 0), 0);
}

function reversed(legs: readonly Leg[]): Leg[] {
  return legs.map(({ account, fen }) => ({ account, fen: -fen }));
}

function merged(legs: readonly Leg[]): Leg[] {
  const sums = new Map<string, number>();
  for (const { account, fen } of legs) sums.set(account, (sums.get(account) ?? 0) + fen);
  return [...sums].map(([account, fen]) => ({ account, fen }));
}

function debit(account: string, fen: number): Leg {
  return { account, fen };
}

function credit(account: string, fen: number): Leg {
  return { account, fen: -fen };
}

function numberOf(order: BookedOrder, event: OrderEvent, name: string, or?: number): number {
  const value = event.data?.[name] ?? or;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw unreadable(order, event, name);
  return value;
}

function textOf(order: BookedOrder, event: OrderEvent, name: string): string {
  const value = event.data?.[name];
  if (typeof value !== 'string') throw unreadable(order, event, name);
  return value;
}

function unreadable(order: BookedOrder, event: OrderEvent, name: string): LedgerError {
  return new LedgerError({
    code: 'ledger.event-unreadable',
    message: `Event ${event.n} (${event.name}) of order ${order._id} has no usable ${name}. Look at the order.`,
  });
}
