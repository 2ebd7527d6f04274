import { randomBytes, randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { gunzipSync } from 'node:zlib';
import type { Connection } from 'mongoose';
import { connectDatabase } from '../../../../server/src/adapters/mongo/connection.ts';
import { runToEnd, type Outcome as Ended } from '../../../kit/process/run-to-end.ts';
import type { Env } from '../../../run/dev/parts.ts';
import { programArgs } from '../../../run/dev/programs.ts';
import { stopped, through, type Attack } from '../attack.ts';
import { always, never } from '../patch.ts';
import type { World } from '../world.ts';

const PROGRAM = 'server/src/main-backup.ts';
const BACKUP = 'server/src/upkeep/backup';

interface StoredUser {
  readonly _id: string;
  readonly name: string;
  readonly status: string;
}

/** Where an operator keeps backups, and the key that opens them. */
class Backups {
  readonly #world: World;
  readonly #dir: string;
  readonly #recipient: string;

  private constructor(world: World, dir: string, recipient: string) {
    this.#world = world;
    this.#dir = dir;
    this.#recipient = recipient;
  }

  static async begin(world: World): Promise<Backups> {
    const dir = join(world.dir, `backups-${randomUUID()}`);
    await mkdir(dir);
    const { output } = await run(world, ['key', join(dir, 'key')]);
    const recipient = /^BACKUP_RECIPIENT=(\S+)$/mu.exec(output)?.[1];
    if (recipient === undefined) throw new Error(`No key for backups: ${output}`);
    return new Backups(world, dir, recipient);
  }

  /** `env`: over the server's own. Gives the folder. */
  async save(env: Env = {}): Promise<string> {
    const first = await this.#saved(env);
    if ('folder' in first) return first.folder;
    if (!first.output.includes('backup.moved')) throw new Error(`Nothing is saved: ${first.output}`);
    // Without snapshots nobody may work meanwhile.
    await this.#world.stack.stop('worker');
    try {
      const again = await this.#saved(env);
      if ('folder' in again) return again.folder;
      throw new Error(`Nothing is saved: ${again.output}`);
    } finally {
      await this.#world.stack.restart('worker');
    }
  }

  async #saved(env: Env): Promise<{ readonly folder: string } | { readonly output: string }> {
    const folder = join(this.#dir, randomUUID());
    const all = { ...env, BACKUP_RECIPIENT: this.#recipient };
    const { code, output } = await run(this.#world, ['save', folder], all);
    return code === 0 ? { folder } : { output };
  }

  /** The operator restores it into an empty database. Gives what was said, and what `look` sees there. */
  async restored<T>(
    folder: string,
    look: (db: Connection) => Promise<T>,
  ): Promise<{ readonly said: string; readonly seen: T }> {
    const uri = anotherDatabase(this.#world);
    const key = join(this.#dir, 'key');
    const { output } = await run(this.#world, ['restore', folder, '--key', key], { MONGODB_URI: uri });
    return inDatabase(uri, async (db) => ({
      said: /backup\.[a-z-]+/u.exec(output)?.[0] ?? 'restored',
      seen: await look(db),
    }));
  }
}

function run(world: World, args: readonly string[], env: Env = {}): Promise<Ended> {
  const all = { ...process.env, ...world.stack.serverEnv, ...env };
  return runToEnd(process.execPath, [...programArgs(PROGRAM), ...args], { env: all });
}

function anotherDatabase(world: World): string {
  const uri = new URL(world.stack.serverEnv['MONGODB_URI'] ?? '');
  uri.pathname = `/attack_${randomBytes(8).toString('hex')}`;
  return uri.href;
}

/** Gone afterwards. */
async function inDatabase<T>(uri: string, work: (db: Connection) => Promise<T>): Promise<T> {
  const db = await connectDatabase(uri);
  try {
    return await work(db);
  } finally {
    await db.dropDatabase();
    await db.close();
  }
}

const userNamed = (db: Connection, name: string): Promise<StoredUser | null> =>
  db.collection<StoredUser>('users').findOne({ name });

/** Everything in a folder that can be read without a key, as text. */
async function readable(folder: string): Promise<string> {
  const texts = [];
  for (const name of await readdir(folder)) {
    const bytes = await readFile(join(folder, name));
    texts.push((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1'));
  }
  return texts.join('\n');
}

export const backups: readonly Attack[] = [
  {
    attack: 'backup-stolen',
    name: 'A thief of a backup looks for the names of the staff',
    programs: [PROGRAM],
    removes: [always(`${BACKUP}/save.ts`, 'recipient === undefined')],
    attempt: async (world) => {
      const { name } = await world.member([]);
      const kept = await Backups.begin(world);
      const text = await readable(await kept.save());
      if (text.length < 1_000) throw new Error('The backup is empty.');
      return text.includes(name) ? through('they can be read') : stopped('nothing can be read');
    },
  },
  {
    attack: 'backup-of-other',
    name: 'Somebody who knows to whom backups are encrypted puts one of their own in the place of ours',
    programs: [PROGRAM],
    removes: [never(`${BACKUP}/restore.ts`, 'keys !== undefined && !isOurs(manifest, keys)')],
    attempt: async (world) => {
      const kept = await Backups.begin(world);
      const uri = anotherDatabase(world);
      const forged = await inDatabase(uri, async (db) => {
        const forger = { _id: 'forger', name: 'forger', status: 'active', roles: ['administrator'] };
        await db.collection<StoredUser>('users').insertOne(forger);
        return kept.save({ MONGODB_URI: uri, TOKEN_SECRET: randomBytes(32).toString('hex') });
      });
      const { said, seen } = await kept.restored(forged, (db) => userNamed(db, 'forger'));
      return seen === null ? stopped(`${said}; nobody more`) : through(`${said}; with an administrator more`);
    },
  },
  {
    attack: 'backup-mixed',
    name: 'A file of an earlier backup is put into the newest, so that somebody who was shut out is back',
    programs: [PROGRAM],
    removes: [
      never(`${BACKUP}/restore.ts`, "documents !== of.documents || hash.digest('hex') !== of.sha256"),
    ],
    attempt: async (world) => {
      const kept = await Backups.begin(world);
      const { id, name } = await world.member(['user:manage']);
      const before = await kept.save();
      const users = world.db.collection<StoredUser>('users');
      await users.updateOne({ _id: id }, { $set: { status: 'disabled' } });
      const newest = await kept.save();
      const file = 'users.bson.gz.age';
      await copyFile(join(before, file), join(newest, file));
      const { said, seen } = await kept.restored(newest, (db) => userNamed(db, name));
      return seen?.status === 'active'
        ? through(`${said}; they are back`)
        : stopped(`${said}; they are not back`);
    },
  },
];
