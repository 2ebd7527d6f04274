import { GridError } from '../error.ts';

/** Under which date and serial an order's sale runs at the grid; with our agent number it is the key of a query. */
export interface OrderKey {
  /** YYYYMMDD. */
  readonly date: string;
  /** 12 digits. */
  readonly serial: string;
}

/**
 * An order number is `yyMMddHHmmss` and six digits (shared/api `orderNo`), so date and serial hold it whole and
 * nothing need be remembered to find an original again. A number of another form cannot travel: `grid.refused`,
 * nothing was sent.
 */
export function orderKey(orderNo: string): OrderKey {
  if (/^\d{18}$/.test(orderNo)) return { date: `20${orderNo.slice(0, 6)}`, serial: orderNo.slice(6) };
  throw new GridError({
    code: 'grid.refused',
    refusal: 'other',
    message: 'This grid takes order numbers of 18 digits that begin with their day. Nothing was sent.',
  });
}

export function orderNoOf({ date, serial }: OrderKey): string {
  return date.slice(2) + serial;
}
