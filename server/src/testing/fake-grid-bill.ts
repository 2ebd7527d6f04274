import type { GridBill, GridSale } from '../gateways/grid/contract.ts';
import { chinaDay } from '../kernel/china-time.ts';
import { textBill } from './text-bill.ts';

/** A sale in the fake grid's book. */
export interface BookedSale extends GridSale {
  readonly meterNo: string;
  /** Of the card that bears it: another once the card was replaced. */
  serial: string;
  readonly soldAt: number;
  /** Of money for an account, or for a bill. */
  readonly into?: { readonly billNo?: string };
  /** A plan for its card went out. */
  planned?: boolean;
  status: 'sold' | 'reversed' | 'refused';
  confirmed: boolean;
  /** A plan went out that takes it off its card, and none since that puts it on. */
  cancelling?: boolean;
  reason?: string;
}

/** The bill of one Beijing day, of sales that were made on it; a reversal is booked with its sale. */
export function fakeBill(
  day: string,
  sales: readonly BookedSale[],
  isRemote: (orderNo: string) => boolean,
): GridBill {
  const ofDay = sales.filter(
    ({ soldAt, status }) => status !== 'refused' && chinaDay(new Date(soldAt)) === day,
  );
  const reversed = ofDay.filter(({ status }) => status === 'reversed');
  const line = (sale: BookedSale, status: string): string =>
    [
      sale.orderNo,
      sale.saleNo,
      `6501${sale.meterNo}`,
      sale.meterNo,
      sale.count,
      sale.faceFen,
      sale.creditFen,
      sale.arrearsFen,
      sale.feeFen,
      sale.into !== undefined ? 'account' : isRemote(sale.orderNo) ? 'remote' : 'card',
      status,
      new Date(sale.soldAt).toISOString(),
    ].join(',') + '\n';
  const content = [
    ...ofDay.map((sale) => line(sale, 'sold')),
    ...reversed.map((sale) => line(sale, 'reversed')),
  ].join('');
  const sum = (of: readonly BookedSale[]): number => of.reduce((total, { faceFen }) => total + faceFen, 0);
  return textBill({
    ...{ day, content },
    totals: {
      sales: ofDay.length,
      soldFen: sum(ofDay),
      reversals: reversed.length,
      reversedFen: sum(reversed),
    },
  });
}
