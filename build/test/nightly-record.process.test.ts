import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { NIGHTLY_JOBS } from './jobs.ts';
import {
  commitsSince,
  MOST_COMMITS,
  nightlyRecord,
  RECORD_PATH,
  recordOf,
  recordProblems,
} from './nightly-record.ts';

const COMMIT = '0'.repeat(40);
const JOBS = [{ name: 'screens-all' }, { name: 'promtool' }];
const tally = (name: string, failed = 0) => ({ name, passed: 3, failed, skipped: 0, ms: 61_400 });

describe('a record of the nightly run', () => {
  const whole = recordOf([tally('screens-all'), tally('promtool')], COMMIT, new Date('2026-01-15T10:00:00Z'));

  it('is good while it is young, whole and green', () => {
    expect(whole).toMatchObject({ date: '2026-01-15', jobs: [{ name: 'screens-all', seconds: 61 }, {}] });
    expect(recordProblems(whole, JOBS, MOST_COMMITS)).toEqual([]);
    expect(recordProblems(whole, JOBS, undefined)).toEqual([]);
  });

  it('is not when it is old, lacks a job or one failed', () => {
    expect(recordProblems(whole, JOBS, MOST_COMMITS + 1).join()).toContain('101 commits');
    const half = recordOf([tally('promtool', 2)], COMMIT, new Date(0));
    expect(recordProblems(half, JOBS, 0)).toEqual([
      'The nightly run did not have screens-all.',
      'promtool failed 2.',
    ]);
  });
});

// Until the first whole run there is no record to be judged.
it.skipIf(!existsSync(RECORD_PATH))('the committed record is good', async () => {
  const record = nightlyRecord.parse(JSON.parse(await readFile(RECORD_PATH, 'utf8')));
  expect(recordProblems(record, NIGHTLY_JOBS, commitsSince(record.commit))).toEqual([]);
});
