import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { readOptions } from '@bianmin/shared/node/cli-options';
import { buildParts } from './parts.ts';
import { stageApp } from './stage.ts';

const USAGE = `Usage: npm run package -- [--linux|--win [TARGET…]] [--dir] [--x64] [--arm64] [--publish never]
Builds, stages and packages the kiosk, for this machine's platform where none is named. The options are electron-builder's.
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
await stageApp(ROOT, DIST, join(DIST, 'app'));
const builder = join(ROOT, 'node_modules/electron-builder/cli.js');
const { status } = spawnSync(process.execPath, [builder, ...builderArgs], {
  cwd: ROOT,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
