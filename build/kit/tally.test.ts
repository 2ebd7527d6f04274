import { describe, expect, it } from 'vitest';
import { closingLine, readClosingLine, sum, table, tallyVitest } from './tally.ts';

const report = (over: object = {}) =>
  JSON.stringify({
    success: true,
    numPassedTests: 7,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [],
    ...over,
  });
const run = (text: string | null, code = 0) => tallyVitest({ name: 'unit', report: text, code, ms: 5 });

describe('counting tests', () => {
  it('takes the numbers of the report', () => {
    expect(run(report())).toEqual({ name: 'unit', passed: 7, failed: 0, skipped: 1, ms: 5 });
    expect(run(report({ success: false, numFailedTests: 2 }), 1)).toMatchObject({ passed: 7, failed: 2 });
  });

  it('never takes a run for good that was not', () => {
    expect(run(report({ success: false }), 1).failed).toBe(1);
    expect(run(report(), 1).failed).toBe(1);
    expect(run(report({ numPassedTests: 0 })).failed).toBe(1);
    expect(run(null).failed).toBe(1);
  });

  it('adds up, and closes with a line that can be read back', () => {
    const total = sum('all', [run(report()), run(report({ success: false, numFailedTests: 2 }), 1)]);
    expect(closingLine(total)).toBe('14 passed, 2 failed, 2 skipped');
    expect(readClosingLine(`noise\n1 passed, 0 failed\n${closingLine(total)}\n`)).toEqual({
      passed: 14,
      failed: 2,
      skipped: 2,
    });
    expect(closingLine({ ...total, skipped: 0 })).toBe('14 passed, 2 failed');
    expect(readClosingLine('Tests  4 passed (4)')).toBeNull();
    expect(table([total])).toMatch(/^ +passed +failed +skipped +time\nall +14 +2 +2 +0\.0 s$/);
  });
});
