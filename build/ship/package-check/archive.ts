import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { extractFile, getRawHeader } from '@electron/asar';
import type { Check } from './check.ts';
import type { Entry } from './contents.ts';

interface Node {
  readonly files?: Readonly<Record<string, Node>>;
  readonly size?: number;
  readonly unpacked?: boolean;
  readonly integrity?: { readonly algorithm: string; readonly hash: string };
}

/** Every file of an archive with its node. */
function* walk(node: Node, path = ''): Generator<readonly [string, Node]> {
  for (const [name, child] of Object.entries(node.files ?? {})) {
    const full = path === '' ? name : `${path}/${name}`;
    if (child.files === undefined) yield [full, child];
    else yield* walk(child, full);
  }
}

function filesOf(archive: string): (readonly [string, Node])[] {
  const { header } = getRawHeader(archive) as unknown as { header: Node };
  return [...walk(header)];
}

export function entriesOf(archive: string): Entry[] {
  return filesOf(archive).map(([path, { size = 0, unpacked = false }]) => ({ path, bytes: size, unpacked }));
}

/** A file of the archive, or beside it. */
export function readEntry(archive: string, entry: Pick<Entry, 'path' | 'unpacked'>): Buffer {
  return entry.unpacked
    ? readFileSync(join(`${archive}.unpacked`, entry.path))
    : extractFile(archive, entry.path);
}

/** Whether each file is what its hash in the header says: Electron checks the same when the fuse is on. */
export function integrityCheck(archive: string): Check {
  const problems = filesOf(archive).flatMap(([path, { unpacked = false, integrity }]) => {
    if (integrity?.algorithm !== 'SHA256') return [`${path} has no SHA-256`];
    const hash = createHash('sha256').update(readEntry(archive, { path, unpacked })).digest('hex');
    return hash === integrity.hash ? [] : [`${path} is not what its hash says`];
  });
  if (statSync(archive).size === 0) problems.push('the archive is empty');
  return { name: 'every file is what its integrity hash says', problems };
}
