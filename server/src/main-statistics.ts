import process from 'node:process';
import { systemClock } from '@bianmin/shared/node/system-clock';
import { createReport } from './report/services.ts';
import { connectDatabase } from './store/connection.ts';

/** `check` holds rollups beside orders, `rebuild` makes them anew; on the database of MONGODB_URI. */
const [what] = process.argv.slice(2);
const uri = process.env['MONGODB_URI'];
if ((what !== 'check' && what !== 'rebuild') || uri === undefined || uri === '') {
  process.stderr.write('Usage: npm run statistics -- check|rebuild, with MONGODB_URI set.\n');
  process.exit(2);
}
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
