import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { importedPath } from './imported-path.mjs';

/** What a file imports: the project's own modules from the root, packages and Node's modules as written. */
export type Imports = (path: string) => readonly string[];

/** At the start of a line; `import type` and `export type` load nothing. */
const STATIC = /^\s*(?:import|export)\s(?!type\s)(?:[^'"`;]*?\sfrom\s)?\s*['"]([^'"]+)['"]/gm;
const WITH_TYPES = /^\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?\s*['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** What a text loads, as written. */
export function loadedBy(text: string): readonly string[] {
  return [...text.matchAll(STATIC), ...text.matchAll(DYNAMIC)].map(([, source = '']) => source);
}

/** What a text knows of: what it loads, and whatever it takes a type from. */
export function namedBy(text: string): readonly string[] {
  return [...text.matchAll(WITH_TYPES), ...text.matchAll(DYNAMIC)].map(([, source = '']) => source);
}

/** The imports of the project's files under a folder, by `loadedBy` or `namedBy`, each file read once. */
export function importsUnder(root: string, by: (text: string) => readonly string[] = loadedBy): Imports {
  const known = new Map<string, readonly string[]>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const file = posix.join(root, path);
    const text = /\.(?:ts|mjs|vue)$/.test(path) && existsSync(file) ? readFileSync(file, 'utf8') : '';
    const found = by(text).map((source) => importedPath(path, source) ?? source);
    known.set(path, found);
    return found;
  };
}

/** The shortest way from a file to the first module that is looked for, both included; undefined: it loads none. */
export function wayTo(
  from: string,
  wanted: (module: string) => boolean,
  imports: Imports,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  // A map hands out what was added while it is walked.
  for (const [module] of cameFrom) {
    if (module !== from && wanted(module)) return wayBack(module, cameFrom);
    for (const next of imports(module)) if (!cameFrom.has(next)) cameFrom.set(next, module);
  }
  return undefined;
}

function wayBack(to: string, cameFrom: ReadonlyMap<string, string | undefined>): readonly string[] {
  const way: string[] = [];
  for (let at: string | undefined = to; at !== undefined; at = cameFrom.get(at)) way.unshift(at);
  return way;
}

/**
 * Rings of files, each with what closes it: Tarjan's strongly connected components of more than one file (and a file that
 * imports itself). Files in their order, so that the answer is the same everywhere.
 */
export function ringsIn(files: readonly string[], imports: Imports): readonly (readonly string[])[] {
  const known = new Set(files);
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const rings: (readonly string[])[] = [];
  const visit = (file: string): void => {
    numbers.set(file, numbers.size);
    lowest.set(file, numbers.get(file) ?? 0);
    open.push(file);
    for (const next of imports(file)) {
      if (!known.has(next)) continue;
      if (!numbers.has(next)) {
        visit(next);
        lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(next) ?? 0));
      } else if (open.includes(next)) {
        lowest.set(file, Math.min(lowest.get(file) ?? 0, numbers.get(next) ?? 0));
      }
    }
    if (lowest.get(file) !== numbers.get(file)) return;
    const ring = open.splice(open.indexOf(file));
    if (ring.length > 1 || imports(file).includes(file)) rings.push(ring);
  };
  for (const file of files) if (!numbers.has(file)) visit(file);
  return rings;
}
