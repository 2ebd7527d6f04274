/** The three files of a day, in the order in which they are read. */
export const SIDES = ['channel', 'orders', 'grid'] as const;
export type Side = (typeof SIDES)[number];

/**
 * Where a line of a side has what; the order number is in column 0. Lines are comma-separated without quotes and end in a line feed. `channel` and `grid`
 * are the columns that a line has in common with the other side of that pair: no difference in them, no difference. An empty status: the line says nothing to that pair.
 */
export interface Layout {
  readonly channel?: readonly number[];
  readonly grid?: readonly number[];
  /** Columns that totals are made of. */
  readonly fen: number;
  readonly status: number;
  /** Where there is `grid`: says what a line means to that pair; empty means nothing. */
  readonly saleStatus: number;
  readonly columns: number;
}

export const LAYOUTS: Readonly<Record<Side, Layout>> = {
  /** `orderNo,item,transactionId,fen,status,feeMilliFen,at`; an item is `CHANNEL/NUMBER`. */
  channel: { channel: [1, 2, 3, 4], fen: 3, status: 4, saleStatus: 4, columns: 7 },
  /** `orderNo,item,transactionId,fen,status,saleNo,faceFen,creditFen,arrearsFen,feeFen,saleStatus,moneyAt,saleAt`. */
  orders: {
    channel: [1, 2, 3, 4],
    grid: [5, 6, 7, 8, 9, 10],
    fen: 3,
    status: 4,
    saleStatus: 10,
    columns: 13,
  },
  /** The grid's own bill: `orderNo,saleNo,customerNo,meterNo,count,faceFen,creditFen,arrearsFen,feeFen,kind,status,at`. */
  grid: { grid: [1, 5, 6, 7, 8, 10], fen: 5, status: 10, saleStatus: 10, columns: 12 },
};

/** Most columns that any layout has. */
export const MAX_COLUMNS = 13;
