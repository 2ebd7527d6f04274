import type { AdminOrderRow } from '@bianmin/purchase/api/admin-orders';
import type { ExportColumn } from '@bianmin/purchase/api/exports';

/** What the table can show of an order. */
export interface OrderColumn {
  readonly key: string;
  readonly width: number;
  /** Right-aligned, in tabular figures. */
  readonly fen?: (row: AdminOrderRow) => number;
  /** What of it an export takes. */
  readonly exports: readonly ExportColumn[];
}

export const COLUMNS: readonly OrderColumn[] = [
  { key: 'orderNo', width: 180, exports: ['orderNo'] },
  { key: 'createdAt', width: 130, exports: ['createdAt'] },
  { key: 'state', width: 170, exports: ['state'] },
  { key: 'customer', width: 260, exports: ['customerName', 'customerAddress', 'customerNo'] },
  { key: 'face', width: 110, fen: (row) => row.faceFen, exports: ['faceYuan'] },
  { key: 'paid', width: 110, fen: (row) => row.paidFen, exports: ['paidYuan'] },
  { key: 'channel', width: 120, exports: ['channel', 'transactionId', 'paidAt'] },
  { key: 'entry', width: 120, exports: ['entry'] },
  { key: 'attention', width: 220, exports: ['attention'] },
  { key: 'discount', width: 110, fen: (row) => row.discountFen, exports: ['discountYuan'] },
  { key: 'kind', width: 110, exports: ['kind'] },
  { key: 'serial', width: 170, exports: ['serial'] },
  { key: 'terminalId', width: 280, exports: ['terminalId'] },
  { key: 'updatedAt', width: 130, exports: ['updatedAt'] },
];

/** What is shown before anybody chose. */
export const FIRST_COLUMNS = COLUMNS.slice(0, 8).map(({ key }) => key);
