import {
  adminOrder,
  adminOrderPage,
  type AdminOrder,
  type AdminOrderPage,
  type OrderSearch,
} from '@bianmin/purchase/api/admin-orders';
import { adminApproval, type AdminApproval } from '@bianmin/purchase/api/approvals';
import { exportList, exportView, type ExportRequest, type ExportView } from '@bianmin/purchase/api/exports';
import { adminRefund, type AdminRefund, type RefundRequestBody } from '@bianmin/purchase/api/refund';
import {
  savedFilter,
  savedFilterList,
  type SavedFilterBody,
  type SavedFilterView,
} from '@bianmin/purchase/api/saved-filters';
import { type ChannelAnswers } from '@bianmin/purchase/api/staff';
import { orderNote, orderNoteList, type OrderNoteView } from '@bianmin/purchase/api/order-notes';
import {
  channelAnswers,
  gridAnswer,
  orderActions,
  type Decision,
  type GridAnswer,
  type OrderActions,
} from '@bianmin/purchase/api/order-decisions';
import { call, IF_NEW } from '../../api/call.ts';

export type Search = Partial<Omit<OrderSearch, 'limit'>> & { readonly limit?: number };

const at = (orderNo: string, what = ''): string => `/v1/admin/orders/${orderNo}${what}`;

export const ordersApi = {
  search: (body: Search): Promise<AdminOrderPage> =>
    call({ method: 'POST', path: '/v1/admin/orders/search', body, response: adminOrderPage }),
  order: (orderNo: string): Promise<AdminOrder> => call({ path: at(orderNo), response: adminOrder }),
  actions: (orderNo: string): Promise<OrderActions> =>
    call({ path: at(orderNo, '/actions'), response: orderActions }),
  notes: async (orderNo: string): Promise<OrderNoteView[]> =>
    (await call({ path: at(orderNo, '/notes'), response: orderNoteList })).notes,
  addNote: (orderNo: string, body: { key: string; text: string }): Promise<OrderNoteView> =>
    call({ method: 'POST', path: at(orderNo, '/notes'), body, response: orderNote }),
  queryChannel: (orderNo: string): Promise<ChannelAnswers> =>
    call({ method: 'POST', path: at(orderNo, '/query-channel'), response: channelAnswers }),
  queryGrid: (orderNo: string): Promise<GridAnswer> =>
    call({ method: 'POST', path: at(orderNo, '/query-grid'), response: gridAnswer }),
  decide: (
    orderNo: string,
    body: { action: Decision; reason: string },
    key: string,
  ): Promise<AdminApproval> =>
    call({ method: 'POST', path: at(orderNo, '/decisions'), body, key, response: adminApproval }),
  refund: (body: RefundRequestBody): Promise<AdminRefund> =>
    call({ method: 'POST', path: '/v1/admin/refunds', body, response: adminRefund }),
  filters: async (): Promise<SavedFilterView[]> =>
    (await call({ path: '/v1/admin/saved-filters', response: savedFilterList })).filters,
  saveFilter: (id: string, body: SavedFilterBody): Promise<SavedFilterView> =>
    call({
      ...{ method: 'PUT', path: `/v1/admin/saved-filters/${id}`, body },
      ...{ headers: IF_NEW, response: savedFilter },
    }),
  removeFilter: (id: string): Promise<void> =>
    call({ method: 'DELETE', path: `/v1/admin/saved-filters/${id}` }),
  exports: async (signal: AbortSignal): Promise<ExportView[]> =>
    (await call({ path: '/v1/admin/exports', response: exportList, signal })).exports,
  startExport: (body: ExportRequest): Promise<ExportView> =>
    call({ method: 'POST', path: '/v1/admin/exports', body, response: exportView }),
  cancelExport: (id: string): Promise<ExportView> =>
    call({ method: 'POST', path: `/v1/admin/exports/${id}/cancel`, response: exportView }),
};
