import process from 'node:process';
import { failUsage, readOptions } from '@bianmin/shared/node/cli-options';
import { systemClock } from '@bianmin/shared/node/system-clock';
import { crashOnStderr, endOnCrash } from './crash.ts';
import { createReport } from './wiring/reports.ts';
import { connectDatabase } from './adapters/mongo/connection.ts';

endOnCrash(crashOnStderr);
const USAGE = `Usage, with MONGODB_URI set:
npm run statistics -- check     holds rollups beside orders; exits 1 where they are not equal
npm run statistics -- rebuild   makes them anew
`;

const [what] = readOptions({ usage: USAGE, words: 1 }).positionals;
const uri = process.env['MONGODB_URI'];
if (what !== 'check' && what !== 'rebuild') failUsage(USAGE, 'Name a command: check or rebuild.');
if (uri === undefined || uri === '') failUsage(USAGE, 'Set MONGODB_URI.');
const db = await connectDatabase(uri);
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
