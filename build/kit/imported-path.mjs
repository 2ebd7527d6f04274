import { posix } from 'node:path';

const SHARED = '@bianmin/shared/';

/**
 * The project's own module that an import means, from the root; nothing for packages. Every import carries its
 * extension or goes through the one workspace pattern, so no file has to be looked up.
 *
 * @param {string} from path from the root
 * @param {string} source as written
 */
export function importedPath(from, source) {
  if (source.startsWith(SHARED)) return `shared/src/${source.slice(SHARED.length)}.ts`;
  return source.startsWith('.') ? posix.join(posix.dirname(from), source) : undefined;
}
