import { orderNoOf } from '../../../server/src/orders/model/order-no.ts';
import type { PaymentSum } from '../../kit/sandbox-answers.ts';
import type { OrderMoney } from './grid-rest.ts';

/** What the campaign itself did about an order; nothing of it is read from the server's records. */
export interface OrderFacts {
  readonly faceFen: number;
  /** What the household's discount takes off; 0 where it has none. */
  readonly offFen: number;
  /** Whether the wallet will tell of this money in its bill only. */
  readonly untold: boolean;
  /** Given back by two of the staff although the purchase stands. */
  readonly givenFen: number;
  /** Given back by other means than its channel, which could not; absent: nothing. */
  readonly elsewhereFen?: number;
}

export interface Cash {
  readonly takenFen: number;
  readonly refundedFen: number;
}

/** Everything that came and went for each order, by wallets and counters. Pure. */
export function moneyByOrder(of: {
  readonly payments: readonly PaymentSum[];
  readonly cash: ReadonlyMap<string, Cash>;
  readonly facts: ReadonlyMap<string, OrderFacts>;
  /** What bills alone tell has been found: it is everybody's by now. */
  readonly found: boolean;
}): Map<string, OrderMoney> {
  const sums = new Map<string, { takenFen: number; refundedFen: number; askedFen: number | undefined }>();
  const sumOf = (
    orderNo: string,
  ): { takenFen: number; refundedFen: number; askedFen: number | undefined } => {
    const known = sums.get(orderNo) ?? { takenFen: 0, refundedFen: 0, askedFen: undefined };
    sums.set(orderNo, known);
    return known;
  };
  for (const { outTradeNo, totalFen, transactions } of of.payments) {
    const sum = sumOf(orderNoOf(outTradeNo) ?? outTradeNo);
    sum.askedFen ??= totalFen;
    for (const each of transactions) {
      sum.takenFen += each.totalFen;
      sum.refundedFen += each.refundedFen;
    }
  }
  for (const [orderNo, { takenFen, refundedFen }] of of.cash) {
    const sum = sumOf(orderNo);
    if (takenFen > 0) sum.askedFen ??= takenFen;
    sum.takenFen += takenFen;
    sum.refundedFen += refundedFen;
  }
  return new Map(
    [...sums].map(([orderNo, { takenFen, refundedFen, askedFen }]) => {
      const facts = of.facts.get(orderNo);
      const backFen = refundedFen + (facts?.elsewhereFen ?? 0);
      return [orderNo, { takenFen, refundedFen: backFen, ...standingOf(facts, askedFen, of.found) }];
    }),
  );
}

function standingOf(
  facts: OrderFacts | undefined,
  askedFen: number | undefined,
  found: boolean,
): Partial<OrderMoney> {
  if (facts === undefined || askedFen === undefined) return {};
  const discountFen = facts.faceFen - askedFen;
  return {
    givenFen: facts.givenFen,
    // Nothing, or what the rule says; any other sum has no payer, and shows as money that is missing.
    discountFen: discountFen === facts.offFen ? discountFen : 0,
    ...(facts.untold && !found ? { untoldFen: askedFen } : {}),
  };
}

/** What the campaign's equation is made of, fen. */
export interface Equation {
  readonly paymentsFen: number;
  readonly discountsFen: number;
  /** All that went back, but for what staff gave although the purchase stands. */
  readonly refundsFen: number;
  readonly creditsFen: number;
  readonly arrearsFen: number;
  readonly feesFen: number;
}

/** payments + discounts − refunds − meter credits − arrears − fees; 0 where not a fen is missing. */
export function equationFen(of: Equation): number {
  return of.paymentsFen + of.discountsFen - of.refundsFen - of.creditsFen - of.arrearsFen - of.feesFen;
}

export interface SoldSale {
  readonly orderNo: string;
  readonly status: 'sold' | 'rejected' | 'reversed';
  readonly faceFen: number;
  readonly creditFen: number;
  readonly arrearsFen: number;
  readonly feeFen: number;
}

/** The equation from wallets, counters, the grid's book and meters. Pure. */
export function equationOf(of: {
  readonly money: ReadonlyMap<string, OrderMoney>;
  readonly sales: readonly SoldSale[];
  readonly meters: readonly { readonly creditedFen: number }[];
}): Equation {
  const sold = of.sales.filter(({ status }) => status === 'sold');
  const all = [...of.money.values()];
  return {
    paymentsFen: total(all.map(({ takenFen }) => takenFen)),
    discountsFen: total(sold.map(({ orderNo }) => of.money.get(orderNo)?.discountFen ?? 0)),
    refundsFen: total(all.map(({ refundedFen, givenFen = 0 }) => refundedFen - givenFen)),
    creditsFen: total(of.meters.map(({ creditedFen }) => creditedFen)),
    arrearsFen: total(sold.map(({ arrearsFen }) => arrearsFen)),
    feesFen: total(sold.map(({ feeFen }) => feeFen)),
  };
}

function total(sums: readonly number[]): number {
  return sums.reduce((sum, fen) => sum + fen, 0);
}
