import { randomBytes, randomInt } from 'node:crypto';
import { Schema, type Connection, type Model } from 'mongoose';
import type { Where } from '../../access/approvals.ts';
import { aboutUser, pinWindows } from '../../access/guess-limits.ts';
import type { GuessLimiter } from '../../access/guesses.ts';
import { HashSeal } from '../../access/store/hash-seal.ts';
import { hashPassword, verifyPassword } from '../../access/password.ts';
import { sha256Hex } from '../../kernel/canonical.ts';
import type { KeySource } from '../../kernel/key-ring.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import type { User, UserStore } from '../../access/store/users.ts';

/** A staff number; no name looks like one. */
const NUMBER = /^\d{6}$/;

interface PinDocument {
  /** The user's id. */
  readonly _id: string;
  /** What staff type where there are no letters, six digits; absent of a PIN from before there were numbers. */
  readonly number?: string;
  readonly hash: string;
  /** What a server of the version before counts in. */
  readonly wrong: number;
  readonly until: Date;
}

/** At which terminal a PIN was typed, for the limits and the trail. */
export interface PinTyped {
  readonly terminalId: string;
  readonly where: Where;
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

/** Six digits by which staff at a counter say who they are. Tries are counted like those at any other secret. */
export class StaffPins {
  readonly #model: Model<PinDocument>;
  readonly #users: UserStore;
  readonly #guesses: GuessLimiter;
  readonly #hash: (pin: string) => Promise<string>;
  readonly #hashes: HashSeal;
  readonly #draw: () => number;
  /** Compared against where there is no PIN, so that the time taken does not tell. */
  #decoy: Promise<string> | undefined;

  constructor(init: {
    db: Connection;
    users: UserStore;
    guesses: GuessLimiter;
    /** What hashes are sealed under. */
    keys: KeySource;
    hash?: (pin: string) => Promise<string>;
    /** Of a new staff number: from 0 to 899999. */
    draw?: () => number;
  }) {
    this.#model = init.db.model<PinDocument>('StaffPin', schema);
    this.#users = init.users;
    this.#guesses = init.guesses;
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
  async check(who: string, pin: string, at: PinTyped): Promise<User> {
    const user = await this.#userOf(who);
    const person = user?._id ?? who;
    const found = await this.#guesses.test(
      {
        factor: 'pin',
        windows: pinWindows(person, aboutUser(user?.name ?? who), at.terminalId),
        trail: {
          who: { kind: 'terminal', id: at.terminalId },
          target: user?._id ?? sha256Hex(who).slice(0, 16),
          where: at.where,
        },
      },
      () => this.#fits(user, pin),
    );
    if (found !== null) return found;
    throw new ProblemError({
      code: 'float.bad-pin',
      message:
        'The name or PIN is wrong, no PIN is set, or the account is not active. Check both, or ask an administrator.',
    });
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

  /** The user where they are active and this is their PIN. */
  async #fits(user: User | null, pin: string): Promise<User | null> {
    const known = user === null ? null : await this.#model.findById(user._id).lean<PinDocument>().exec();
    this.#decoy ??= this.#hash(randomBytes(8).toString('hex'));
    const hash = known === null ? await this.#decoy : this.#hashes.open(known.hash, known._id);
    const right = await verifyPassword(pin, hash);
    return right && known !== null && user?.status === 'active' ? user : null;
  }
}
