import type { AdminOrder } from '@bianmin/purchase/api/admin-orders';
import { misdiagnosed, type OrderTruth } from '../../../server/src/testing/diagnosis-judge.ts';
import type { JudgedOrder, JudgedSale } from './grid-judge.ts';

/** An order as staff are told of it. */
export type ToldOrder = Pick<AdminOrder, 'orderNo' | 'meterNo' | 'count' | 'meter' | 'diagnosis'>;

/** What a meter has taken, and whether the grid keeps its balance. */
interface StandingMeter {
  readonly meterNo: string;
  readonly count: number;
  readonly isAccount: boolean;
}

export interface DiagnosedBooks {
  readonly orders: readonly JudgedOrder[];
  readonly sales: readonly JudgedSale[];
  readonly meters: readonly StandingMeter[];
  readonly told: readonly ToldOrder[];
}

/** A sentence for each thing that staff are told of an order at rest and that wallets, grid and meters do not bear out. Pure. */
export function diagnosisFindings(books: DiagnosedBooks): string[] {
  const sales = new Map(books.sales.map((sale) => [sale.orderNo, sale]));
  const meters = new Map(books.meters.map((meter) => [meter.meterNo, meter]));
  const orders = new Map(books.orders.map((order) => [order.orderNo, order]));
  return books.told.flatMap((told) => {
    const order = orders.get(told.orderNo);
    if (order === undefined) return [`misdiagnosed: nobody outside knows ${told.orderNo}`];
    const sale = sales.get(order.orderNo);
    const isSold = sale?.status === 'sold';
    const { takenFen, untoldFen = 0 } = order;
    const { diagnosis } = told;
    const truth: OrderTruth = {
      // What a bill alone tells is known here or not, by whether it was reconciled.
      takenFen: diagnosis.money.takenFen === takenFen - untoldFen ? takenFen - untoldFen : takenFen,
      refundedFen: order.refundedFen,
      isSold,
      arrived: arrivedIn(meters.get(order.meterNo), isSold ? sale.count : told.count),
      isHeard: isHeard(told, books.told),
      waits: order.waits === true,
    };
    return misdiagnosed(diagnosis, truth).map(
      (sentence) => `misdiagnosed: the diagnosis of ${order.orderNo} ${sentence}`,
    );
  });
}

/** `count`: null of what went into an account. */
function arrivedIn(meter: StandingMeter | undefined, count: number | null): OrderTruth['arrived'] {
  if (meter === undefined) return null;
  if (meter.isAccount) return count === null ? 'account' : 'moved';
  return count !== null && count > 0 && count <= meter.count ? 'meter' : null;
}

/** Staff see a meter's word of it, or of a later purchase. */
function isHeard({ meterNo, count, meter }: ToldOrder, all: readonly ToldOrder[]): boolean {
  if (meter?.status === 'credited') return true;
  return all.some(
    (later) => later.meterNo === meterNo && later.count > count && later.meter?.status === 'credited',
  );
}
