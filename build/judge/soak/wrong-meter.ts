/** What a household meant, and what a screen said before it paid. */
export interface ShownMeter {
  readonly meterNo: string;
  /** 表号尾号 as it was shown; null: none was, absent: the order's answer was lost. */
  readonly shownTail?: string | null;
}

const DIGITS = 4;

/** A sentence for each order that was sold for another meter than its household confirmed, or shown as another's. Pure. */
export function wrongMeters(books: {
  readonly orders: readonly (ShownMeter & { readonly orderNo: string })[];
  readonly sales: readonly {
    readonly orderNo: string;
    readonly status: string;
    readonly meterNo: string | null;
  }[];
}): string[] {
  const sold = new Map(
    books.sales.flatMap(({ orderNo, status, meterNo }) =>
      status === 'sold' && meterNo !== null ? [[orderNo, meterNo] as const] : [],
    ),
  );
  return books.orders.flatMap(({ orderNo, meterNo, shownTail }) => {
    const at = sold.get(orderNo) ?? meterNo;
    const tail = meterNo.slice(-DIGITS);
    if (at !== meterNo) return [`order ${orderNo} was confirmed for meter ${meterNo}, and sold for ${at}`];
    if (shownTail === undefined || shownTail === tail) return [];
    return [`order ${orderNo} is for meter ${meterNo}, and was shown as …${shownTail ?? ''}`];
  });
}
