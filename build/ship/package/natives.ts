import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What cannot be bundled into one script, since it loads native code; vite.electron.config.ts leaves the same outside. */
export const NATIVES = ['usb', 'node-hid', '@pokusew/pcsclite', '@napi-rs/canvas'] as const;

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Where it is installed. */
  readonly folder: string;
}

/**
 * The packages that `names` need at run time, themselves included, as they are installed. Type declarations are left out; an
 * optional package of another platform may be missing. Fails where a needed one is.
 */
export function closureOf(names: readonly string[], root: string): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  const visit = (name: string, from: string, optional: boolean): void => {
    if (name.startsWith('@types/')) return;
    const folder = resolvePackage(name, from);
    if (folder === undefined) {
      if (optional) return;
      throw new Error(`${name} is not installed, and ${from} needs it.`);
    }
    if (found.has(name)) return;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      version: string;
      dependencies?: Record<string, string>;
      optionalDependencies?: Record<string, string>;
    };
    found.set(name, { name, version: manifest.version, folder });
    const extra = manifest.optionalDependencies ?? {};
    for (const needed of Object.keys(manifest.dependencies ?? {})) visit(needed, folder, needed in extra);
    for (const needed of Object.keys(extra)) visit(needed, folder, true);
  };
  for (const name of names) visit(name, root, false);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Node's own search: the nearest `node_modules` that has it. */
function resolvePackage(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}
