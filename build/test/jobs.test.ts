import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  budgetMinutes,
  CI_MINUTES,
  DATABASE,
  JOBS,
  minutesOf,
  NIGHTLY_JOBS,
  TEST_ALL_MINUTES,
} from './jobs.ts';

describe('the jobs of npm run ci', () => {
  it('fit with npm test -- --all into the time that a run may take', () => {
    expect(TEST_ALL_MINUTES + minutesOf([DATABASE, ...JOBS])).toBeLessThanOrEqual(CI_MINUTES);
  });

  it('have names of their own, and stand in build/ci.md with what they take', async () => {
    const all = [DATABASE, ...JOBS, ...NIGHTLY_JOBS];
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    const page = await readFile(join(import.meta.dirname, '../ci.md'), 'utf8');
    for (const { name, minutes } of all) {
      expect(page).toMatch(new RegExp(`\\| \`${name}\` +\\| +${String(minutes).replace('.', '\\.')} \\|`));
    }
  });

  it('are given several times what they take, since the machine may be busy', () => {
    expect(budgetMinutes({ minutes: 0.5 })).toBe(8);
    expect(budgetMinutes({ minutes: 6 })).toBe(48);
  });
});
