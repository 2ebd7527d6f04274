import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';

const ROOT = join(import.meta.dirname, '../../..');
/** The folder that holds them, for every stack that this process and its children start. */
const PLACE = 'BIANMIN_PROGRAMS';

/**
 * Bundles programs of the stack into `out`: a process then starts with less than half the work, which counts where many
 * stacks are started one after the other. Packages stay outside.
 */
export async function buildPrograms(
  out: string,
  mains: readonly string[],
  plugins: readonly Plugin[] = [],
): Promise<void> {
  const input = Object.fromEntries(mains.map((main) => [nameOf(main), join(ROOT, main)]));
  // Every stack reads this file, and a compiler takes long to load.
  const { build } = await import('vite');
  await build({
    ...{
      root: ROOT,
      configFile: false,
      publicDir: false,
      logLevel: 'warn',
      plugins: [...plugins, atItsSource],
    },
    build: { ssr: true, outDir: out, emptyOutDir: true, rollupOptions: { input } },
  });
  process.env[PLACE] = out;
}

export async function removePrograms(out: string): Promise<void> {
  Reflect.deleteProperty(process.env, PLACE);
  await rm(out, { recursive: true, force: true });
}

/** What Node is to run for a program's source: the bundle where there is one. */
export function programArgs(main: string, bundles = process.env[PLACE]): readonly string[] {
  if (bundles !== undefined) return [join(bundles, `${nameOf(main)}.js`)];
  return ['--import', 'tsx', '--enable-source-maps', join(ROOT, main)];
}

/** `server/src/main-web.ts` → `server-src-main-web` */
function nameOf(main: string): string {
  return basename(main.replaceAll('/', '-'), '.ts');
}

/** A module asks for the files beside its source, wherever its code ends up. */
const atItsSource: Plugin = {
  name: 'at-its-source',
  transform(code, id) {
    if (!id.startsWith(ROOT) || id.includes('/node_modules/') || !code.includes('import.meta.')) return null;
    const own = code
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
      .replaceAll('import.meta.dirname', JSON.stringify(join(id, '..')));
    return { code: own, map: null };
  },
};
