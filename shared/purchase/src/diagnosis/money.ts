import type { BackPlace, Diagnosis } from '../api/diagnosis.ts';
import type { DiagnosisFacts, OrderFacts } from './facts.ts';

type Money = Diagnosis['money'];
type Refund = OrderFacts['refunds'][number];

/** Where an order's money is. */
export function moneyOf({ order, now, backAt }: DiagnosisFacts): Money {
  const came = order.payments.filter(({ status }) => status === 'succeeded');
  const agreed = order.refunds.filter(({ status }) => status !== 'requested' && status !== 'rejected');
  const takenFen = sumOf(came.map(({ amountFen }) => amountFen));
  const backFen = sumOf(agreed.filter(({ status }) => status === 'done').map(({ fen }) => fen));
  const sums = { takenFen, backFen };
  const [first] = came;
  if (first === undefined) {
    const at = isUnsure(order, now) ? 'paid-unknown' : 'not-paid';
    return { at, fen: order.paidFen, since: order.updatedAt.toISOString(), ...sums };
  }
  const funding = came.find(({ funds }) => funds === true);
  const main = agreed.filter((refund) => funding === undefined || givesUp(refund, funding.no));
  const others = agreed.filter((refund) => !main.includes(refund));
  const { paidAt, createdAt } = funding ?? first;
  const back = backPlaceOf(main);
  const since =
    back === 'went-back' || back === 'cash-owed' ? (backAt ?? order.updatedAt) : (paidAt ?? createdAt);
  const besides = backPlaceOf(others);
  return {
    at: back ?? (isBought(order) ? 'spent' : 'with-us'),
    fen: funding?.amountFen ?? takenFen,
    since: since.toISOString(),
    ...sums,
    ...(besides === undefined ? {} : { besides: { at: besides, fen: sumOf(others.map(({ fen }) => fen)) } }),
  };
}

/** Whether it goes back because the purchase does not stand; what staff give for one that stands does not. */
function givesUp({ paymentNo, reason }: Refund, funding: string): boolean {
  return paymentNo === funding && reason !== 'compensation';
}

/** Nobody may pay it any more, and a channel has not said whether somebody did. */
function isUnsure({ payments, closure }: OrderFacts, now: Date): boolean {
  return payments.some(({ status, expiresAt }) => {
    if (status === 'unknown') return true;
    const isLive = status === 'created' || status === 'pending';
    return isLive && (closure.status !== 'open' || expiresAt <= now);
  });
}

/** The sale stands, and nobody doubts it. */
function isBought({ sale, reversal, attention }: OrderFacts): boolean {
  const stands = sale.status === 'sold' && (reversal.status === 'none' || reversal.status === 'refused');
  return stands && attention !== 'sale-mismatch' && attention !== 'grid-disagrees';
}

/** The worst of them. */
function backPlaceOf(refunds: readonly Refund[]): BackPlace | undefined {
  if (refunds.length === 0) return undefined;
  if (refunds.some(({ status }) => status === 'abnormal')) return 'not-given-back';
  if (refunds.some(({ status }) => status !== 'done')) return 'going-back';
  return refunds.some(({ handOut }) => handOut?.status === 'owed') ? 'cash-owed' : 'went-back';
}

function sumOf(fen: readonly number[]): number {
  return fen.reduce((sum, each) => sum + each, 0);
}
