import process from 'node:process';
import { readOptions } from '@bianmin/purchase/node/cli-options';
import { makePackage } from './make.ts';
import { readSettings } from './settings.ts';

const USAGE = `Usage: npm run apk -- [--release] [--twice]
The home box's package, signed, aligned and checked.
  --release   with the release key (docs/stb.md)
  --twice     builds twice and compares
`;

const { values } = readOptions({
  usage: USAGE,
  options: { release: { type: 'boolean', default: false }, twice: { type: 'boolean', default: false } },
});
try {
  await makePackage({
    settings: await readSettings(values.release),
    twice: values.twice,
    say: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
