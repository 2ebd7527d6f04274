import { createHash, randomUUID } from 'node:crypto';
import { Schema, type Connection, type Model, type mongo } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { NOTIFICATION_RESULTS } from '@bianmin/purchase/api/payments';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import type { StoredNotification } from './notifications.ts';

/** A notification that was refused. What came is not kept: no known key had signed it, or it names persons. */
export interface RefusedNotification {
  readonly _id: string;
  readonly channel: Channel;
  readonly receivedAt: Date;
  readonly result: Exclude<(typeof NOTIFICATION_RESULTS)[number], 'accepted'>;
  readonly detail: string;
  /** Of what came. */
  readonly sha256: string;
}

export type ArchivedNotification =
  (StoredNotification & { readonly _id: string; readonly result: 'accepted' }) | RefusedNotification;

export interface NotificationArchiveQuery {
  readonly channel?: Channel | undefined;
  readonly result?: 'accepted' | 'refused' | undefined;
  readonly before?: Date | undefined;
  readonly limit: number;
}

type Accepted = StoredNotification & { readonly _id: string };

/** Anybody can be refused as often as they like: more than these in a minute are counted, not kept. */
const MOST_A_MINUTE = 60;
const MINUTE_MS = 60_000;
const KEEP_REFUSED_MS = 90 * 24 * 3_600_000;

const text = { type: String, required: true } as const;
const schema = new Schema<RefusedNotification>(
  {
    _id: text,
    channel: text,
    receivedAt: { type: Date, required: true },
    result: text,
    detail: text,
    sha256: text,
  },
  { collection: 'notificationsrefused', versionKey: false, strict: 'throw', autoIndex: false },
).index({ receivedAt: -1 });

/** Everything that channels, or others in their name, sent us: accepted ones as they are kept anyway, and those refused. */
export class NotificationArchive {
  readonly #refused: Model<RefusedNotification>;
  readonly #accepted: mongo.Collection<Accepted>;
  readonly #clock: Clock;
  #minute = 0;
  #kept = 0;

  constructor(db: Connection, clock: Clock) {
    this.#refused = db.model<RefusedNotification>('NotificationRefused', schema);
    this.#accepted = collectionOf<Accepted>(db, 'notifications');
    this.#clock = clock;
  }

  async prepare(): Promise<void> {
    await Promise.all([this.#refused.createIndexes(), this.#accepted.createIndex({ receivedAt: -1 })]);
  }

  /** False where it was one too many, and was not kept. */
  async refuse(
    init: Pick<RefusedNotification, 'channel' | 'result' | 'detail'>,
    rawBody: Buffer,
  ): Promise<boolean> {
    const now = this.#clock.now();
    const minute = Math.floor(now / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#kept = 0;
    }
    this.#kept += 1;
    if (this.#kept > MOST_A_MINUTE) return false;
    await this.#refused.create({
      ...{ _id: randomUUID(), receivedAt: new Date(now) },
      ...{ channel: init.channel, result: init.result, detail: init.detail.slice(0, 300) },
      sha256: createHash('sha256').update(rawBody).digest('hex'),
    });
    return true;
  }

  /** Newest first. */
  async list({ channel, result, before, limit }: NotificationArchiveQuery): Promise<ArchivedNotification[]> {
    const filter = {
      ...(channel === undefined ? {} : { channel }),
      ...(before === undefined ? {} : { receivedAt: { $lt: before } }),
    };
    const [accepted, refused] = await Promise.all([
      result === 'refused' ? [] : this.#accepted.find(filter).sort({ receivedAt: -1 }).limit(limit).toArray(),
      result === 'accepted'
        ? []
        : this.#refused
            .find(filter)
            .sort({ receivedAt: -1 })
            .limit(limit)
            .lean<RefusedNotification[]>()
            .exec(),
    ]);
    return [...accepted.map((each) => ({ ...each, result: 'accepted' as const })), ...refused]
      .sort((a, b) => b.receivedAt.getTime() - a.receivedAt.getTime())
      .slice(0, limit);
  }

  /** One that was accepted. */
  async accepted(id: string): Promise<StoredNotification | null> {
    return this.#accepted.findOne({ _id: id });
  }

  async purge(): Promise<number> {
    const before = new Date(this.#clock.now() - KEEP_REFUSED_MS);
    return (await this.#refused.deleteMany({ receivedAt: { $lt: before } }).exec()).deletedCount;
  }
}
