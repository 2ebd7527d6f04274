import { adminApproval } from '@bianmin/shared/api/approvals';
import {
  channelFactsList,
  notificationList,
  notificationParam,
  notificationQuery,
  paymentKeyRequest,
  replayAnswer,
  retireKeyRequest,
  transactionPage,
  transactionQuery,
  uploadedKeyList,
  uploadedKeyParam,
  type ChannelFacts,
  type ReceivedNotification,
  type Transaction,
  type UploadedKeyView,
} from '@bianmin/shared/api/payments';
import type { AuditTrail } from '../../access/audit.ts';
import type { Config } from '../../config/config.ts';
import type { Order } from '../../orders/model/order.ts';
import { WALLETS } from '../../gateways/payment/wallets.ts';
import type { UploadedKey } from '../../money/payment-keys/key-store.ts';
import type { KeyRotation } from '../../money/payment-keys/rotation.ts';
import { DEFAULT_RULE, type ChannelWatch } from '../../gateways/payment/channel-watch.ts';
import type { Advancer } from '../../orders/desk/advance.ts';
import { orderOf } from '../../people/staff/order-of.ts';
import { orderQueryOf } from '../../people/staff/order-query-of.ts';
import type { ArchivedNotification, NotificationArchive } from '../../orders/store/notification-archive.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, recordFor, whereOf } from '../../access/caller.ts';

/** Orders that one request looks through for payments. */
const LOOKED_THROUGH = 4_000;
const AT_ONCE = 500;

export interface AdminPaymentServices {
  readonly watch: ChannelWatch;
  readonly rotation: KeyRotation;
  readonly archive: NotificationArchive;
  readonly advancer: Pick<Advancer, 'advance'>;
  readonly orders: OrderStore;
  readonly audit: AuditTrail;
  readonly config: Config;
}

const read = { tag: 'admin', auth: 'admin', scope: 'province', permission: 'payment:read' } as const;
const manage = { tag: 'admin', auth: 'admin', scope: 'province', permission: 'payment:manage' } as const;

/** Channels, what passed through them, what they sent us, and their keys. */
export function adminPaymentRoutes(services: AdminPaymentServices): AnyRoute[] {
  return [...channels(services), ...transactions(services), ...notifications(services), ...keys(services)];
}

function channels({ watch, rotation, config }: AdminPaymentServices): AnyRoute[] {
  return [
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/payment-channels',
      summary: 'Each channel with its health, rules, fee and the ends of its keys; never a key',
      response: channelFactsList,
      handler: async () => {
        const uploaded = (await rotation.list()).filter(({ status }) => status === 'active');
        return {
          channels: [...watch.channels.values()].map(({ channel, products, bills }): ChannelFacts => {
            const { weight, minFen, maxFen } = config.CHANNEL_RULES[channel] ?? DEFAULT_RULE;
            return {
              ...{ channel, products: [...products], bills, weight, minFen },
              ...{ up: !watch.isDown(channel), failures: watch.failuresOf(channel) },
              maxFen: maxFen === Number.MAX_SAFE_INTEGER ? null : maxFen,
              feePerMille: config.CHANNEL_FEES[channel] ?? null,
              keys: [
                ...WALLETS[channel].keysOf(config),
                ...uploaded.filter((key) => key.channel === channel).map(keyFacts),
              ],
            };
          }),
        };
      },
    }),
  ];
}

function transactions({ orders }: AdminPaymentServices): AnyRoute[] {
  return [
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/transactions',
      summary: "Orders' payments by channel, state and time, newest order first",
      scope: 'own',
      query: transactionQuery,
      response: transactionPage,
      handler: async ({ query, principal }) => {
        const { scope } = adminOf(principal);
        const { channel, status, limit, from, to } = query;
        const found: Transaction[] = [];
        const asked = orderQueryOf({ channel, from, to });
        let after = query.after;
        for (let looked = 0; looked < LOOKED_THROUGH; looked += AT_ONCE) {
          const page = await orders.search(asked, { limit: Math.min(AT_ONCE, limit), after }, scope);
          for (const order of page) {
            found.push(...paymentsOf(order).filter((each) => fits(each, channel, status)));
            after = order._id;
            // An order's payments stay together: the next page begins with another order.
            if (found.length >= limit) return { transactions: found, next: after };
          }
          if (page.length < Math.min(AT_ONCE, limit)) return { transactions: found, next: null };
        }
        return { transactions: found, next: after ?? null };
      },
    }),
  ];
}

function notifications({ archive, advancer, orders, audit }: AdminPaymentServices): AnyRoute[] {
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

function keys({ rotation }: AdminPaymentServices): AnyRoute[] {
  return [
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/payment-keys',
      summary: 'Keys that were uploaded, newest first; what may be told of them',
      response: uploadedKeyList,
      handler: async () => ({ keys: (await rotation.list()).map(keyView) }),
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/payment-keys',
      stepUp: true,
      summary:
        "Uploads a channel's next key, or ours; a second person allows it, then it counts without a restart",
      body: paymentKeyRequest,
      status: 202,
      response: adminApproval,
      problems: ['payment.key-unusable', 'order.idempotency-mismatch'],
      handler: async (input) =>
        approvalView(await rotation.request(input.body, adminOf(input.principal), whereOf(input))),
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/payment-keys/:id/retire',
      stepUp: true,
      summary: 'Asks that an uploaded key count no more; a second person allows it',
      params: uploadedKeyParam,
      body: retireKeyRequest,
      status: 202,
      response: adminApproval,
      problems: ['request.not-found'],
      handler: async (input) => {
        const init = { id: input.params.id, reason: input.body.reason };
        return approvalView(await rotation.requestRetiring(init, adminOf(input.principal), whereOf(input)));
      },
    }),
  ];
}

function keyFacts(key: UploadedKey): ChannelFacts['keys'][number] {
  const { _id, channel, whose, serial, fingerprint, notAfter } = key;
  return {
    ...{ source: _id, name: WALLETS[channel].keyNames[whose], whose, fingerprint },
    kind: whose === 'ours' ? 'private-key' : notAfter === undefined ? 'public-key' : 'certificate',
    serial: serial ?? null,
    notAfter: notAfter?.toISOString() ?? null,
  };
}

function keyView(key: UploadedKey): UploadedKeyView {
  const { _id, channel, whose, fingerprint, status, createdBy } = key;
  return {
    ...{ id: _id, channel, whose, fingerprint, status, createdBy },
    serial: key.serial ?? null,
    notAfter: key.notAfter?.toISOString() ?? null,
    activeFrom: (key.activeFrom ?? key.activatedAt)?.toISOString() ?? null,
    createdAt: key.createdAt.toISOString(),
  };
}

function paymentsOf(order: Order): Transaction[] {
  return order.payments.map((payment) => ({
    ...{ no: payment.no, orderNo: order._id, channel: payment.channel, status: payment.status },
    amountFen: payment.amountFen,
    transactionId: payment.transactionId ?? null,
    createdAt: payment.createdAt.toISOString(),
    paidAt: payment.paidAt?.toISOString() ?? null,
    funds: payment.funds === true,
    refundedFen: order.refunds
      .filter(({ paymentNo, status }) => paymentNo === payment.no && status === 'done')
      .reduce((sum, { fen }) => sum + fen, 0),
  }));
}

function fits(each: Transaction, channel?: string, status?: string): boolean {
  return (
    (channel === undefined || each.channel === channel) && (status === undefined || each.status === status)
  );
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
