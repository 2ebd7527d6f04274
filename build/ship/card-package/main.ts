import { join } from 'node:path';
import process from 'node:process';
import { readOptions } from '@bianmin/shared/node/cli-options';
import { buildCardPackage, packCardPackage } from './build.ts';

const DIST = join(import.meta.dirname, '../../../shared/dist');

readOptions({
  usage:
    'Usage: npm run pack:card. Builds the package @bianmin/card into shared/dist/card and packs it beside.',
});
await buildCardPackage(join(DIST, 'card'));
process.stdout.write(`${await packCardPackage(join(DIST, 'card'), DIST)}\n`);
