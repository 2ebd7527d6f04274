import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, relative } from 'node:path';
import { z } from 'zod';
import type { Tally } from '../kit/tally.ts';
import { RECORD_PATH as MUTATION_RECORD_PATH } from './mutate/record.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What each nightly job came to when it was run last; committed at the close of each issue. */
export const RECORD_PATH = join(import.meta.dirname, 'nightly.json');
/** After so many commits a job has to be run again. */
export const MOST_COMMITS = 100;

export const nightlyRecord = z.object({
  jobs: z.array(
    z.object({
      name: z.string(),
      /** On which it was run. */
      commit: z.string().regex(/^[0-9a-f]{40}$/),
      date: z.iso.date(),
      cores: z.int(),
      node: z.string(),
      passed: z.int(),
      failed: z.int(),
      skipped: z.int(),
      seconds: z.int(),
    }),
  ),
});
export type NightlyRecord = z.output<typeof nightlyRecord>;

/** The record with what a job came to now in the place of what it came to before. */
export function withJob(
  record: NightlyRecord,
  { name, passed, failed, skipped, ms }: Tally,
  on: { readonly commit: string; readonly now: Date },
): NightlyRecord {
  const row = {
    ...{ name, commit: on.commit, date: on.now.toISOString().slice(0, 10) },
    ...{ cores: cpus().length, node: process.versions.node },
    ...{ passed, failed, skipped, seconds: Math.round(ms / 1000) },
  };
  return { jobs: [...record.jobs.filter((job) => job.name !== name), row] };
}

/** What is wrong with a record; `age` is how many commits came after one, undefined where history does not tell. */
export function recordProblems(
  record: NightlyRecord,
  jobs: readonly { readonly name: string }[],
  age: (commit: string) => number | undefined,
): readonly string[] {
  const again = (name: string): string => `run npm run ci -- --nightly ${name} and commit its record.`;
  return jobs.flatMap(({ name }) => {
    const row = record.jobs.find((job) => job.name === name);
    if (row === undefined) return [`The nightly job ${name} was never run: ${again(name)}`];
    if (row.failed > 0) return [`The nightly job ${name} failed: ${again(name)}`];
    const commits = age(row.commit) ?? 0;
    if (commits <= MOST_COMMITS) return [];
    return [`${commits} commits came after the last nightly run of ${name}: ${again(name)}`];
  });
}

/** Puts a job's end into the committed file; at once, since another may end beside it. */
export function recordJob(tally: Tally, commit: string): void {
  const text = existsSync(RECORD_PATH) ? readFileSync(RECORD_PATH, 'utf8') : '{"jobs":[]}';
  const record = withJob(nightlyRecord.parse(JSON.parse(text)), tally, { commit, now: new Date() });
  writeFileSync(RECORD_PATH, `${JSON.stringify(record, null, 2)}\n`);
}

/** The commit that is checked out, 40 hexadecimal digits. */
export function currentCommit(): string {
  return git('rev-parse', 'HEAD');
}

/** Whether the files are those of that commit, but for the records that a night itself writes. */
export function isClean(): boolean {
  const written = [RECORD_PATH, MUTATION_RECORD_PATH].map((path) => `:!${relative(ROOT, path)}`);
  return git('status', '--porcelain', '--untracked-files=no', '--', '.', ...written) === '';
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
