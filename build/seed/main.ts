import { resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { systemClock } from '@bianmin/shared/node/system-clock';
import { connectDatabase } from '../../server/src/store/connection.ts';
import { NumberSeal } from '../../server/src/store/sealed-number.ts';
import { openDatabase } from '../db/open.ts';
import { loadOrCreateSecrets } from '../dev/secrets.ts';
import { seedDatabase } from './seed-database.ts';

/** The folder of `npm start`. */
const DIR = '.data/dev';
const USAGE =
  'Usage: npm run seed:year -- [--orders N] [--seed N] [--dir FOLDER | --uri MONGODB_URI, with DATA_KEY or TOKEN_SECRET set].\n' +
  'Without --uri: into the database of `npm start -- --dir FOLDER` (.data/dev where none is named), which must not be running.\n';

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '412000' },
    seed: { type: 'string', default: '1' },
    dir: { type: 'string', default: DIR },
    uri: { type: 'string' },
  },
});
const [orders, seed] = [Number(values.orders), Number(values.seed)];
if (![orders, seed].every((number) => Number.isSafeInteger(number) && number >= 0)) {
  process.stderr.write(USAGE);
  process.exit(2);
}
const report = (line: string): void => void process.stderr.write(`${line}\n`);

const target = values.uri === undefined ? await ofStack(values.dir) : ofServer(values.uri);
const began = performance.now();
try {
  const db = await connectDatabase(target.uri);
  try {
    const now = new Date(systemClock.now());
    const seal = new NumberSeal(Buffer.from(target.key, 'hex'));
    const seeded = await seedDatabase({ db, seal, orders, seed, now, report });
    const seconds = Number(((performance.now() - began) / 1000).toFixed(1));
    process.stdout.write(`${JSON.stringify({ ...seeded, seed, seconds })}\n`);
  } finally {
    await db.close();
  }
} catch (error) {
  report(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await target.close();
}

interface Target {
  readonly uri: string;
  /** What customer numbers are sealed with, hex. */
  readonly key: string;
  close(): Promise<void>;
}

async function ofStack(folder: string): Promise<Target> {
  const dir = resolve(folder);
  const { tokenSecret } = await loadOrCreateSecrets(dir);
  const database = await openDatabase({ dir: resolve(dir, 'db'), progress: report });
  report(`database  ${database.note}`);
  const uri = new URL(database.uri);
  if (uri.pathname.length <= 1) uri.pathname = '/bianmin';
  return { uri: uri.href, key: tokenSecret, close: () => database.close() };
}

function ofServer(given: string): Target {
  const key = process.env['DATA_KEY'] ?? process.env['TOKEN_SECRET'];
  if (key === undefined || !/^[0-9a-f]{64}$/u.test(key)) {
    report('Set DATA_KEY or TOKEN_SECRET to the server’s own: customer numbers are sealed with it.');
    process.exit(2);
  }
  return { uri: given, key, close: () => Promise.resolve() };
}
