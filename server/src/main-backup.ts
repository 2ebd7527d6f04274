import process from 'node:process';
import type { Connection } from 'mongoose';
import { systemClock } from '@bianmin/card/node/system-clock';
import { failUsage, readOptions, wholeNumber } from '@bianmin/purchase/node/cli-options';
import { dataKeysFrom } from './config/data-keys.ts';
import { crashOnStderr, endOnCrash } from './crash.ts';
import { BackupNotes, type BackupOutcome } from './upkeep/backup/backup-notes.ts';
import { drill, outcomeOf } from './upkeep/backup/drill.ts';
import { BackupError } from './upkeep/backup/error.ts';
import { makeBackupKey, readBackupKey } from './upkeep/backup/file-form.ts';
import type { BackupManifest } from './upkeep/backup/manifest.ts';
import { checkBackup, restoreBackup } from './upkeep/backup/restore.ts';
import { saveBackup } from './upkeep/backup/save.ts';
import { dueInMs, saveNext } from './upkeep/backup/series.ts';
import { openDatabase } from './open-database.ts';
import { withSealedDatabase } from './sealed-database.ts';

endOnCrash(crashOnStderr);
const USAGE = `Usage, with MONGODB_URI and DATA_KEYS (or DATA_KEY, or TOKEN_SECRET) set as the server has them:
npm run backup -- key FILE                      makes a key: its secret half goes into FILE, keep it elsewhere
npm run backup -- save FOLDER                   writes the whole database, encrypted to BACKUP_RECIPIENT
npm run backup -- series FOLDER                 writes the next one of a series, and lets old ones go
                         [--every HOURS]        goes on so, until it is stopped
npm run backup -- check FOLDER --key FILE       reads it all and counts the ledger, without a database
npm run backup -- drill FOLDER --key FILE       does so with the newest of a series, and tells MONGODB_URI where it is set
                        [--into URI]            restores it into that empty database, counts there, and drops it
npm run backup -- restore FOLDER --key FILE     puts it into a database that has no documents
--plain: not encrypted, for a folder that is. --unsealed: of before backups were sealed with the data key.
`;
const HOUR_MS = 3_600_000;
/** One that could not be made is tried again after so long. */
const AGAIN_MS = HOUR_MS / 4;

const { values, positionals } = readOptions({
  usage: USAGE,
  words: 2,
  options: {
    key: { type: 'string' },
    every: { type: 'string' },
    into: { type: 'string' },
    plain: { type: 'boolean', default: false },
    unsealed: { type: 'boolean', default: false },
  },
});
const COMMANDS: Readonly<Record<string, (path: string) => Promise<void>>> = {
  key: async (path) => void process.stdout.write(`BACKUP_RECIPIENT=${await makeBackupKey(path)}\n`),
  save: async (folder) => {
    const init = { folder, clock: systemClock, recipient: recipient(), keys: keys() };
    tellManifest(await onSealed((db) => saveBackup({ ...init, db })));
  },
  series: async (folder) => {
    const everyMs = every();
    if (everyMs === undefined) tell(await next(folder));
    else await goOn(folder, everyMs);
  },
  check: async (folder) =>
    tellManifest(await checkBackup({ folder, identity: await identity(), keys: keys() })),
  drill: async (folder) => tell(await drilled(folder)),
  restore: async (folder) => {
    const of = { folder, identity: await identity(), keys: keys() };
    tellManifest(await onDatabase((db) => restoreBackup({ ...of, db })));
  },
};

const [what = '', path] = positionals;
const command = Object.hasOwn(COMMANDS, what) ? COMMANDS[what] : undefined;
if (command === undefined || path === undefined) {
  failUsage(USAGE, `Name a command, ${Object.keys(COMMANDS).join(', ')}, and a file or folder.`);
}
try {
  await command(path);
} catch (error) {
  if (!(error instanceof BackupError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}

async function next(folder: string): Promise<BackupOutcome & { readonly dropped: number }> {
  const began = systemClock.monotonic();
  const init = { folder, clock: systemClock, recipient: recipient(), keys: keys() };
  return onSealed(async (db) => {
    const { name, manifest, dropped } = await saveNext({ ...init, db });
    const tookMs = systemClock.monotonic() - began;
    const outcome = outcomeOf({ name, manifest, at: new Date(manifest.at), tookMs });
    await new BackupNotes(db).note('saved', outcome);
    return { ...outcome, dropped: dropped.length };
  });
}

/** Until it is stopped: one that fails is told, and tried again. */
async function goOn(folder: string, everyMs: number): Promise<void> {
  recipient();
  // Also from the middle of one, which never looks whole.
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));
  for (;;) {
    const waitMs = await dueInMs(folder, { now: systemClock.now(), everyMs });
    if (waitMs > 0) await systemClock.sleep(waitMs);
    else if (!(await isMade(folder))) await systemClock.sleep(Math.min(everyMs, AGAIN_MS));
  }
}

async function isMade(folder: string): Promise<boolean> {
  try {
    tell(await next(folder));
    return true;
  } catch (error) {
    const { code, message } =
      error instanceof BackupError ? error : { code: 'backup.failed', message: String(error) };
    process.stderr.write(`${code}: ${message}\n`);
    return false;
  }
}

async function drilled(folder: string): Promise<BackupOutcome> {
  const of = { folder, identity: await identity(), keys: keys(), clock: systemClock };
  const into =
    values.into === undefined ? undefined : await open({ ...process.env, MONGODB_URI: values.into });
  const outcome = await drill({ ...of, into }).finally(() => into?.close());
  if (process.env['MONGODB_URI'] === undefined) return outcome;
  return onDatabase(async (db) => {
    await new BackupNotes(db).note('drilled', outcome);
    return outcome;
  });
}

function every(): number | undefined {
  if (values.every === undefined) return undefined;
  return wholeNumber(values.every, { usage: USAGE, option: 'every', least: 1, most: 168 }) * HOUR_MS;
}

function recipient(): string | undefined {
  const named = process.env['BACKUP_RECIPIENT'];
  if (values.plain) return undefined;
  if (named !== undefined) return named;
  return failUsage(
    USAGE,
    'Set BACKUP_RECIPIENT ("npm run backup -- key FILE" makes one), or say --plain where the folder itself is encrypted.',
  );
}

async function identity(): Promise<string | undefined> {
  return values.key === undefined ? undefined : readBackupKey(values.key);
}

function keys(): ReturnType<typeof dataKeysFrom> | undefined {
  return values.unsealed ? undefined : dataKeysFrom(process.env);
}

function open(env = process.env): Promise<Connection> {
  return openDatabase(env, () => failUsage(USAGE, 'Set MONGODB_URI.'));
}

async function onDatabase<T>(work: (db: Connection) => Promise<T>): Promise<T> {
  const db = await open();
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** With the keys of the database, so that what is sealed is sealed as the server does it. */
function onSealed<T>(work: (db: Connection) => Promise<T>): Promise<T> {
  const own = keys();
  return own === undefined ? onDatabase(work) : withSealedDatabase({ open: () => open(), keys: own }, work);
}

function tellManifest({ collections, seal: _, ...about }: BackupManifest): void {
  const documents = collections.reduce((all, each) => all + each.documents, 0);
  tell({ ...about, collections: collections.length, documents });
}

function tell(outcome: object): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
