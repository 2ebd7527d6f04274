import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const IMAGES = join(ROOT, 'docs/images');
const STAMP = join(IMAGES, 'kiosk-pay.sha256');
/** All that decides what the screen looks like. */
export const SCREEN_SOURCES = [
  'terminal-app/src/renderer',
  'terminal-app/src/words',
  'terminal-app/index.html',
  'shared/purchase/src/i18n',
  'shared/purchase/src/api/channels.ts',
  'shared/purchase/src/api/language.ts',
  'shared/purchase/src/design',
];

/** Digest of what the kiosk's screens are made of. */
function screenDigest(): Promise<string> {
  return digestOf(SCREEN_SOURCES);
}

/** Of these files and folders, from the root, but for their unit tests and what an editor or a system hides beside them. */
export async function digestOf(sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesOf(join(ROOT, source))) {
      hash.update(file.slice(ROOT.length).replaceAll(sep, '/')).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

/** Whether the README's picture was taken of the screens as they are now. */
export async function isReadmeCurrent(): Promise<boolean> {
  const taken = await readFile(STAMP, 'utf8').catch(() => '');
  return taken.trim() === (await screenDigest());
}

/** Puts a screenshot of this run into the README. */
export async function updateReadme(screenshot: string): Promise<void> {
  await mkdir(IMAGES, { recursive: true });
  await copyFile(screenshot, join(IMAGES, 'kiosk-pay.png'));
  await writeFile(STAMP, `${await screenDigest()}\n`);
}

async function filesOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => null);
  if (entries === null) return [path];
  return entries
    .filter(({ name }) => !name.endsWith('.test.ts') && !name.startsWith('.'))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
