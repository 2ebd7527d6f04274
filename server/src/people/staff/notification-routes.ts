import {
  notificationList,
  notificationParam,
  notificationQuery,
  replayAnswer,
  type ReceivedNotification,
} from '@bianmin/purchase/api/payments';
import type { AuditTrail } from '../../access/audit.ts';
import { adminOf, recordFor } from '../../access/caller.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Advancer } from '../../orders/desk/advance.ts';
import type { ArchivedNotification, NotificationArchive } from '../../orders/store/notification-archive.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { orderOf } from './order-of.ts';

export interface AdminNotificationServices {
  readonly archive: Pick<NotificationArchive, 'list' | 'accepted'>;
  readonly advancer: Pick<Advancer, 'advance'>;
  readonly orders: OrderStore;
  readonly audit: AuditTrail;
}

const read = { tag: 'admin', auth: 'admin', scope: 'province', permission: 'payment:read' } as const;
const manage = { tag: 'admin', auth: 'admin', scope: 'province', permission: 'payment:manage' } as const;

/** What channels sent us, and taking it in once more. */
export function adminNotificationRoutes({
  archive,
  advancer,
  orders,
  audit,
}: AdminNotificationServices): AnyRoute[] {
  return [
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/notifications',
      summary: 'What channels sent us, newest first, and whether it was believed',
      query: notificationQuery,
      response: notificationList,
      handler: async ({ query }) => {
        const before = query.before === undefined ? undefined : new Date(query.before);
        return { notifications: (await archive.list({ ...query, before })).map(notificationView) };
      },
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/notifications/:id/replay',
      summary: 'Takes in a notification that was believed once more; what is known already changes nothing',
      params: notificationParam,
      response: replayAnswer,
      problems: ['request.not-found', 'order.not-found'],
      handler: async (input) => {
        const { id } = input.params;
        const kept = await archive.accepted(id);
        if (kept === null) {
          throw new ProblemError({
            code: 'request.not-found',
            message:
              'There is no such notification. One that was refused is not kept: its channel sends it again.',
          });
        }
        const { scope } = adminOf(input.principal);
        const before = await orderOf(orders, kept.orderNo, scope);
        await recordFor(audit, input, {
          action: 'notification.replay',
          target: id,
          data: { orderNo: before._id },
        });
        await advancer.advance(before._id);
        const { version } = await orderOf(orders, before._id, scope);
        return { orderNo: before._id, changed: version !== before.version };
      },
    }),
  ];
}

function notificationView(found: ArchivedNotification): ReceivedNotification {
  const { _id: id, channel, result } = found;
  const about = { id, channel, receivedAt: found.receivedAt.toISOString() };
  if (found.result !== 'accepted') {
    const { detail, sha256 } = found;
    return { ...about, result, detail, sha256, kind: null, orderNo: null, no: null, amountFen: null };
  }
  const { content, orderNo } = found;
  return {
    ...{ ...about, result, detail: null, sha256: null, kind: content.kind, orderNo },
    no: content.kind === 'payment' ? content.paymentNo : content.refundNo,
    amountFen: content.kind === 'payment' ? content.amountFen : null,
  };
}
