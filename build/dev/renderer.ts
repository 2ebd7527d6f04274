import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from '../process/run-to-end.ts';

const ROOT = join(import.meta.dirname, '../..');
const APP = join(ROOT, 'terminal-app');
const OUT = join(APP, 'dist/renderer');
const STAMP = join(APP, 'dist/renderer.sha256');
/** All that can end up in the built page. */
const SOURCES = [
  ...['index.html', 'vite.config.ts', 'package.json', 'public', 'src/renderer', 'src/ipc'].map((path) =>
    join(APP, path),
  ),
  ...['api', 'i18n', 'design', 'purchase'].map((folder) => join(ROOT, 'shared/src', folder)),
  join(ROOT, 'package-lock.json'),
];

/**
 * Builds the kiosk's page where its sources are not those of the last build, and gives its folder. A few
 * milliseconds where nothing changed.
 */
export async function ensureRenderer(progress: (line: string) => void): Promise<string> {
  const hash = await hashOf(SOURCES);
  const built = await readFile(STAMP, 'utf8').catch(() => '');
  if (built === hash && existsSync(join(OUT, 'index.html'))) return OUT;
  progress("Building the kiosk's page");
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const { code, output } = await runToEnd(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: APP,
  });
  if (code !== 0) throw new Error(`The kiosk's page could not be built:\n${output}`);
  await mkdir(join(APP, 'dist'), { recursive: true });
  await writeFile(STAMP, hash);
  return OUT;
}

async function hashOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of await filesOf(path)) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex');
}

/** The file, or all files of the folder in a fixed order; nothing where neither is there. */
async function filesOf(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => null);
  if (entries === null) return [path];
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
