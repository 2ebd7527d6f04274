import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { buildParts } from './parts.ts';
import { stageApp } from './stage.ts';

/** Builds, stages and packages the kiosk for this machine's platform; further arguments are electron-builder's. */
const ROOT = join(import.meta.dirname, '../..');
const DIST = join(ROOT, 'terminal-app/dist');
buildParts(ROOT, DIST);
await stageApp(ROOT, DIST, join(DIST, 'app'));
const builder = join(ROOT, 'node_modules/electron-builder/cli.js');
const { status } = spawnSync(process.execPath, [builder, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
