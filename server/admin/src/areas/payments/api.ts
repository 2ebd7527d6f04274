import { adminApproval, type AdminApproval } from '@bianmin/purchase/api/approvals';
import {
  channelFactsList,
  notificationList,
  replayAnswer,
  transactionPage,
  uploadedKeyList,
  type ChannelFacts,
  type PaymentKeyRequest,
  type ReceivedNotification,
  type Transaction,
  type UploadedKeyView,
} from '@bianmin/purchase/api/payments';
import { call } from '../../api/call.ts';

/** Names and values of a query; what is undefined is left out. */
type Query = Readonly<Record<string, string | undefined>>;

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter((each): each is [string, string] => each[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

export const paymentsApi = {
  channels: async (): Promise<ChannelFacts[]> =>
    (await call({ path: '/v1/admin/payment-channels', response: channelFactsList })).channels,
  transactions: (query: Query): Promise<{ transactions: Transaction[]; next: string | null }> =>
    call({ path: withQuery('/v1/admin/transactions', query), response: transactionPage }),
  notifications: async (query: Query): Promise<ReceivedNotification[]> =>
    (await call({ path: withQuery('/v1/admin/notifications', query), response: notificationList }))
      .notifications,
  replay: (id: string): Promise<{ orderNo: string; changed: boolean }> =>
    call({
      method: 'POST',
      path: `/v1/admin/notifications/${encodeURIComponent(id)}/replay`,
      response: replayAnswer,
    }),
  keys: async (): Promise<UploadedKeyView[]> =>
    (await call({ path: '/v1/admin/payment-keys', response: uploadedKeyList })).keys,
  upload: (body: PaymentKeyRequest): Promise<AdminApproval> =>
    call({ method: 'POST', path: '/v1/admin/payment-keys', body, response: adminApproval }),
  retire: (id: string, reason: string): Promise<AdminApproval> =>
    call({
      method: 'POST',
      path: `/v1/admin/payment-keys/${id}/retire`,
      body: { reason },
      response: adminApproval,
    }),
};
