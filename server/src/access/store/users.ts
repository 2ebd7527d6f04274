import { Schema, type Connection, type Model } from 'mongoose';
import { PROVINCE } from '@bianmin/purchase/api/org';
import type { Permission } from '../../kernel/permissions.ts';
import { within, type Scope } from '../../kernel/scope.ts';
import type { KeySource } from '../../kernel/key-ring.ts';
import { DURABLE, isDuplicateKey } from '../../adapters/mongo/durable.ts';
import { HashSeal } from './hash-seal.ts';

/** A person of operations or finance. `proposed`: waits for a second person, cannot log in. */
export interface User {
  readonly _id: string;
  /** Lower case, unique. */
  readonly name: string;
  /** Sealed in a user as they were read; see `hashOf`. */
  readonly passwordHash: string;
  readonly roles: readonly string[];
  /** An organisation: only what is within it is theirs to see. Absent: the province. */
  readonly scope?: string;
  /** From the province down to that organisation: whose user managers see them. Absent: the province. */
  readonly orgPath?: readonly string[];
  readonly status: 'proposed' | 'active' | 'disabled';
  /** Another person made the password: a new one must be chosen first. */
  readonly mustChange?: boolean;
  /** The second factor: its sealed secret and the step of the last code taken, so that none is taken twice. */
  readonly totp?: { readonly sealed: string; readonly lastStep: number };
  /** A secret that has not been proven by a code yet. */
  readonly totpProposed?: string;
  /** Hashes of recovery codes that are left. */
  readonly recovery?: readonly string[];
  /** A password that was asked for and is not allowed yet. */
  readonly proposed?: { readonly reset: string; readonly passwordHash: string };
  /** Browsers in which they were in before this are not known any more; absent: all are. */
  readonly devicesFrom?: Date;
  /** Let in, or given another organisation, then; absent: longer than anything depends on. */
  readonly activeSince?: Date;
  /** Roles that were given later than that. */
  readonly rolesSince?: readonly { readonly role: string; readonly at: Date }[];
  readonly lastLoginAt?: Date;
  readonly createdAt: Date;
  /** Grows with every change of roles, organisation and status; absent: of before there were versions. */
  readonly version?: number;
  /** What was allowed that changed it last: so that it is not done a second time. */
  readonly change?: string;
}

/** What may be edited of a user. */
export type UserEdit = Partial<
  Pick<User, 'roles' | 'rolesSince' | 'scope' | 'orgPath' | 'status' | 'activeSince' | 'change'>
>;

/** A named set of permissions. */
export interface Role {
  readonly _id: string;
  readonly permissions: readonly Permission[];
  /** When permissions were added; of others: longer ago than anything depends on. */
  readonly since?: readonly { readonly permission: Permission; readonly at: Date }[];
  readonly version?: number;
  readonly change?: string;
}

const text = { type: String, required: true };
const time = { type: Date, required: true };
const common = {
  versionKey: false,
  strict: 'throw',
  autoIndex: false,
  writeConcern: DURABLE,
} as const;
const userSchema = new Schema<User>(
  {
    _id: text,
    name: text,
    passwordHash: text,
    roles: { type: [String], required: true },
    scope: String,
    orgPath: { type: [String], default: undefined },
    mustChange: Boolean,
    totp: { type: new Schema({ sealed: text, lastStep: { type: Number, required: true } }, { _id: false }) },
    totpProposed: String,
    recovery: { type: [String], default: undefined },
    proposed: { type: new Schema({ reset: text, passwordHash: text }, { _id: false }) },
    devicesFrom: Date,
    activeSince: Date,
    rolesSince: { type: [new Schema({ role: text, at: time }, { _id: false })], default: undefined },
    lastLoginAt: Date,
    status: text,
    createdAt: { type: Date, required: true },
    version: Number,
    change: String,
  },
  { ...common, collection: 'users' },
)
  .index({ name: 1 }, { unique: true })
  .index({ orgPath: 1, name: 1 });
const roleSchema = new Schema<Role>(
  {
    _id: text,
    permissions: { type: [String], required: true },
    since: { type: [new Schema({ permission: text, at: time }, { _id: false })], default: undefined },
    version: Number,
    change: String,
  },
  { ...common, collection: 'roles' },
);

/** Users and roles in MongoDB. */
export class UserStore {
  readonly #users: Model<User>;
  readonly #roles: Model<Role>;
  readonly #hashes: HashSeal;

  /** `keys`: what password hashes are sealed under. */
  constructor(db: Connection, keys: KeySource) {
    this.#hashes = new HashSeal(keys, 'passwords');
    this.#users = db.model<User>('User', userSchema);
    this.#roles = db.model<Role>('Role', roleSchema);
  }

