import { resolve } from 'node:path';
import process from 'node:process';
import { systemClock } from '@bianmin/card/node/system-clock';
import { readOptions, wholeNumber } from '@bianmin/purchase/node/cli-options';
import { connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { dataKeysFrom } from '../../../server/src/config/data-keys.ts';
import type { KeyRing } from '../../../server/src/kernel/key-ring.ts';
import { passGate } from '../../../server/src/upkeep/migrations/gate.ts';
import { sealAsOthersDo } from '../../../server/src/upkeep/keys/open-keys.ts';
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
  --uri URI        into this one instead, with DATA_KEYS (or DATA_KEY, or TOKEN_SECRET) as its server has them
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
    // Empty as it is it is of the newest version: migrations would walk through the whole year.
    await passGate({ db, clock: systemClock, mode: 'check' });
    await sealAsOthersDo(db, target.keys);
    const seal = new NumberSeal(target.keys);
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
  /** What customer numbers are sealed with. */
  readonly keys: KeyRing;
  close(): Promise<void>;
}

async function ofStack(folder: string): Promise<Target> {
  const dir = resolve(folder);
  const { tokenSecret } = await loadOrCreateSecrets(dir);
  const database = await openDatabase({ dir: resolve(dir, 'db'), progress: report, given: 'as-is' });
  report(`database  ${database.note}`);
  const keys = dataKeysFrom({ TOKEN_SECRET: tokenSecret });
  return { uri: namedUri(database.uri, 'bianmin'), keys, close: () => database.close() };
}

function ofServer(given: string): Target {
  return { uri: given, keys: dataKeysFrom(process.env), close: () => Promise.resolve() };
}
