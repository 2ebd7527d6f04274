import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '@bianmin/card/clock';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { Logger } from 'pino';
import { joinTrace } from '@bianmin/purchase/node/trace';
import { ProblemError } from '../../kernel/problem.ts';
import type { ChannelNotification, PaymentChannel } from '../../gateways/payment/contract.ts';
import type { Trigger } from '../../adapters/queue/trigger.ts';
import type { NotificationStore } from '../store/notifications.ts';
import type { OrderStore } from '../store/orders.ts';
import type { OrderMetrics } from './metrics.ts';
import { checkSuccess } from '../model/moves/payment.ts';
import type { Order } from '../model/order.ts';
import { orderNoOf } from '../model/order-no.ts';

/** How long a job has until it is checked whether the order has heard of it, ms. */
const JOB_MS = 5_000;

/** What channels send us unasked: verified, made durable, acknowledged, and only then acted on by a worker. */
export class Notifications {
  readonly #init;
  #complained: (channel: Channel) => void = () => undefined;

  constructor(init: {
    channels: ReadonlyMap<Channel, PaymentChannel>;
    store: OrderStore;
    notifications: NotificationStore;
    trigger: Trigger;
    metrics: OrderMetrics;
    clock: Clock;
    log: Logger;
  }) {
    this.#init = init;
  }

  /** The channel that reports there; undefined where this server has none of that name. */
  channelOf(name: Channel): PaymentChannel | undefined {
    return this.#init.channels.get(name);
  }

  /**
   * Whom to tell that a wallet has complaints to ask for. Without a listener nothing is lost: they are asked for
   * anyway.
   */
  onComplaint(listener: (channel: Channel) => void): void {
    this.#complained = listener;
  }

  /**
   * Resolves once the notification is durable; a replay resolves too and changes nothing. Throws
   * `payment.bad-signature` (a `PaymentError`), or `notification.mismatch` (a `ProblemError`) for one that fits
   * no payment of ours: nothing is stored then and the order stays as it is.
   */
  async take(channelName: Channel, headers: IncomingHttpHeaders, rawBody: Buffer): Promise<void> {
    const channel = this.channelOf(channelName);
    if (channel === undefined) throw mismatch(`There is no channel ${channelName} here.`);
    const content = await channel.parseNotification(headers, rawBody);
    if (content.kind === 'complaint') {
      this.#complained(channelName);
      return;
    }
    const order = await this.#orderOf(channelName, content);
    const orderNo = order._id;
    joinTrace(order.traceId);
    const now = new Date(this.#init.clock.now());
    const outcome = await this.#init.notifications.insert(
      { orderNo, channel: channelName, receivedAt: now, content },
      new Date(now.getTime() + JOB_MS),
    );
    this.#init.log.info({ orderNo, kind: content.kind, outcome }, 'notification taken');
    // Also for a replay: what came first may have been stored and never queued.
    const cause = `notice-${content.id.replace(/[^\w-]/gu, '_')}`;
    // A job may be lost, and the order may have come to rest since it was read: `MissedNotifications` needs neither. Without a
    // queue there is no job to wait for.
    if (!(await this.#init.trigger.request(orderNo, cause))) await this.#init.store.postpone(order, now);
  }

  async #orderOf(channel: Channel, content: ChannelNotification): Promise<Order> {
    const number = content.kind === 'payment' ? content.paymentNo : content.refundNo;
    const orderNo = orderNoOf(number);
    const order = orderNo === undefined ? null : await this.#init.store.get(orderNo);
    if (order === null) return this.#refuse(channel, 'no-such-order');
    if (content.kind === 'refund') {
      return order.refunds.some((refund) => refund.no === content.refundNo)
        ? order
        : this.#refuse(channel, 'no-such-refund', order._id);
    }
    const check = checkSuccess(order, content);
    const about = order.payments.find((payment) => payment.no === content.paymentNo);
    if (about !== undefined && about.channel !== channel) return this.#refuse(channel, 'channel', order._id);
    return check === 'new' || check === 'known' ? order : this.#refuse(channel, check, order._id);
  }

  #refuse(channel: Channel, reason: string, orderNo?: string): never {
    this.#init.metrics.mismatches.inc({ channel, reason });
    this.#init.log.error({ channel, reason, orderNo }, 'a signed notification fits no payment of ours');
    throw mismatch(`The notification does not fit: ${reason}.`);
  }
}

function mismatch(message: string): ProblemError {
  return new ProblemError({ code: 'notification.mismatch', message });
}
