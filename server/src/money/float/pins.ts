import { randomBytes, randomInt } from 'node:crypto';
import type { Clock } from '@bianmin/shared/clock';
import { Schema, type Connection, type Model } from 'mongoose';
import { HashSeal } from '../../access/store/hash-seal.ts';
import { hashPassword, verifyPassword } from '../../access/password.ts';
import type { KeySource } from '../../kernel/key-ring.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { User, UserStore } from '../../access/store/users.ts';

/** Wrong PINs in a row; then that person's PIN is locked for a while. */
const MAX_WRONG = 5;
const LOCK_MS = 15 * 60_000;
/** A staff number; no name looks like one. */
const NUMBER = /^\d{6}$/;

interface PinDocument {
  /** The user's id. */
  readonly _id: string;
  /** What staff type where there are no letters, six digits; absent of a PIN from before there were numbers. */
  readonly number?: string;
  readonly hash: string;
  /** Attempts since the last right one. */
  readonly wrong: number;
  readonly until: Date;
}

const schema = new Schema<PinDocument>(
  {
    _id: { type: String, required: true },
    number: String,
    hash: { type: String, required: true },
    wrong: { type: Number, required: true },
    until: { type: Date, required: true },
  },
  { collection: 'staffpins', versionKey: false, strict: 'throw', autoIndex: false, writeConcern: DURABLE },
).index({ number: 1 }, { unique: true, sparse: true });

/**
 * Six digits by which staff at a counter say who they are. An attempt is counted before it is looked at, in the database:
 * guessing in parallel, or while Redis is away, wins nothing.
 */
export class StaffPins {
  readonly #model: Model<PinDocument>;
  readonly #users: UserStore;
  readonly #clock: Clock;
  readonly #hash: (pin: string) => Promise<string>;
  readonly #hashes: HashSeal;
  readonly #draw: () => number;
  /** Compared against where there is no PIN, so that the time taken does not tell. */
  #decoy: Promise<string> | undefined;

  constructor(init: {
    db: Connection;
    users: UserStore;
    clock: Clock;
    /** What hashes are sealed under. */
    keys: KeySource;
    hash?: (pin: string) => Promise<string>;
    /** Of a new staff number: from 0 to 899999. */
    draw?: () => number;
  }) {
    this.#model = init.db.model<PinDocument>('StaffPin', schema);
    this.#users = init.users;
    this.#clock = init.clock;
    this.#hash = init.hash ?? ((pin) => hashPassword(pin));
    this.#hashes = new HashSeal(init.keys, 'staff pins');
    this.#draw = init.draw ?? (() => randomInt(900_000));
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  /** Replaces what there was, and gives the person's staff number. The caller has checked their password. */
  async set(userId: string, pin: string): Promise<string> {
    const hash = this.#hashes.seal(await this.#hash(pin), userId);
    const fresh = { hash, wrong: 0, until: new Date(0) };
    for (;;) {
      const known = await this.#model.findById(userId).lean<PinDocument>().exec();
      if (known?.number !== undefined) {
        await this.#model.updateOne({ _id: userId }, { $set: fresh }).exec();
        return known.number;
      }
      const number = String(100_000 + this.#draw());
      try {
        // Another first PIN of the same person, or another person's number: both are seen by the index.
        const numberless = { _id: userId, number: { $exists: false } };
        await this.#model.updateOne(numberless, { $set: { ...fresh, number } }, { upsert: true }).exec();
        return number;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    }
  }

  /** Who it is; `who`: a staff number, or the name they sign in with. Throws `float.bad-pin` for any reason, `request.rate-limited` once it is locked. */
  async check(who: string, pin: string): Promise<User> {
    const user = await this.#userOf(who);
    const known = user === null ? null : await this.#attempt(user._id);
    this.#decoy ??= this.#hash(randomBytes(8).toString('hex'));
    const hash = known === null ? await this.#decoy : this.#hashes.open(known.hash, known._id);
    const right = await verifyPassword(pin, hash);
    if (!right || known === null || user?.status !== 'active') {
      throw new ProblemError({
        code: 'float.bad-pin',
        message:
          'The name or PIN is wrong, no PIN is set, or the account is not active. Check both, or ask an administrator.',
      });
    }
    await this.#model.updateOne({ _id: user._id }, { $set: { wrong: 0 } }).exec();
    return user;
  }

  /** A person's staff number; undefined where they have no PIN, or one from before there were numbers. */
  async numberOf(userId: string): Promise<string | undefined> {
    const known = await this.#model
      .findById(userId, { number: 1 })
      .lean<Pick<PinDocument, 'number'>>()
      .exec();
    return known?.number;
  }

  async #userOf(who: string): Promise<User | null> {
    if (!NUMBER.test(who)) return this.#users.byName(who);
    const found = await this.#model
      .findOne({ number: who }, { _id: 1 })
      .lean<Pick<PinDocument, '_id'>>()
      .exec();
    return found === null ? null : this.#users.get(found._id);
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
