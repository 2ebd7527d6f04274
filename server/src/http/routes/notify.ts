import type { Context } from 'koa';
import type { Logger } from 'pino';
import { z } from 'zod';
import { channel as channelName } from '@bianmin/shared/api/scalars';
import { codeOf } from '@bianmin/shared/errors';
import type { Notifications } from '../../domain/notifications.ts';
import type { Metrics } from '../../metrics.ts';
import type { Acknowledgement } from '../../payment/contract.ts';
import { ProblemError } from '../problem.ts';
import { defineRoute, type AnyRoute } from '../route.ts';

/** How each kind of refusal is answered and counted; anything else is our own failure. */
const REFUSALS: Readonly<Record<string, { status: number; reason: string }>> = {
  'payment.bad-signature': { status: 401, reason: 'signature' },
  'payment.mismatch': { status: 422, reason: 'merchant' },
  'notification.mismatch': { status: 422, reason: 'mismatch' },
};

/**
 * Where channels report. Only their signature says who they are. Each is answered in its own words: WeChat takes
 * 200 with FAIL as accepted (WeChat Pay API v3, "支付通知"), Alipay repeats whatever is not the word `success`.
 */
export function notifyRoutes(services: {
  notifications: Notifications;
  metrics: Pick<Metrics, 'notificationsRefused'>;
  log: Logger;
}): AnyRoute[] {
  const { notifications, metrics, log } = services;
  return [
    defineRoute({
      method: 'post',
      path: '/v1/notify/:channel',
      summary:
        'A payment channel reports a payment or a refund; accepted, in its own words, once that is durable',
      tag: 'payment',
      auth: 'none',
      params: z.object({ channel: channelName }),
      rawBody: true,
      status: 200,
      produces: 'text/plain',
      problems: ['request.not-found', 'notification.bad-signature', 'notification.mismatch'],
      handler: async ({ ctx, params, rawBody }) => {
        const channel = notifications.channelOf(params.channel);
        if (channel === undefined) {
          throw new ProblemError({
            code: 'request.not-found',
            message: `This server has no channel ${params.channel}.`,
          });
        }
        try {
          await notifications.take(params.channel, ctx.req.headers, rawBody);
          acknowledge(ctx, channel.acknowledge(true));
        } catch (error) {
          const refusal = REFUSALS[codeOf(error) ?? ''];
          const reason = refusal?.reason ?? 'failed';
          metrics.notificationsRefused.inc({ channel: params.channel, reason });
          log.warn({ err: error, channel: params.channel, reason }, 'a notification was refused');
          acknowledge(ctx, channel.acknowledge(false), refusal?.status);
        }
        return undefined;
      },
    }),
  ];
}

/** A status that says no may say more exactly why. */
function acknowledge(ctx: Context, { status, contentType, body }: Acknowledgement, refusal = status): void {
  ctx.status = status < 400 ? status : refusal;
  if (body === '') {
    ctx.body = null;
    return;
  }
  ctx.type = contentType;
  ctx.body = body;
}
