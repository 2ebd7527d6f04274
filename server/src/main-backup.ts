import process from 'node:process';
import type { Connection } from 'mongoose';
import { systemClock } from '@bianmin/card/node/system-clock';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { dataKeysFrom } from './config/data-keys.ts';
import { crashOnStderr, endOnCrash } from './crash.ts';
import { BackupError } from './upkeep/backup/error.ts';
import { makeBackupKey, readBackupKey } from './upkeep/backup/file-form.ts';
import type { BackupManifest } from './upkeep/backup/manifest.ts';
import { checkBackup, restoreBackup } from './upkeep/backup/restore.ts';
import { saveBackup } from './upkeep/backup/save.ts';
import { openDatabase } from './open-database.ts';
import { withSealedDatabase } from './sealed-database.ts';

endOnCrash(crashOnStderr);
const USAGE = `Usage, with MONGODB_URI and DATA_KEYS (or DATA_KEY, or TOKEN_SECRET) set as the server has them:
npm run backup -- key FILE                      makes a key: its secret half goes into FILE, keep it elsewhere
npm run backup -- save FOLDER                   writes the whole database, encrypted to BACKUP_RECIPIENT
npm run backup -- check FOLDER --key FILE       reads it all and counts the ledger, without a database
npm run backup -- restore FOLDER --key FILE     puts it into a database that has no documents
--plain: not encrypted, for a folder that is. --unsealed: of before backups were sealed with the data key.
`;

const { values, positionals } = readOptions({
  usage: USAGE,
  words: 2,
  options: {
    key: { type: 'string' },
    plain: { type: 'boolean', default: false },
    unsealed: { type: 'boolean', default: false },
  },
});
const [what = '', path] = positionals;
if (!['key', 'save', 'check', 'restore'].includes(what) || path === undefined) {
  failUsage(USAGE, 'Name a command, key, save, check or restore, and a file or folder.');
}
try {
  if (what === 'key') {
    process.stdout.write(`BACKUP_RECIPIENT=${await makeBackupKey(path)}\n`);
  } else {
    const { collections, seal: _, ...about } = await run(path);
    const documents = collections.reduce((all, each) => all + each.documents, 0);
    process.stdout.write(`${JSON.stringify({ ...about, collections: collections.length, documents })}\n`);
  }
} catch (error) {
  if (!(error instanceof BackupError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}

async function run(folder: string): Promise<BackupManifest> {
  const identity = values.key === undefined ? undefined : await readBackupKey(values.key);
  const keys = values.unsealed ? undefined : dataKeysFrom(process.env);
  if (what === 'check') return checkBackup({ folder, identity, keys });
  const recipient = process.env['BACKUP_RECIPIENT'];
  if (what === 'save' && recipient === undefined && !values.plain) {
    failUsage(
      USAGE,
      'Set BACKUP_RECIPIENT ("npm run backup -- key FILE" makes one), or say --plain where the folder itself is encrypted.',
    );
  }
  const open = () => openDatabase(process.env, () => failUsage(USAGE, 'Set MONGODB_URI.'));
  const save = (db: Connection): Promise<BackupManifest> =>
    saveBackup({ db, folder, clock: systemClock, keys, recipient: values.plain ? undefined : recipient });
  if (what === 'save' && keys !== undefined) return withSealedDatabase({ open, keys }, save);
  const db = await open();
  try {
    return await (what === 'restore' ? restoreBackup({ db, folder, identity, keys }) : save(db));
  } finally {
    await db.close();
  }
}
