import process from 'node:process';
import { failUsage, readOptions } from '@bianmin/shared/node/cli-options';
import { systemClock } from '@bianmin/shared/node/system-clock';
import { BackupError } from './upkeep/backup/error.ts';
import { restoreBackup } from './upkeep/backup/restore.ts';
import { saveBackup } from './upkeep/backup/save.ts';
import { openDatabase } from './open-database.ts';

const USAGE = `Usage, with MONGODB_URI set:
npm run backup -- save FOLDER      writes the whole database into an empty folder
npm run backup -- restore FOLDER   puts it into a database that has no documents
`;

const [what, folder] = readOptions({ usage: USAGE, words: 2 }).positionals;
if ((what !== 'save' && what !== 'restore') || folder === undefined) {
  failUsage(USAGE, 'Name a command, save or restore, and a folder.');
}
const db = await openDatabase(process.env, () => failUsage(USAGE, 'Set MONGODB_URI.'));
try {
  const { collections, ...about } =
    what === 'save'
      ? await saveBackup({ db, folder, clock: systemClock })
      : await restoreBackup({ db, folder });
  const documents = collections.reduce((all, each) => all + each.documents, 0);
  process.stdout.write(`${JSON.stringify({ ...about, collections: collections.length, documents })}\n`);
} catch (error) {
  if (!(error instanceof BackupError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  await db.close();
}