  async prepare(): Promise<void> {
    await this.#users.createIndexes();
  }

  async insert(user: User): Promise<'inserted' | 'exists'> {
    try {
      await this.#users.create({ ...user, passwordHash: this.#hashes.seal(user.passwordHash, user._id) });
      return 'inserted';
    } catch (error) {
      if (isDuplicateKey(error)) return 'exists';
      throw error;
    }
  }

  async get(id: string): Promise<User | null> {
    return this.#users.findById(id).lean<User>().exec();
  }

  async byName(name: string): Promise<User | null> {
    return this.#users.findOne({ name: name.toLowerCase() }).lean<User>().exec();
  }

  /** By name, within a scope and, where one is named, an organisation with what is below it. */
  async list(of: {
    scope: Scope;
    org?: string | undefined;
    status?: User['status'] | undefined;
    /** The last name of the page before. */
    after?: string | undefined;
    limit: number;
  }): Promise<User[]> {
    const { scope, org, status, after, limit } = of;
    const filter = {
      ...(status === undefined ? {} : { status }),
      ...(after === undefined ? {} : { name: { $gt: after } }),
      $and: [within(scope), org === undefined || org === PROVINCE ? {} : { orgPath: org }],
    };
    return this.#users.find(filter).sort({ name: 1 }).limit(limit).lean<User[]>().exec();
  }

  async countOf(status: User['status']): Promise<number> {
    return this.#users.countDocuments({ status }).exec();
  }

  /** Everybody who may log in: some thousands at most. */
  async active(): Promise<User[]> {
    return this.#users.find({ status: 'active' }).lean<User[]>().exec();
  }

