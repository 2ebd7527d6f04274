import type { Channel } from '@bianmin/purchase/api/channels';
import type { Connection } from 'mongoose';
import { mongo, Schema } from 'mongoose';
import type { ChannelNotification } from '../../gateways/payment/contract.ts';
import { Batches } from '../../kernel/batches.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { DURABLE, DUPLICATE_KEY, type WriteCounter } from '../../adapters/mongo/durable.ts';

/** A notification as it is kept: what the channel signed, under the order that it is about. */
export interface StoredNotification {
  readonly orderNo: string;
  readonly channel: Channel;
  readonly receivedAt: Date;
  readonly content: ChannelNotification;
}

/** Notifications, durable before they are acknowledged; the channel's own id makes each unique. */
export interface NotificationStore {
  /** `dueAt`: when it must be checked whether its order has heard of it, whatever became of the order's job. */
  insert(notification: StoredNotification, dueAt: Date): Promise<'inserted' | 'known'>;
  ofOrder(orderNo: string): Promise<StoredNotification[]>;
  /** Not yet known to be heard, and due, the longest first. */
  due(now: Date, limit: number): Promise<StoredNotification[]>;
  /** Their orders have heard of them: they are not looked at again. */
  heard(notifications: readonly StoredNotification[]): Promise<void>;
  postpone(notifications: readonly StoredNotification[], dueAt: Date): Promise<void>;
}

/** A notification's own number among all: its channel's. */
export const notificationId = ({ channel, content }: StoredNotification): string =>
  `${channel}:${content.id}`;

interface NotificationDocument extends StoredNotification {
  readonly _id: string;
  /** Absent once it is known to be heard, so that the index holds those few that are not. */
  readonly dueAt?: Date;
}

const schema = new Schema<NotificationDocument>(
  {
    /** `channel:id`. */
    _id: { type: String, required: true },
    orderNo: { type: String, required: true },
    channel: { type: String, required: true },
    receivedAt: { type: Date, required: true },
    content: { type: Schema.Types.Mixed, required: true },
    dueAt: Date,
  },
  {
    strict: 'throw',
    versionKey: false,
    autoIndex: false,
    collection: 'notifications',
    writeConcern: DURABLE,
  },
)
  .index({ orderNo: 1 })
  .index({ dueAt: 1 }, { sparse: true });

/** What a reader gets of a document. */
const STORED = { _id: 0, dueAt: 0 } as const;

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

  insert(notification: StoredNotification, dueAt: Date): Promise<'inserted' | 'known'> {
    this.#wrote('notification');
    return this.#inserts.do({ ...notification, _id: notificationId(notification), dueAt });
  }

  async ofOrder(orderNo: string): Promise<StoredNotification[]> {
    return this.#collection.find({ orderNo }, { projection: STORED }).toArray();
  }

  async due(now: Date, limit: number): Promise<StoredNotification[]> {
    return (
      this.#collection
        // Marks wait for no majority: read by one, those of a moment ago would be found once more.
        .find({ dueAt: { $lte: now } }, { projection: STORED, readConcern: new mongo.ReadConcern('local') })
        .sort({ dueAt: 1 })
        .limit(limit)
        .toArray()
    );
  }

  heard(notifications: readonly StoredNotification[]): Promise<void> {
    return this.#mark(notifications, { $unset: { dueAt: '' } });
  }

  postpone(notifications: readonly StoredNotification[], dueAt: Date): Promise<void> {
    return this.#mark(notifications, { $set: { dueAt } });
  }

  /** Not durable: a mark that a crash forgets costs one more look. */
  async #mark(
    notifications: readonly StoredNotification[],
    mark: mongo.UpdateFilter<NotificationDocument>,
  ): Promise<void> {
    if (notifications.length === 0) return;
    await this.#collection.updateMany({ _id: { $in: notifications.map(notificationId) } }, mark, {
      writeConcern: { w: 1 },
    });
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
      // The whole of it was refused, or is not known.
      if (failed.size === 0) throw error;
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
