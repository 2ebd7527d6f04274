import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { NIGHTLY_JOBS } from './jobs.ts';
import {
  commitsSince,
  MOST_COMMITS,
  nightlyRecord,
  RECORD_PATH,
  recordProblems,
  withJob,
} from './nightly-record.ts';

const COMMIT = '0'.repeat(40);
const JOBS = [{ name: 'screens-all' }, { name: 'promtool' }];
const tally = (name: string, failed = 0) => ({ name, passed: 3, failed, skipped: 0, ms: 61_400 });

describe('a record of nightly jobs', () => {
  const on = (day: string) => ({ commit: COMMIT, now: new Date(`${day}T10:00:00Z`) });
  const first = withJob({ jobs: [] }, tally('screens-all', 2), on('2026-01-15'));
  const both = withJob(first, tally('promtool'), on('2026-01-15'));

  it('has the last run of each', () => {
    const again = withJob(both, tally('screens-all'), on('2026-01-16'));
    expect(again.jobs).toMatchObject([
      { name: 'promtool', date: '2026-01-15', failed: 0, seconds: 61 },
      { name: 'screens-all', date: '2026-01-16', failed: 0 },
    ]);
    expect(recordProblems(again, JOBS, () => MOST_COMMITS)).toEqual([]);
    expect(recordProblems(again, JOBS, () => undefined)).toEqual([]);
  });

  it('is not good when a job is missing, failed or was long ago', () => {
    expect(recordProblems(first, JOBS, () => 0)).toEqual([
      'The nightly job screens-all failed: run npm run ci -- --nightly screens-all and commit its record.',
      'The nightly job promtool was never run: run npm run ci -- --nightly promtool and commit its record.',
    ]);
    const old = recordProblems(both, [{ name: 'promtool' }], () => MOST_COMMITS + 1);
    expect(old.join()).toContain('101 commits came after the last nightly run of promtool');
  });
});

it('the committed record is good', async () => {
  const record = nightlyRecord.parse(JSON.parse(await readFile(RECORD_PATH, 'utf8')));
  expect(recordProblems(record, NIGHTLY_JOBS, commitsSince)).toEqual([]);
});
