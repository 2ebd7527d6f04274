import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Tally } from './tally.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What the last whole nightly run came to; committed at the close of each issue. */
export const RECORD_PATH = join(import.meta.dirname, 'nightly.json');
/** After so many commits it has to be run again. */
export const MOST_COMMITS = 100;

export const nightlyRecord = z.object({
  /** On which it was run. */
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  date: z.iso.date(),
  cores: z.int(),
  node: z.string(),
  jobs: z.array(
    z.object({ name: z.string(), passed: z.int(), failed: z.int(), skipped: z.int(), seconds: z.int() }),
  ),
});
export type NightlyRecord = z.output<typeof nightlyRecord>;

export function recordOf(tallies: readonly Tally[], commit: string, now: Date): NightlyRecord {
  return {
    commit,
    date: now.toISOString().slice(0, 10),
    cores: cpus().length,
    node: process.versions.node,
    jobs: tallies.map(({ name, passed, failed, skipped, ms }) => ({
      ...{ name, passed, failed, skipped },
      seconds: Math.round(ms / 1000),
    })),
  };
}

/** What is wrong with a record; `age` is how many commits came after it, undefined where history does not tell. */
export function recordProblems(
  record: NightlyRecord,
  jobs: readonly { readonly name: string }[],
  age: number | undefined,
): readonly string[] {
  const problems: string[] = [];
  const ran = new Set(record.jobs.map(({ name }) => name));
  const missing = jobs.filter(({ name }) => !ran.has(name)).map(({ name }) => name);
  if (missing.length > 0) problems.push(`The nightly run did not have ${missing.join(', ')}.`);
  for (const { name, failed } of record.jobs) if (failed > 0) problems.push(`${name} failed ${failed}.`);
  if (age !== undefined && age > MOST_COMMITS) {
    problems.push(
      `${age} commits came after the last nightly run: run npm run ci -- --nightly and commit its record.`,
    );
  }
  return problems;
}

/** The commit that is checked out, 40 hexadecimal digits. */
export function currentCommit(): string {
  return git('rev-parse', 'HEAD');
}

/** Whether the files are those of that commit. */
export function isClean(): boolean {
  return git('status', '--porcelain', '--untracked-files=no') === '';
}

/** How many commits came after one; undefined: no history here, or not that one. */
export function commitsSince(commit: string): number | undefined {
  try {
    if (git('rev-parse', '--is-shallow-repository') === 'true') return undefined;
    return Number(git('rev-list', '--count', `${commit}..HEAD`));
  } catch {
    return undefined;
  }
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
