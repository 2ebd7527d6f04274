import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { runToEnd } from '../../kit/process/run-to-end.ts';
import { withProgress } from '../../kit/process/waiting.ts';

const ROOT = join(import.meta.dirname, '../../..');
const KIOSK = join(ROOT, 'terminal-app');
const PAYER = join(ROOT, 'server/payer');
const ADMIN = join(ROOT, 'server/admin');
const STB = join(ROOT, 'stb-app');
const CARD = join(ROOT, 'shared/card/src');
const PURCHASE = join(ROOT, 'shared/purchase/src');

/** Pages that are built, with all that can end up in them. */
interface Pages {
  readonly name: string;
  readonly out: string;
  /** Beside the output, which each build empties. */
  readonly stamp: string;
  readonly sources: readonly string[];
  /** Into a folder that no other build has. */
  readonly build: (out: string, signal: AbortSignal | undefined) => Promise<unknown>;
}

const KIOSK_PAGE: Pages = {
  name: "the kiosk's page",
  build: vite(KIOSK),
  out: join(KIOSK, 'dist/renderer'),
  stamp: join(KIOSK, 'dist/renderer.sha256'),
  sources: [
    ...['index.html', 'vite.config.ts', 'package.json', 'public', 'src/renderer', 'src/ipc', 'src/words'].map(
      (path) => join(KIOSK, path),
    ),
    ...['api', 'i18n', 'design', 'purchase'].map((folder) => join(PURCHASE, folder)),
    join(ROOT, 'build/kit/vite'),
    join(ROOT, 'package-lock.json'),
  ],
};

const PAYER_PAGES: Pages = {
  name: "the phone's pages",
  build: vite(PAYER),
  out: join(PAYER, 'dist'),
  stamp: join(KIOSK, 'dist/payer.sha256'),
  sources: [
    ...['index.html', 'vite.config.ts', 'src'].map((path) => join(PAYER, path)),
    ...['api', 'design', 'i18n'].map((folder) => join(PURCHASE, folder)),
    join(ROOT, 'package-lock.json'),
  ],
};

const CONSOLE_PAGES: Pages = {
  name: "the administrators' pages",
  build: vite(ADMIN),
  out: join(ADMIN, 'dist'),
  stamp: join(KIOSK, 'dist/admin.sha256'),
  sources: [
    ...['index.html', 'vite.config.ts', 'src'].map((path) => join(ADMIN, path)),
    ...['api', 'design', 'i18n'].map((folder) => join(PURCHASE, folder)),
    join(ROOT, 'package-lock.json'),
  ],
};

const TV_PAGES: Pages = {
  name: "the home box's pages",
  build: vite(STB),
  out: join(STB, 'dist/tv'),
  stamp: join(STB, 'dist/tv.sha256'),
  sources: [
    ...['index.html', 'vite.config.ts', 'package.json', 'public', 'build', 'src'].map((path) =>
      join(STB, path),
    ),
    // The card layer and the purchase run in the page.
    ...['bytes', 'chip', 'framing', 'meter-card', 'reader', 'usb'].map((folder) => join(CARD, folder)),
    ...['android', 'api', 'design', 'i18n', 'purchase', 'terminal'].map((folder) => join(PURCHASE, folder)),
    join(ROOT, 'build/kit/vite'),
    join(ROOT, 'package-lock.json'),
  ],
};

const PORTAL_PAGES: Pages = {
  name: "the portal's pages",
  // It brings a compiler, which takes longer to load than to see that nothing changed.
  build: async (out) => (await import('../portal/build.ts')).buildPortal(out),
  out: join(STB, 'portal/dist'),
  stamp: join(STB, 'dist/portal.sha256'),
  sources: [
    ...['pages', 'site.json', 'src', 'words'].map((path) => join(STB, 'portal', path)),
    join(STB, 'src/tv/words'),
    ...['api/channels.ts', 'api/language.ts', 'design', 'i18n', 'purchase/view/problem-screens.ts'].map(
      (path) => join(PURCHASE, path),
    ),
    join(ROOT, 'build/run/portal'),
    join(ROOT, 'package-lock.json'),
  ],
};

/**
 * Builds the kiosk's page where its sources are not those of the last build, and gives its folder. A few
 * milliseconds where nothing changed. `signal` ends a build that is not waited for any more.
 */
export function ensureRenderer(progress: (line: string) => void, signal?: AbortSignal): Promise<string> {
  return ensureBuilt(KIOSK_PAGE, progress, signal);
}

/** The same of the phone's pages, which the web process serves. */
export function ensurePayerPages(progress: (line: string) => void, signal?: AbortSignal): Promise<string> {
  return ensureBuilt(PAYER_PAGES, progress, signal);
}

/** The same of the administrators' pages, which the web process serves. */
export function ensureConsolePages(progress: (line: string) => void, signal?: AbortSignal): Promise<string> {
  return ensureBuilt(CONSOLE_PAGES, progress, signal);
}

/** The same of the home box's pages, for old engines. */
export function ensureTvPages(progress: (line: string) => void, signal?: AbortSignal): Promise<string> {
  return ensureBuilt(TV_PAGES, progress, signal);
}

/** The same of the portal's pages, which the web process serves. */
export function ensurePortalPages(progress: (line: string) => void, signal?: AbortSignal): Promise<string> {
  return ensureBuilt(PORTAL_PAGES, progress, signal);
}

async function ensureBuilt(
  { name, out, stamp, sources, build }: Pages,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const hash = await hashOf(sources);
  const built = await readFile(stamp, 'utf8').catch(() => '');
  if (built === hash && existsSync(join(out, 'index.html'))) return out;
  progress(`Building ${name}`);
  // Two commands may build the same pages at once: each aside, and whole ones take the place of whole ones.
  const aside = `${stamp}.${process.pid}`;
  try {
    await withProgress({ what: `the build of ${name}`, progress }, build(aside, signal));
    await rm(out, { recursive: true, force: true });
    await rename(aside, out);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw new Error(`These could not be built: ${name}. ${String(error)}`, { cause: error });
  }
  await writeFile(stamp, hash);
  return out;
}

/** Builds a folder by its own configuration. */
function vite(cwd: string): Pages['build'] {
  return async (out, signal) => {
    const program = join(ROOT, 'node_modules/vite/bin/vite.js');
    const args = ['build', '--outDir', out, '--emptyOutDir', '--logLevel', 'warn'];
    const { code, output } = await runToEnd(process.execPath, [program, ...args], {
      cwd,
      // A test's own would build the framework as it is for its developers, with paths of this machine in it.
      env: { ...process.env, NODE_ENV: 'production' },
      ...(signal === undefined ? {} : { signal }),
    });
    if (code !== 0) throw new Error(`Vite said:\n${output}`);
  };
}

/** The same wherever the checkout lies: pages may be copied with what they were built from. */
async function hashOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of await filesOf(path)) hash.update(relative(ROOT, file)).update(await readFile(file));
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

/** Where built pages and their stamps lie, from the project's root. */
export const BUILT_PAGES: readonly string[] = [KIOSK_PAGE, PAYER_PAGES, CONSOLE_PAGES, TV_PAGES, PORTAL_PAGES]
  .flatMap(({ out, stamp }) => [out, stamp])
  .map((path) => relative(ROOT, path));
