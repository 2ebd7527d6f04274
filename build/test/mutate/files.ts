import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MutateFolder } from './folders.ts';

const run = promisify(execFile);

/** Files of a folder that are made wrong, sorted: all, or those whose path has this text, or that changed since a commit. */
export async function filesOf(
  { files }: Pick<MutateFolder, 'files'>,
  of: { readonly only?: string | undefined; readonly since?: string | undefined },
): Promise<string[]> {
  const found = (await Promise.all(files.map(sourcesIn))).flat();
  const changed = of.since === undefined ? undefined : await changedSince(of.since);
  return found.filter((file) => file.includes(of.only ?? '') && changed?.has(file) !== false).sort();
}

/** A file itself; of a folder all that is in it, however deep. */
async function sourcesIn(path: string): Promise<string[]> {
  if (path.endsWith('.ts')) return [path];
  const inside = await readdir(path, { recursive: true });
  return inside
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(path, name));
}

/** Those that are not committed included. */
async function changedSince(commit: string): Promise<Set<string>> {
  const [diff, others] = await Promise.all([
    run('git', ['diff', '--name-only', '--diff-filter=d', commit]),
    run('git', ['ls-files', '--others', '--exclude-standard']),
  ]);
  return new Set(`${diff.stdout}${others.stdout}`.split('\n'));
}
