import type { Channel } from '@bianmin/shared/api/scalars';
import type { Connection } from 'mongoose';
import { Schema } from 'mongoose';
import type { ChannelNotification } from '../payment/contract.ts';
import { DURABLE, isDuplicateKey, type WriteCounter } from './durable.ts';

/** A notification as it is kept: what the channel signed, under the order that it is about. */
export interface StoredNotification {
  readonly orderNo: string;
  readonly channel: Channel;
  readonly receivedAt: Date;
  readonly content: ChannelNotification;
}

/** Notifications, durable before they are acknowledged; the channel's own id makes each unique. */
export interface NotificationStore {
  insert(notification: StoredNotification): Promise<'inserted' | 'known'>;
  ofOrder(orderNo: string): Promise<StoredNotification[]>;
}

interface NotificationDocument extends StoredNotification {
  readonly _id: string;
}

const schema = new Schema<NotificationDocument>(
  {
    /** `channel:id`. */
    _id: { type: String, required: true },
    orderNo: { type: String, required: true },
    channel: { type: String, required: true },
    receivedAt: { type: Date, required: true },
    content: { type: Schema.Types.Mixed, required: true },
  },
  {
    strict: 'throw',
    versionKey: false,
    autoIndex: false,
    collection: 'notifications',
    writeConcern: DURABLE,
  },
).index({ orderNo: 1 });

export class MongoNotificationStore implements NotificationStore {
  readonly #model;
  readonly #wrote: WriteCounter;

  constructor(db: Connection, wrote: WriteCounter) {
    this.#model = db.model<NotificationDocument>('Notification', schema);
    this.#wrote = wrote;
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async insert(notification: StoredNotification): Promise<'inserted' | 'known'> {
    this.#wrote('notification');
    try {
      await this.#model.create({
        ...notification,
        _id: `${notification.channel}:${notification.content.id}`,
      });
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'known';
      throw error;
    }
  }

  async ofOrder(orderNo: string): Promise<StoredNotification[]> {
    return this.#model.find({ orderNo }, { _id: 0 }).lean<StoredNotification[]>().exec();
  }
}
