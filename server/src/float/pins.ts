import { randomBytes } from 'node:crypto';
import type { Clock } from '@bianmin/shared/clock';
import { Schema, type Connection, type Model } from 'mongoose';
import { hashPassword, verifyPassword } from '../access/password.ts';
import { ProblemError } from '../http/problem.ts';
import { DURABLE } from '../store/durable.ts';
import type { User, UserStore } from '../store/users.ts';

/** Wrong PINs in a row; then that person's PIN is locked for a while. */
const MAX_WRONG = 5;
const LOCK_MS = 15 * 60_000;

interface PinDocument {
  /** The user's id. */
  readonly _id: string;
  readonly hash: string;
  /** Attempts since the last right one. */
  readonly wrong: number;
  readonly until: Date;
}

const schema = new Schema<PinDocument>(
  {
    _id: { type: String, required: true },
    hash: { type: String, required: true },
    wrong: { type: Number, required: true },
    until: { type: Date, required: true },
  },
  { collection: 'staffpins', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
);

/**
 * Six digits by which staff at a counter say who they are. An attempt is counted before it is looked at, in the database:
 * guessing in parallel, or while Redis is away, wins nothing.
 */
export class StaffPins {
  readonly #model: Model<PinDocument>;
  readonly #users: UserStore;
  readonly #clock: Clock;
  readonly #hash: (pin: string) => Promise<string>;
  /** Compared against where there is no PIN, so that the time taken does not tell. */
  #decoy: Promise<string> | undefined;

  constructor(init: {
    db: Connection;
    users: UserStore;
    clock: Clock;
    hash?: (pin: string) => Promise<string>;
  }) {
    this.#model = init.db.model<PinDocument>('StaffPin', schema);
    this.#users = init.users;
    this.#clock = init.clock;
    this.#hash = init.hash ?? ((pin) => hashPassword(pin));
  }

  /** Replaces what there was. The caller has checked the person's password. */
  async set(userId: string, pin: string): Promise<void> {
    const fresh = { hash: await this.#hash(pin), wrong: 0, until: new Date(0) };
    await this.#model.updateOne({ _id: userId }, { $set: fresh }, { upsert: true }).exec();
  }

  /** Who it is. Throws `float.bad-pin` for any reason, `request.rate-limited` once it is locked. */
  async check(name: string, pin: string): Promise<User> {
    const user = await this.#users.byName(name);
    const known = user === null ? null : await this.#attempt(user._id);
    this.#decoy ??= this.#hash(randomBytes(8).toString('hex'));
    const right = await verifyPassword(pin, known?.hash ?? (await this.#decoy));
    if (!right || known === null || user?.status !== 'active') {
      throw new ProblemError({
        code: 'float.bad-pin',
        message: 'Name or PIN is wrong, or there is none, or the account is not active.',
      });
    }
    await this.#model.updateOne({ _id: user._id }, { $set: { wrong: 0 } }).exec();
    return user;
  }

  /** Counts one; null where there is no PIN. */
  async #attempt(userId: string): Promise<PinDocument | null> {
    const now = this.#clock.now();
    const over = { _id: userId, wrong: { $gte: MAX_WRONG }, until: { $lte: new Date(now) } };
    await this.#model.updateOne(over, { $set: { wrong: 0 } }).exec();
    const counted = await this.#model
      .findOneAndUpdate(
        { _id: userId, wrong: { $lt: MAX_WRONG } },
        { $inc: { wrong: 1 }, $set: { until: new Date(now + LOCK_MS) } },
      )
      .lean<PinDocument>()
      .exec();
    if (counted !== null) return counted;
    const locked = await this.#model.findById(userId).lean<PinDocument>().exec();
    if (locked === null) return null;
    throw new ProblemError({
      code: 'request.rate-limited',
      message: 'Too many wrong PINs. Wait and try again.',
      retryAfterS: Math.max(1, Math.ceil((locked.until.getTime() - now) / 1000)),
    });
  }
}
