import { Schema, type Connection, type Model } from 'mongoose';
import type { EcPublicJwk, SigningJwk, TerminalStatus } from '@bianmin/purchase/api/terminal';
import { covers, scopeOf, within, type Scope } from '../../kernel/scope.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';

export type { TerminalStatus } from '@bianmin/purchase/api/terminal';

/** A kiosk or box that proved its key. Public keys only. */
export interface Terminal {
  /** Derived from the signing key: the same key is the same terminal. */
  readonly _id: string;
  readonly signKey: SigningJwk;
  readonly sealKey: EcPublicJwk;
  readonly kind: 'kiosk' | 'box';
  readonly name: string;
  readonly version: string;
  /** A box's browser engine, as it calls itself. */
  readonly engine?: string;
  /** Whose terminal it is, for statements; absent until an administrator says so. */
  readonly community?: string;
  /** Organisations from the province down to `community`; absent while it has no community: the province's. */
  readonly orgPath?: readonly string[];
  /** How whoever goes there finds it; absent: nobody said. */
  readonly address?: string;
  readonly status: TerminalStatus;
  readonly enrolledAt: Date;
  readonly decidedAt?: Date;
  /** User id, or `enrol-code`. */
  readonly decidedBy?: string;
  /** Why it was suspended or retired, or let in again. */
  readonly reason?: string;
}

/** What a list of kiosks shows of one, whatever it says. */
export type KioskInService = Pick<Terminal, '_id' | 'name' | 'version' | 'community' | 'orgPath' | 'address'>;

const key = { type: Object, required: true };
const schema = new Schema<Terminal>(
  {
    _id: { type: String, required: true },
    signKey: key,
    sealKey: key,
    kind: { type: String, required: true },
    name: { type: String, required: true },
    version: { type: String, required: true },
    engine: String,
    community: String,
    orgPath: { type: [String], default: undefined },
    address: String,
    status: { type: String, required: true },
    enrolledAt: { type: Date, required: true },
    decidedAt: Date,
    decidedBy: String,
    reason: String,
  },
  { collection: 'terminals', versionKey: false, strict: 'throw', writeConcern: DURABLE },
)
  .index({ enrolledAt: -1, _id: -1 })
  .index({ status: 1, enrolledAt: -1, _id: -1 })
  .index({ status: 1, kind: 1, orgPath: 1, _id: 1 })
  .index({ orgPath: 1, enrolledAt: -1, _id: -1 })
  .index({ community: 1, enrolledAt: -1, _id: -1 })
  .index({ name: 1 })
  .index({ orgPath: 1, name: 1 })
  .index({ decidedAt: 1, status: 1 });

/** What strangers can make: a key of one's own is all that it takes. An organisation is given by a person. */
const WAITING = { status: 'pending', community: { $exists: false } } as const;
/** Of those, forgotten by one call. */
export const FORGET_AT_ONCE = 500;

/** After every text that begins so. */
const AFTER_ALL = '\u{10ffff}';

export interface TerminalQuery {
  readonly id?: string | undefined;
  readonly status?: TerminalStatus | undefined;
  readonly community?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Terminals in MongoDB. */
export class TerminalStore {
  readonly #model: Model<Terminal>;

  constructor(db: Connection) {
    this.#model = db.model<Terminal>('Terminal', schema);
  }

  async prepare(): Promise<void> {
    await this.#model.createIndexes();
  }

  async get(id: string): Promise<Terminal | null> {
    return this.#model.findById(id).lean<Terminal>().exec();
  }

  /**
   * Stores a terminal as pending, or renews what a known one may change about itself: its sealing key,
   * version and engine always, its name only until an administrator decided about it. Gives the terminal as it is
   * now. `admit` is asked before one is stored that was not known; what it throws refuses it.
   */
  async enrol(
    terminal: Omit<Terminal, 'status' | 'decidedAt' | 'decidedBy'>,
    admit: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Terminal> {
    const { _id, name, sealKey, version, engine, ...fixed } = terminal;
    // A province that has power again enrols as it was: so many durable writes of nothing would hold up the orders.
    const known = await this.get(_id);
    if (known !== null && saysNothingNew(known, terminal)) return known;
    if (known === null) await admit();
    const renewed = { sealKey, version, ...(engine === undefined ? {} : { engine }) };
    const upsert = (): Promise<unknown> =>
      this.#model
        .updateOne(
          { _id },
          { $set: renewed, $setOnInsert: { ...fixed, name, status: 'pending' } },
          { upsert: true },
        )
        .exec();
    // Two upserts of one new key at once: one inserts, the other hits the unique _id and then only updates.
    await upsert().catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
      return upsert();
    });
    await this.#model.updateOne({ _id, status: 'pending', name: { $ne: name } }, { $set: { name } });
    const stored = await this.get(_id);
    if (stored === null) throw new Error('A terminal vanished while it was enrolled.');
    return stored;
  }

