import { Schema, type Connection, type Model } from 'mongoose';
import type { Permission } from '../access/permissions.ts';
import { DURABLE, isDuplicateKey } from './durable.ts';

/** A person of operations or finance. `proposed`: waits for a second person, cannot log in. */
export interface User {
  readonly _id: string;
  /** Lower case, unique. */
  readonly name: string;
  readonly passwordHash: string;
  readonly roles: readonly string[];
  /** An organisation: only what is within it is theirs to see. Absent: the province. */
  readonly scope?: string;
  readonly status: 'proposed' | 'active' | 'disabled';
  /** Another person made the password: a new one must be chosen first. */
  readonly mustChange?: boolean;
  /** The second factor: its sealed secret and the step of the last code taken, so that none is taken twice. */
  readonly totp?: { readonly sealed: string; readonly lastStep: number };
  /** A secret that has not been proven by a code yet. */
  readonly totpProposed?: string;
  /** Hashes of recovery codes that are left. */
  readonly recovery?: readonly string[];
  readonly createdAt: Date;
}

/** A named set of permissions. */
export interface Role {
  readonly _id: string;
  readonly permissions: readonly Permission[];
}

const text = { type: String, required: true };
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
    mustChange: Boolean,
    totp: { type: new Schema({ sealed: text, lastStep: { type: Number, required: true } }, { _id: false }) },
    totpProposed: String,
    recovery: { type: [String], default: undefined },
    status: text,
    createdAt: { type: Date, required: true },
  },
  { ...common, collection: 'users' },
).index({ name: 1 }, { unique: true });
const roleSchema = new Schema<Role>(
  { _id: text, permissions: { type: [String], required: true } },
  { ...common, collection: 'roles' },
);

/** Users and roles in MongoDB. */
export class UserStore {
  readonly #users: Model<User>;
  readonly #roles: Model<Role>;

  constructor(db: Connection) {
    this.#users = db.model<User>('User', userSchema);
    this.#roles = db.model<Role>('Role', roleSchema);
  }

  async prepare(): Promise<void> {
    await this.#users.createIndexes();
  }

  async insert(user: User): Promise<'inserted' | 'exists'> {
    try {
      await this.#users.create(user);
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

  async list(): Promise<User[]> {
    return this.#users.find().sort({ name: 1 }).limit(1000).lean<User[]>().exec();
  }

  /** How many may log in. */
  async countActive(): Promise<number> {
    return this.#users.countDocuments({ status: 'active' }).exec();
  }

  /** Whether somebody's scope is this organisation. */
  async anyOfScope(scope: string): Promise<boolean> {
    return (await this.#users.findOne({ scope }).lean<User>().exec()) !== null;
  }

  async any(): Promise<boolean> {
    return (await this.#users.findOne().lean<User>().exec()) !== null;
  }

  /** Compare-and-set of the status; false where it was another. */
  async setStatus(id: string, from: User['status'], to: User['status']): Promise<boolean> {
    const result = await this.#users.updateOne({ _id: id, status: from }, { $set: { status: to } }).exec();
    return result.matchedCount === 1;
  }

  async setRoles(id: string, roles: readonly string[]): Promise<void> {
    await this.#users.updateOne({ _id: id }, { $set: { roles: [...roles] } }).exec();
  }

  async setPassword(id: string, passwordHash: string): Promise<void> {
    await this.#users.updateOne({ _id: id }, { $set: { passwordHash }, $unset: { mustChange: 1 } }).exec();
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

  async turnTotpOff(id: string): Promise<void> {
    await this.#users.updateOne({ _id: id }, { $unset: { totp: 1, totpProposed: 1, recovery: 1 } }).exec();
  }

  /** False where a code of this step or a later one was taken before. */
  async takeTotpStep(id: string, step: number): Promise<boolean> {
    const unused = { _id: id, 'totp.lastStep': { $lt: step } };
    const done = await this.#users.updateOne(unused, { $set: { 'totp.lastStep': step } }).exec();
    return done.matchedCount === 1;
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
    await this.#users.updateOne({ _id: id, passwordHash: from }, { $set: { passwordHash: to } }).exec();
  }

  async roles(): Promise<Role[]> {
    return this.#roles.find().sort({ _id: 1 }).lean<Role[]>().exec();
  }

  async permissionsOf(roles: readonly string[]): Promise<Set<Permission>> {
    const found = await this.#roles
      .find({ _id: { $in: [...roles] } })
      .lean<Role[]>()
      .exec();
    return new Set(found.flatMap((role) => role.permissions));
  }

  async putRole(role: Role): Promise<void> {
    const update = { $set: { permissions: [...role.permissions] } };
    await this.#roles.updateOne({ _id: role._id }, update, { upsert: true }).exec();
  }
}
