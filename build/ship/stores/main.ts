import { relative } from 'node:path';
import process from 'node:process';
import { failUsage, readOptions, wholeNumber } from '@bianmin/purchase/node/cli-options';
import { makeStores, STORES_USER } from './make.ts';

const USAGE = `Usage: npm run stores -- <folder> [--days 825]
  makes what MongoDB and Redis are guarded by: an authority, certificates, passwords (docs/operations/stores.md).
  In a folder that has them: new certificates; authority and passwords stay.
`;

const { positionals, values } = readOptions({
  usage: USAGE,
  words: 1,
  options: { days: { type: 'string', default: '825' } },
});
const [folder] = positionals;
if (folder === undefined) failUsage(USAGE, 'Name the folder for it, outside of version control.');
const days = wholeNumber(values.days, { usage: USAGE, option: 'days', least: 1, most: 825 });
const { forStores, renewed } = await makeStores(folder, days);
process.stdout.write(
  renewed
    ? `New certificates for ${days} days. Start MongoDB, both Redis, then the servers again.\n`
    : `An authority, certificates for ${days} days, and passwords. Keep a copy where backups are not.\n`,
);
if (process.getuid?.() !== 0) {
  const paths = forStores.map((path) => relative('.', path)).join(' ');
  process.stdout.write(
    `The stores' own user must read some: sudo chown ${STORES_USER}:${STORES_USER} ${paths}\n`,
  );
}