  /** Compare-and-set of the status; null where it was none of `from` any more. */
  async decide(init: {
    id: string;
    from: readonly TerminalStatus[];
    to: TerminalStatus;
    by: string;
    at: Date;
    reason?: string;
  }): Promise<Terminal | null> {
    const { by: decidedBy, at: decidedAt, reason } = init;
    const change = { status: init.to, decidedBy, decidedAt };
    return this.#model
      .findOneAndUpdate(
        { _id: init.id, status: { $in: init.from } },
        reason === undefined ? { $set: change, $unset: { reason: 1 } } : { $set: { ...change, reason } },
        { returnDocument: 'after' },
      )
      .lean<Terminal>()
      .exec();
  }

  /** How many wait to be accepted and were given no organisation. */
  async countWaiting(): Promise<number> {
    return this.#model.countDocuments(WAITING).exec();
  }

  /** Forgets all that wait but the newest `most`; gives how many, at most `FORGET_AT_ONCE`. */
  async forgetWaitingBeyond(most: number): Promise<number> {
    const beyond = this.#model.find(WAITING, { _id: 1 }).sort({ enrolledAt: -1, _id: -1 }).skip(most);
    return this.#forget(await beyond.limit(FORGET_AT_ONCE).lean<{ _id: string }[]>().exec());
  }

  /** Forgets those that have waited since before; gives how many, at most `FORGET_AT_ONCE`. */
  async forgetWaitingSince(before: Date): Promise<number> {
    const old = this.#model.find({ ...WAITING, enrolledAt: { $lt: before } }, { _id: 1 });
    return this.#forget(await old.limit(FORGET_AT_ONCE).lean<{ _id: string }[]>().exec());
  }

