import { join } from 'node:path';
import process from 'node:process';
import { readOptions } from '@bianmin/purchase/node/cli-options';
import { buildCardPackage, packCardPackage } from './build.ts';

const DIST = join(import.meta.dirname, '../../../shared/card/dist');

readOptions({
  usage:
    'Usage: npm run pack:card. Builds the package @bianmin/card into shared/card/dist/package and packs it beside.',
});
const built = join(DIST, 'package');
await buildCardPackage(built);
process.stdout.write(`${await packCardPackage(built, DIST)}\n`);
