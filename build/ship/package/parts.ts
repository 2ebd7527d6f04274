import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

/** The built parts of the kiosk, by the name of their folder, with vite's arguments for each. */
export const PARTS = {
  renderer: [],
  main: ['-c', 'vite.electron.config.ts', '--mode', 'main'],
  'device-child': ['-c', 'vite.electron.config.ts', '--mode', 'device-child'],
  preload: ['-c', 'vite.electron.config.ts', '--mode', 'preload'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Builds renderer, main, the readers' child and preload, each in its folder of `out`. Fails with what vite said. */
export function buildParts(root: string, out: string): void {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  for (const [part, config] of Object.entries(PARTS)) {
    const args = [
      vite,
      'build',
      ...config,
      '--logLevel',
      'error',
      '--outDir',
      join(out, part),
      '--emptyOutDir',
    ];
    const run = spawnSync(process.execPath, args, {
      cwd: join(root, 'terminal-app'),
      encoding: 'utf8',
      env: { ...process.env, NODE_ENV: 'production' },
    });
    if (run.status !== 0) throw new Error(`vite could not build ${part}.\n${run.stdout}${run.stderr}`);
  }
}