  /** Whether any user's scope is this organisation. */
  async anyOfScope(scope: string): Promise<boolean> {
    return (await this.#users.findOne({ scope }).lean<User>().exec()) !== null;
  }

  async any(): Promise<boolean> {
    return (await this.#users.findOne().lean<User>().exec()) !== null;
  }

  /** Compare-and-set on the version; null where it is another by now, or there is no such user. */
  async edit(id: string, seen: number, set: UserEdit): Promise<User | null> {
    return this.#users
      .findOneAndUpdate(
        { _id: id, version: versionOf(seen) },
        { $set: { ...set, version: seen + 1 } },
        { returnDocument: 'after' },
      )
      .lean<User>()
      .exec();
  }

  /** An organisation has moved: its users are seen from the scopes above it now. */
  async moved(scope: string, orgPath: readonly string[]): Promise<void> {
    await this.#users.updateMany({ scope }, { $set: { orgPath: [...orgPath] } }).exec();
  }

  async setPassword(id: string, passwordHash: string, at: Date): Promise<void> {
    const set = { passwordHash: this.#hashes.seal(passwordHash, id), devicesFrom: at };
    await this.#users.updateOne({ _id: id }, { $set: set, $unset: { mustChange: 1, proposed: 1 } }).exec();
  }

  /** Puts a password aside until a second person allows it; the newest counts. */
  async proposePassword(id: string, proposed: NonNullable<User['proposed']>): Promise<void> {
    const passwordHash = this.#hashes.seal(proposed.passwordHash, id);
    await this.#users.updateOne({ _id: id }, { $set: { proposed: { ...proposed, passwordHash } } }).exec();
  }

  /** Takes the password that was put aside as `reset`, to be changed by its owner. False where it is another by now. */
  async takeProposed(id: string, reset: string, at: Date): Promise<boolean> {
    const proposed = (await this.get(id))?.proposed;
    if (proposed?.reset !== reset) return false;
    // Anew: the version of the key may be another by now.
    const passwordHash = this.#hashes.seal(this.#hashes.open(proposed.passwordHash, id), id);
    const done = await this.#users
      .updateOne(
        { _id: id, 'proposed.reset': reset },
        {
          $set: { passwordHash, mustChange: true, change: reset, devicesFrom: at },
          $unset: { proposed: 1 },
        },
      )
      .exec();
    return done.matchedCount === 1;
  }

  async loggedIn(id: string, at: Date): Promise<void> {
    await this.#users.updateOne({ _id: id }, { $set: { lastLoginAt: at } }).exec();
  }

  async proposeTotp(id: string, sealed: string): Promise<void> {
    await this.#users.updateOne({ _id: id }, { $set: { totpProposed: sealed } }).exec();
  }

  /** False where another secret was proposed meanwhile. */
  async turnTotpOn(
    id: string,
    totp: NonNullable<User['totp']>,
    recovery: readonly string[],
  ): Promise<boolean> {
    const set = { $set: { totp, recovery: [...recovery] }, $unset: { totpProposed: 1 } };
    const done = await this.#users.updateOne({ _id: id, totpProposed: totp.sealed }, set).exec();
    return done.matchedCount === 1;
  }

  /** `keepCodes`: recovery codes stand in for something else still. */
  async turnTotpOff(id: string, at: Date, keepCodes = false): Promise<void> {
    const unset = { totp: 1, totpProposed: 1, ...(keepCodes ? {} : { recovery: 1 }) };
    await this.#users.updateOne({ _id: id }, { $set: { devicesFrom: at }, $unset: unset }).exec();
  }

  /** False where a code of this step or a later one was taken before. */
  async takeTotpStep(id: string, step: number): Promise<boolean> {
    const unused = { _id: id, 'totp.lastStep': { $lt: step } };
    const done = await this.#users.updateOne(unused, { $set: { 'totp.lastStep': step } }).exec();
    return done.matchedCount === 1;
  }

  /** Recovery codes for a user who has none left; false where there are some by now. */
  async giveRecovery(id: string, recovery: readonly string[]): Promise<boolean> {
    const without = { _id: id, 'recovery.0': { $exists: false } };
    const done = await this.#users.updateOne(without, { $set: { recovery: [...recovery] } }).exec();
    return done.matchedCount === 1;
  }

  async dropRecovery(id: string): Promise<void> {
    await this.#users.updateOne({ _id: id }, { $unset: { recovery: 1 } }).exec();
  }

  /** Uses up a recovery code; false where there is none like it. */
  async takeRecovery(id: string, hash: string): Promise<boolean> {
    const done = await this.#users
      .updateOne({ _id: id, recovery: hash }, { $pull: { recovery: hash } })
      .exec();
    return done.matchedCount === 1;
  }

  /** The same password under a better hash; nothing where it was changed meanwhile. */
  async rehash(id: string, from: string, to: string): Promise<void> {
    const found = await this.#users.findById(id).lean<User>().exec();
    if (found === null || this.#hashes.open(found.passwordHash, id) !== from) return;
    await this.#users
      .updateOne(
        { _id: id, passwordHash: found.passwordHash },
        { $set: { passwordHash: this.#hashes.seal(to, id) } },
      )
      .exec();
  }

  async roles(): Promise<Role[]> {
    return this.#roles.find().sort({ _id: 1 }).lean<Role[]>().exec();
  }

  async rolesOf(names: readonly string[]): Promise<Role[]> {
    return this.#roles
      .find({ _id: { $in: [...names] } })
      .lean<Role[]>()
      .exec();
  }

  async permissionsOf(roles: readonly string[]): Promise<Set<Permission>> {
    return new Set((await this.rolesOf(roles)).flatMap((role) => role.permissions));
  }

  async role(name: string): Promise<Role | null> {
    return this.#roles.findById(name).lean<Role>().exec();
  }

  /** What the code itself says of a role. */
  async putRole(role: Pick<Role, '_id' | 'permissions'>): Promise<void> {
    const update = { $set: { permissions: [...role.permissions] } };
    await this.#roles.updateOne({ _id: role._id }, update, { upsert: true }).exec();
  }

  /** Makes one that is not there; one that is stays as it is. */
  async beginRole(role: Pick<Role, '_id' | 'permissions'>): Promise<void> {
    const begin = { $setOnInsert: { permissions: [...role.permissions], version: 1 } };
    await this.#roles.updateOne({ _id: role._id }, begin, { upsert: true }).exec();
  }

  /** Compare-and-set on the version; false where it is another by now, or there is no such role. */
  async removeRole(name: string, seen: number): Promise<boolean> {
    return (await this.#roles.deleteOne({ _id: name, version: versionOf(seen) }).exec()).deletedCount === 1;
  }

  /** Compare-and-set on the version, `null`: there was none. False where it is another by now. */
  async editRole(name: string, seen: number | null, set: Omit<Role, '_id' | 'version'>): Promise<boolean> {
    const since = [...(set.since ?? [])];
    const stored = { ...set, since, permissions: [...set.permissions], version: (seen ?? 0) + 1 };
    if (seen !== null) {
      const there = { _id: name, version: versionOf(seen) };
      return (await this.#roles.updateOne(there, { $set: stored }).exec()).matchedCount === 1;
    }
    try {
      await this.#roles.create({ _id: name, ...stored });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** The password's hash as it was made, of a user as they were read: there it is sealed. */
  hashOf({ _id, passwordHash }: Pick<User, '_id' | 'passwordHash'>): string {
    return this.#hashes.open(passwordHash, _id);
  }
}

/** Documents of before there were versions have none. */
function versionOf(seen: number): number | { $exists: false } {
  return seen === 0 ? { $exists: false } : seen;
}
