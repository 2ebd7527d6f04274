import { resolve } from 'node:path';
import process from 'node:process';
import { failUsage, readOptions, wholeNumber } from '@bianmin/shared/node/cli-options';
import { systemClock } from '@bianmin/shared/node/system-clock';
import { connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { NumberSeal } from '../../../server/src/kernel/sealed-number.ts';
import { namedUri } from '../../kit/db/given.ts';
import { openDatabase } from '../../kit/db/open.ts';
import { loadOrCreateSecrets } from '../dev/secrets.ts';
import { seedDatabase } from './seed-database.ts';

/** The folder of `npm start`. */
const DIR = '.data/dev';
const USAGE = `Usage: npm run seed:year -- [--orders N] [--seed N] [--data FOLDER | --uri MONGODB_URI]
  --orders N       how many there are to be; 412000
  --seed N         the same year again; 1
  --data FOLDER    into the database of "npm start -- --data FOLDER", which must not be running (BIANMIN_DATA; .data/dev)
  --uri URI        into this one instead, with DATA_KEY or TOKEN_SECRET set as its server has them
`;

const { values } = readOptions({
  usage: USAGE,
  options: {
    orders: { type: 'string', default: '412000' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string', default: process.env['BIANMIN_DATA'] || DIR },
    uri: { type: 'string' },
  },
});
const orders = wholeNumber(values.orders, { usage: USAGE, option: 'orders' });
const seed = wholeNumber(values.seed, { usage: USAGE, option: 'seed' });
const report = (line: string): void => void process.stderr.write(`${line}\n`);

const target = values.uri === undefined ? await ofStack(values.data) : ofServer(values.uri);
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
  const database = await openDatabase({ dir: resolve(dir, 'db'), progress: report, given: 'as-is' });
  report(`database  ${database.note}`);
  return { uri: namedUri(database.uri, 'bianmin'), key: tokenSecret, close: () => database.close() };
}

function ofServer(given: string): Target {
  const key = process.env['DATA_KEY'] ?? process.env['TOKEN_SECRET'];
  if (key === undefined || !/^[0-9a-f]{64}$/u.test(key)) {
    failUsage(
      USAGE,
      'Set DATA_KEY or TOKEN_SECRET to the server’s own: customer numbers are sealed with it.',
    );
  }
  return { uri: given, key, close: () => Promise.resolve() };
}
