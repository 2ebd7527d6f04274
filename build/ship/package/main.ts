import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { readOptions } from '@bianmin/purchase/node/cli-options';
import { billOf } from '../../kit/sbom.ts';
import { buildParts } from './parts.ts';
import { stageApp } from './stage.ts';

const USAGE = `Usage: npm run package -- [--linux|--win [TARGET…]] [--dir] [--x64] [--arm64] [--publish never]
Builds, stages and packages the kiosk, for this machine's platform where none is named. The options are electron-builder's.
BIANMIN_RELEASE_ROOT names the file of those who sign releases, which the kiosk is born with.
`;
const TARGETS = 16;

const { positionals, values } = readOptions({
  usage: USAGE,
  words: TARGETS,
  options: {
    linux: { type: 'boolean' },
    win: { type: 'boolean' },
    dir: { type: 'boolean' },
    x64: { type: 'boolean' },
    arm64: { type: 'boolean' },
    publish: { type: 'string' },
  },
});
const { publish, ...flags } = values;
const builderArgs = [
  ...Object.keys(flags).map((name) => `--${name}`),
  ...(publish === undefined ? [] : ['--publish', publish]),
  ...positionals,
];
const ROOT = join(import.meta.dirname, '../../..');
const DIST = join(ROOT, 'terminal-app/dist');
buildParts(ROOT, DIST);
const roots = process.env['BIANMIN_RELEASE_ROOT'] || undefined;
if (roots === undefined) {
  process.stderr.write(
    'BIANMIN_RELEASE_ROOT names no roots: this kiosk is born without any, and is told of them by its own environment.\n',
  );
}
await stageApp(ROOT, DIST, { out: join(DIST, 'app'), roots });
const builder = join(ROOT, 'node_modules/electron-builder/cli.js');
const { status } = spawnSync(process.execPath, [builder, ...builderArgs], {
  cwd: ROOT,
  stdio: 'inherit',
});
const { version } = JSON.parse(readFileSync(join(ROOT, 'terminal-app/package.json'), 'utf8')) as {
  version: string;
};
const bill = join(DIST, 'package', `bianmin-kiosk-${version}.sbom.cdx.json`);
if (status === 0) writeFileSync(bill, `${JSON.stringify(billOf('kiosk', ROOT), null, 2)}\n`);
process.exitCode = status ?? 1;
