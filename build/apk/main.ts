import process from 'node:process';
import { parseArgs } from 'node:util';
import { makePackage } from './make.ts';
import { readSettings } from './settings.ts';

/** `npm run apk`: a signed, aligned and checked package; `--release` with the release key, `--twice` proves it reproducible. */
const { values } = parseArgs({
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
