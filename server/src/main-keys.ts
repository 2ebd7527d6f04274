import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import { systemClock } from '@bianmin/card/node/system-clock';
import type { AdminKeys } from '@bianmin/purchase/api/admin-keys';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { loadConfig } from './config/config.ts';
import { mongoTls } from './config/stores.ts';
import { crashOnStderr, endOnCrash } from './crash.ts';
import { createLogger } from './adapters/log/log.ts';
import { connectDatabase } from './adapters/mongo/connection.ts';
import { KeySetupError } from './upkeep/keys/error.ts';
import { KeyStatus } from './upkeep/keys/key-status.ts';
import { withSealedDatabase } from './sealed-database.ts';
import { ResealStore } from './upkeep/keys/reseal-store.ts';
import { Resealer } from './upkeep/keys/resealer.ts';

endOnCrash(crashOnStderr);
const USAGE = `Usage, with the environment of web (docs/how-to/change-a-key.md):
npm run keys                 which keys there are, how old, and how far a change has come; never a key
npm run keys -- --json       the same for a program
npm run keys -- reseal       makes values under an old version anew, as a worker does, until none is left
`;
/** Between two looks at what must wait. */
const WAIT_MS = 5_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { values, positionals } = readOptions({
  usage: USAGE,
  words: 1,
  options: { json: { type: 'boolean', default: false } },
});
const [what = 'status'] = positionals;
if (what !== 'status' && what !== 'reseal') failUsage(USAGE, `There is no "${what}".`);
const config = loadConfig(process.env);
const keys = config.DATA_KEYS;
const open = () => connectDatabase(config.MONGODB_URI, mongoTls(config));
try {
  await withSealedDatabase({ open, keys }, async (db) => {
    if (what === 'reseal') await reseal(db);
    const status = await new KeyStatus({ db, config, clock: systemClock }).now();
    if (values.json) say(JSON.stringify(status));
    else tell(status);
  });
} catch (error) {
  if (!(error instanceof KeySetupError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}

async function reseal(db: Connection): Promise<void> {
  if (!keys.sealsAll) {
    say('No server of this version has begun on this database yet. Start web and worker first.');
    return;
  }
  const log = createLogger({ level: 'silent', process: 'keys' });
  const [work, resealer] = [new ResealStore(db), new Resealer({ db, keys, clock: systemClock, log })];
  await work.again();
  for (let told = ''; ;) {
    const looked = await resealer.round();
    const progress = await work.get();
    const isOver = (progress?.doneAt ?? progress?.stoppedAt) !== undefined;
    if (isOver && progress?.target === keys.sealing) return;
    const line = progress === undefined ? '' : `walk ${progress.walk} ${progress.collection}`;
    if (line !== told) say((told = line));
    if (looked === 0) await sleep(WAIT_MS);
  }
}

function tell({ data, others, terminals }: AdminKeys): void {
  for (const { version, state, firstSeenAt, usedSince, emptiedAt } of data.versions) {
    const times = [
      `seen ${firstSeenAt}`,
      usedSince && `used since ${usedSince}`,
      emptiedAt && `empty since ${emptiedAt}`,
    ];
    say(`DATA_KEYS ${version}  ${state}  ${times.filter(Boolean).join(', ')}`);
  }
  if (data.lacking > 0)
    say(`${data.lacking} processes lack the newest version; it is used once they have it`);
  if (data.work !== null) {
    const { version, walk, looked, documents, renewed, left, doneAt, stoppedAt, unreadable } = data.work;
    const still = Object.entries(left).map(([collection, count]) => `${count} in ${collection}`);
    say(
      doneAt === null
        ? `to version ${version}: walk ${walk}, ${looked} of about ${documents} documents, ${renewed} values made anew; left: ${still.join(', ') || 'not known yet'}`
        : `everything is under version ${version} since ${doneAt}`,
    );
    if (stoppedAt !== null)
      say(
        `stopped ${stoppedAt}: ${unreadable} values open under no key, the worker's log names them; npm run keys -- reseal tries once more`,
      );
  }
  for (const { name, fingerprint, since, notAfter } of others) {
    say(`${name}  ${fingerprint}  since ${since}${notAfter === null ? '' : `, ends ${notAfter}`}`);
  }
  say(`${terminals.count} terminals with keys of their own, the oldest since ${terminals.oldest ?? 'never'}`);
}
