import type { Context } from 'koa';
import type { Logger } from 'pino';
import { z } from 'zod';
import { codeOf } from '@bianmin/card/errors';
import type { Channel } from '@bianmin/purchase/api/channels';
import { channel as channelName } from '@bianmin/purchase/api/scalars';
import type { Notifications } from './notifications.ts';
import type { Metrics } from '../../adapters/metrics/metrics.ts';
import type { Acknowledgement } from '../../gateways/payment/contract.ts';
import type { NotificationArchive, RefusedNotification } from '../store/notification-archive.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';

/** What channels' own words come in. */
const WORDS = ['text/plain', 'application/json'];

/** How each kind of refusal is answered and counted; anything else is our own failure. */
const REFUSALS: Readonly<Record<string, { status: number; reason: RefusedNotification['result'] }>> = {
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
  /** Where what is refused is kept for people to see; absent: nowhere. */
  archive?: Pick<NotificationArchive, 'refuse'>;
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
      produces: WORDS,
      refusesIn: WORDS,
      also: { 204: 'Done, in a channel’s words that are none.' },
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
          await remember(services, { channel: params.channel, result: reason, error }, rawBody);
          acknowledge(ctx, channel.acknowledge(false), refusal?.status);
        }
        return undefined;
      },
    }),
  ];
}

/** The channel is answered all the same where this fails. */
async function remember(
  { archive, log }: { archive?: Pick<NotificationArchive, 'refuse'>; log: Logger },
  refused: { channel: Channel; result: RefusedNotification['result']; error: unknown },
  rawBody: Buffer,
): Promise<void> {
  const { channel, result, error } = refused;
  // Our own sentences alone: what failed on the way here could quote what came.
  const detail =
    codeOf(error) === undefined ? 'The server failed; see its log.' : String((error as Error).message);
  try {
    await archive?.refuse({ channel, result, detail }, rawBody);
  } catch (failure) {
    log.error({ err: failure, channel }, 'a refused notification could not be kept');
  }
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
