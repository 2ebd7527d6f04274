import process from 'node:process';
import { systemClock } from '@bianmin/card/node/system-clock';
import { failUsage, readOptions, wholeNumber } from '@bianmin/purchase/node/cli-options';
import { crashOnStderr, endOnCrash } from './crash.ts';
import { loadConfig, type Config } from './config/config.ts';
import { mongoTls } from './config/stores.ts';
import { MIGRATIONS } from './upkeep/migrations/all.ts';
import { MigrationError } from './upkeep/migrations/error.ts';
import { migratorName } from './upkeep/migrations/gate.ts';
import { Migrator, type Plan } from './upkeep/migrations/migrator.ts';
import { sayWhoAdministers } from './setup-sentence.ts';
import { connectDatabase } from './adapters/mongo/connection.ts';
import { startWeb } from './web.ts';

endOnCrash(crashOnStderr);
const USAGE = `Usage, with the environment of web:
npm run migrate                               to the version of this code, and makes what indexes lack
npm run migrate -- status                     which migrations are done, by whom and when
npm run migrate -- up [--to N] [--dry-run]    up to version N; --dry-run only says what would be done
npm run migrate -- down [--to N] [--dry-run]  back to version N, the one before where none is named
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Brings the database to where a version of the code needs it, forward before its processes start, back after they ended. */
async function main(): Promise<void> {
  const { values, positionals } = readOptions({
    usage: USAGE,
    words: 1,
    options: { to: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  const [what = 'up'] = positionals;
  const to = wholeNumber(values.to, { usage: USAGE, option: 'to' });
  if (!['status', 'up', 'down'].includes(what)) failUsage(USAGE, `There is no "${what}".`);
  const config = loadConfig(process.env);
  const db = await connectDatabase(config.MONGODB_URI, mongoTls(config));
  try {
    const migrator = new Migrator({
      ...{ db, clock: systemClock, migrations: MIGRATIONS, by: migratorName(), report: say },
      keys: config.DATA_KEYS,
    });
    if (what === 'status') {
      const { version, needed, migrations } = await migrator.status();
      say(`database ${version}, this code ${needed}`);
      for (const { name, state, by = '', at, changed } of migrations) {
        say([name, state, at?.toISOString() ?? '', by, changed ? 'CHANGED SINCE' : ''].join('  ').trimEnd());
      }
      return;
    }
    const way = what === 'down' ? 'down' : 'up';
    if (values['dry-run']) return list(await migrator.plan(way, to));
    await migrator.run(way, to);
  } finally {
    await db.close();
  }
  // A web process makes every collection's indexes before it listens, so one is started where no client can reach it,
  // and ended.
  if (what === 'up' && to === undefined) await prepare(config);
  say('migrated');
}

async function prepare(config: Config): Promise<void> {
  const web = await startWeb({ ...config, HOST: '127.0.0.1', PORT: 0, METRICS_PORT: undefined, DRAIN_MS: 0 });
  sayWhoAdministers(web, config);
  await web.close();
}

function list({ way, migrations }: Plan): void {
  if (migrations.length === 0) say('nothing to do');
  for (const { name } of migrations) say(`would go ${way}: ${name}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof MigrationError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exit(1);
}
process.exit();
