import type { Context } from 'koa';
import type { Logger } from 'pino';
import { codeOf } from '@bianmin/shared/errors';
import type { Notifications } from '../../domain/notifications.ts';
import type { Metrics } from '../../metrics.ts';
import { defineRoute, type AnyRoute } from '../route.ts';

/** How each kind of refusal is answered and counted; anything else is our own failure. */
const REFUSALS: Readonly<Record<string, { status: number; reason: string }>> = {
  'payment.bad-signature': { status: 401, reason: 'signature' },
  'payment.mismatch': { status: 422, reason: 'merchant' },
  'notification.mismatch': { status: 422, reason: 'mismatch' },
};

/**
 * Where channels report. Only their signature says who they are. A refusal must be an HTTP failure with
 * `{"code":"FAIL"}`: WeChat takes 200 with FAIL as accepted (WeChat Pay API v3, "支付通知").
 */
export function notifyRoutes(services: {
  notifications: Notifications;
  metrics: Pick<Metrics, 'notificationsRefused'>;
  log: Logger;
}): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/notify/wechat',
      summary: 'WeChat Pay reports a payment or a refund; 204 once the report is durable',
      tag: 'payment',
      auth: 'none',
      rawBody: true,
      status: 204,
      produces: 'application/json',
      problems: ['notification.bad-signature', 'notification.mismatch'],
      handler: async ({ ctx, rawBody }) => {
        try {
          await services.notifications.take('wechat', ctx.req.headers, rawBody);
        } catch (error) {
          const refusal = REFUSALS[codeOf(error) ?? ''];
          const reason = refusal?.reason ?? 'failed';
          services.metrics.notificationsRefused.inc({ channel: 'wechat', reason });
          services.log.warn({ err: error, reason }, 'a notification was refused');
          fail(ctx, refusal?.status ?? 500, reason);
        }
        return undefined;
      },
    }),
  ];
}

function fail(ctx: Context, status: number, reason: string): void {
  ctx.status = status;
  ctx.body = { code: 'FAIL', message: reason };
}
