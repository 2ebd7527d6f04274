import type { Channel } from '@bianmin/shared/api/scalars';
import type { Connection } from 'mongoose';
import { mongo, Schema } from 'mongoose';
import type { ChannelNotification } from '../payment/contract.ts';
import { Batches } from '../batches.ts';
import { collectionOf } from './connection.ts';
import { DURABLE, DUPLICATE_KEY, type WriteCounter } from './durable.ts';

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

type Inserted = PromiseSettledResult<'inserted' | 'known'>;

export class MongoNotificationStore implements NotificationStore {
  readonly #model;
  readonly #collection;
  readonly #wrote: WriteCounter;
  /** A wallet reports many payments at the same moment: those that come together are made durable together. */
  readonly #inserts = new Batches<NotificationDocument, 'inserted' | 'known'>(
    (documents) => this.#insertAll(documents),
    { most: 100, atOnce: 2 },
  );

  constructor(db: Connection, wrote: WriteCounter) {
    this.#model = db.model<NotificationDocument>('Notification', schema);
    this.#collection = collectionOf<NotificationDocument>(db, 'notifications');
    this.#wrote = wrote;
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  insert(notification: StoredNotification): Promise<'inserted' | 'known'> {
    this.#wrote('notification');
    return this.#inserts.do({ ...notification, _id: `${notification.channel}:${notification.content.id}` });
  }

  async ofOrder(orderNo: string): Promise<StoredNotification[]> {
    return this.#collection.find({ orderNo }, { projection: { _id: 0 } }).toArray();
  }

  async #insertAll(documents: readonly NotificationDocument[]): Promise<Inserted[]> {
    try {
      await this.#collection.insertMany(documents, { ordered: false });
      return documents.map(() => inserted);
    } catch (error) {
      if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
      // Those that failed are named one by one; where durability itself is in doubt, all are.
      if (error.result.getWriteConcernError() !== undefined) throw error;
      const failed = new Map([error.writeErrors].flat().map((each) => [each.index, each]));
      return documents.map((_, index): Inserted => {
        const failure = failed.get(index);
        if (failure === undefined) return inserted;
        if (failure.code === DUPLICATE_KEY) return { status: 'fulfilled', value: 'known' };
        return { status: 'rejected', reason: error };
      });
    }
  }
}

const inserted: Inserted = { status: 'fulfilled', value: 'inserted' };
