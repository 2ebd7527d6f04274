import process from 'node:process';
import { systemClock } from '@bianmin/card/node/system-clock';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { crashOnStderr, endOnCrash } from './crash.ts';
import { createReport } from './wiring/reports.ts';
import { openDatabase } from './open-database.ts';

endOnCrash(crashOnStderr);
const USAGE = `Usage, with MONGODB_URI set:
npm run statistics -- check     holds rollups beside orders; exits 1 where they are not equal
npm run statistics -- rebuild   makes them anew
`;

const [what] = readOptions({ usage: USAGE, words: 1 }).positionals;
if (what !== 'check' && what !== 'rebuild') failUsage(USAGE, 'Name a command: check or rebuild.');
const db = await openDatabase(process.env, () => failUsage(USAGE, 'Set MONGODB_URI.'));
try {
  const report = await createReport({ db, clock: systemClock });
  if (what === 'rebuild') {
    process.stdout.write(`${JSON.stringify({ orders: await report.rebuild.run() })}\n`);
  } else {
    const check = await report.checker.run();
    process.stdout.write(`${JSON.stringify(check)}\n`);
    if (!check.equal) process.exitCode = 1;
  }
} finally {
  await db.close();
}
