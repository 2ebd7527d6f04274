import { posix } from 'node:path';

/** The workspaces whose modules are imported by name, and where those lie. */
const BY_NAME = [
  ['@bianmin/card/', 'shared/card/src/'],
  ['@bianmin/purchase/', 'shared/purchase/src/'],
];

/**
 * The project's own module that an import means, from the root; nothing for packages. Every import carries its
 * extension or goes through a workspace's one pattern, so no file has to be looked up.
 *
 * @param {string} from path from the root
 * @param {string} source as written
 */
export function importedPath(from, source) {
  for (const [name = '', folder = ''] of BY_NAME) {
    if (source.startsWith(name)) return `${folder}${source.slice(name.length)}.ts`;
  }
  return source.startsWith('.') ? posix.join(posix.dirname(from), source) : undefined;
}
