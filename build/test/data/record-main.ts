import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { readOptions } from '@bianmin/purchase/node/cli-options';
import { openTestContext } from '../../../server/src/testing/context.ts';
import { RECORD_INTO } from '../../../server/src/testing/queries/close-watch.ts';
import { RECORDED_FILE, type Recorded } from '../../../server/src/testing/queries/recorded.ts';
import { INDEX_LIST, indexList } from '../../../server/src/testing/queries/tables.ts';
import { indexesIn, prepareWhole } from '../../../server/src/testing/queries/whole.ts';

readOptions({
  usage:
    'Usage: npm run data:record. Runs the tests of the server, and writes down what they asked of the database, and which index serves it.',
});
const ROOT = join(import.meta.dirname, '../../..');
const folder = await mkdtemp(join(tmpdir(), 'bianmin-queries-'));
process.env[RECORD_INTO] = folder;
try {
  const tests = spawn('npx', ['vitest', 'run', '--project', 'db', '--project', 'contract', 'server'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  const [code] = (await once(tests, 'exit')) as [number | null];
  if (code !== 0)
    throw new Error('Not all tests passed, so that queries may be missing. Nothing was written.');
  const t = await openTestContext();
  await prepareWhole(t);
  const indexes = Object.fromEntries(await indexesIn(t.db)) as Recorded['indexes'];
  await t.close();
  const files = await Promise.all(
    (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
  );
  const queries = [...new Set(files.flatMap((text) => text.split('\n')))]
    .filter((text) => text !== '')
    .sort();
  const text = JSON.stringify({ indexes, queries });
  const options = { ...(await resolveConfig(RECORDED_FILE)), filepath: RECORDED_FILE };
  await writeFile(RECORDED_FILE, await format(text, options));
  await writeFile(INDEX_LIST, indexList({ indexes, queries }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
