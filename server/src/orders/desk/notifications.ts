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
    /** As `OrderMover.recent`. */
    recent: (orderNo: string) => Order | undefined;
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
    if (await this.#init.trigger.request(orderNo, cause)) return;
    await this.#init.store.postpone((await this.#init.store.get(orderNo)) ?? order, now);
  }

  /**
   * The order that it is about. Who was asked for a code often hears of its payment: only by an order as it is stored may a
   * notification be refused.
   */
  async #orderOf(channel: Channel, content: ChannelNotification): Promise<Order> {
    const orderNo = orderNoOf(content.kind === 'payment' ? content.paymentNo : content.refundNo);
    const recent = orderNo === undefined ? undefined : this.#init.recent(orderNo);
    if (recent !== undefined && misfitOf(recent, channel, content) === undefined) return recent;
    const order = orderNo === undefined ? null : await this.#init.store.get(orderNo);
    if (order === null) return this.#refuse(channel, 'no-such-order');
    const misfit = misfitOf(order, channel, content);
    return misfit === undefined ? order : this.#refuse(channel, misfit, order._id);
  }

  #refuse(channel: Channel, reason: string, orderNo?: string): never {
    this.#init.metrics.mismatches.inc({ channel, reason });
    this.#init.log.error({ channel, reason, orderNo }, 'a signed notification fits no payment of ours');
    throw mismatch(`The notification does not fit: ${reason}.`);
  }
}

/** Why a notification fits nothing of this order; undefined where it does. */
function misfitOf(order: Order, channel: Channel, content: ChannelNotification): string | undefined {
  if (content.kind === 'refund') {
    return order.refunds.some((refund) => refund.no === content.refundNo) ? undefined : 'no-such-refund';
  }
  const check = checkSuccess(order, content);
  const about = order.payments.find((payment) => payment.no === content.paymentNo);
  if (about !== undefined && about.channel !== channel) return 'channel';
  return check === 'new' || check === 'known' ? undefined : check;
}

function mismatch(message: string): ProblemError {
  return new ProblemError({ code: 'notification.mismatch', message });
}
