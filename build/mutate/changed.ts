import { execFile } from 'node:child_process';
import { matchesGlob } from 'node:path';
import { promisify } from 'node:util';
import type { MutateFolder } from './folders.ts';

const run = promisify(execFile);

/** Files of a folder that differ from a commit, those that are not committed included. */
export async function changedSince(commit: string, folder: MutateFolder): Promise<string[]> {
  const [diff, others] = await Promise.all([
    run('git', ['diff', '--name-only', '--diff-filter=d', commit]),
    run('git', ['ls-files', '--others', '--exclude-standard']),
  ]);
  return [...new Set(`${diff.stdout}${others.stdout}`.split('\n'))].filter(
    (file) => !file.endsWith('.test.ts') && folder.files.some((glob) => matchesGlob(file, glob)),
  );
}