  /** Only those that still wait. */
  async #forget(found: readonly { readonly _id: string }[]): Promise<number> {
    if (found.length === 0) return 0;
    const gone = await this.#model.deleteMany({ _id: { $in: found.map(({ _id }) => _id) }, ...WAITING });
    return gone.deletedCount;
  }

  /** Those that were decided upon since then and are not accepted now, by id. */
  async cutOffSince(at: Date): Promise<Map<string, TerminalStatus>> {
    const found = await this.#model
      .find({ decidedAt: { $gt: at }, status: { $ne: 'accepted' } }, { status: 1 })
      .lean<Pick<Terminal, '_id' | 'status'>[]>()
      .exec();
    return new Map(found.map(({ _id, status }) => [_id, status]));
  }

  /** Ids of those within a scope that may do nothing: rejected, suspended or retired. */
  async outOfService(scope: Scope): Promise<Set<string>> {
    const found = await this.#model
      .find({ ...within(scope), status: { $in: ['rejected', 'suspended', 'retired'] } }, { _id: 1 })
      .lean<{ _id: string }[]>()
      .exec();
    return new Set(found.map(({ _id }) => _id));
  }

  /** For a person: null also where it is outside of their scope. */
  async getWithin(id: string, scope: Scope): Promise<Terminal | null> {
    const terminal = await this.get(id);
    return terminal !== null && covers(scope, terminal.orgPath) ? terminal : null;
  }

  /** Those within a scope, newest first; `after`: older than that one. */
  async list(query: TerminalQuery, scope: Scope): Promise<Terminal[]> {
    const { id, status, community, after, limit } = query;
    const last = after === undefined ? null : await this.get(after);
    const older =
      last === null
        ? {}
        : {
            $or: [
              { enrolledAt: { $lt: last.enrolledAt } },
              { enrolledAt: last.enrolledAt, _id: { $lt: last._id } },
            ],
          };
    return this.#model
      .find({
        ...within(scope),
        ...(id === undefined ? {} : { _id: id }),
        ...(status === undefined ? {} : { status }),
        ...(community === undefined ? {} : { community }),
        ...older,
      })
      .sort({ enrolledAt: -1, _id: -1 })
      .limit(limit)
      .lean<Terminal[]>()
      .exec();
  }

  /** Those within a scope whose name begins so, whatever their status, by name. */
  async named(beginning: string, limit: number, scope: Scope): Promise<Terminal[]> {
    return this.#model
      .find({ ...within(scope), name: { $gte: beginning, $lt: beginning + AFTER_ALL } })
      .sort({ name: 1 })
      .limit(limit)
      .lean<Terminal[]>()
      .exec();
  }

  /** Accepted kiosks of an organisation and below it, by id, after this one. */
  async kiosksIn(org: string, after: string, limit: number): Promise<Pick<Terminal, '_id' | 'version'>[]> {
    return this.#model
      .find(
        { ...within(scopeOf(org)), status: 'accepted', kind: 'kiosk', _id: { $gt: after } },
        { version: 1 },
      )
      .sort({ _id: 1 })
      .limit(limit)
      .lean<Pick<Terminal, '_id' | 'version'>[]>()
      .exec();
  }

  /** Accepted kiosks within a scope, as a stream: a province has some thousands. */
  kiosksInService(scope: Scope): AsyncIterable<KioskInService> {
    return this.#model
      .find(
        { ...within(scope), status: 'accepted', kind: 'kiosk' },
        { name: 1, version: 1, community: 1, orgPath: 1, address: 1 },
      )
      .lean<KioskInService>()
      .cursor({ batchSize: 500 });
  }

  /** How many stand in each organisation within a scope, by its id. */
  async countsWithin(scope: Scope): Promise<Map<string, number>> {
    const found = await this.#model
      .find({ ...within(scope), community: { $exists: true } }, { _id: 0, community: 1 })
      .lean<{ community: string }[]>()
      .exec();
    const counts = new Map<string, number>();
    for (const { community } of found) counts.set(community, (counts.get(community) ?? 0) + 1);
    return counts;
  }

  /** Ids of a community's terminals, whatever their status: what they sold stays theirs. */
  async idsOfCommunity(community: string): Promise<string[]> {
    const found = await this.#model
      .find({ community }, { _id: 1 })
      .sort({ _id: 1 })
      .lean<{ _id: string }[]>()
      .exec();
    return found.map(({ _id }) => _id);
  }

  /** Which of these stand within a scope. */
  async amongWithin(ids: readonly string[], scope: Scope): Promise<Set<string>> {
    const found = await this.#model
      .find({ _id: { $in: [...ids] }, ...within(scope) }, { _id: 1 })
      .lean<{ _id: string }[]>()
      .exec();
    return new Set(found.map(({ _id }) => _id));
  }

  /** Says whose terminal it is; null where there is no such terminal. */
  async place(
    id: string,
    org: { readonly _id: string; readonly path: readonly string[] },
  ): Promise<Terminal | null> {
    const set = { community: org._id, orgPath: org.path };
    return this.#model
      .findOneAndUpdate({ _id: id }, { $set: set }, { returnDocument: 'after' })
      .lean<Terminal>()
      .exec();
  }

  /** Says how it is found; null where there is no such terminal. */
  async setAddress(id: string, address: string): Promise<Terminal | null> {
    return this.#model
      .findOneAndUpdate({ _id: id }, { $set: { address } }, { returnDocument: 'after' })
      .lean<Terminal>()
      .exec();
  }

  /** Without a community, where it was this one's. */
  async displace(id: string, community: string): Promise<void> {
    await this.#model.updateOne({ _id: id, community }, { $unset: { community: 1, orgPath: 1 } }).exec();
  }

  /** An organisation has another path by now: its terminals follow. */
  async moved(community: string, path: readonly string[]): Promise<void> {
    await this.#model.updateMany({ community }, { $set: { orgPath: path } }).exec();
  }
}

function saysNothingNew(
  known: Terminal,
  { name, sealKey, version, engine }: Pick<Terminal, 'name' | 'sealKey' | 'version' | 'engine'>,
): boolean {
  return (
    known.version === version &&
    known.sealKey.x === sealKey.x &&
    known.sealKey.y === sealKey.y &&
    (engine === undefined || known.engine === engine) &&
    (known.status !== 'pending' || known.name === name)
  );
}
