import { describe, expect, it } from 'vitest';
import { contractReport, verdictOf } from './report.ts';

const report = (more: object) =>
  contractReport.parse({
    stop_reason: 'completed',
    operations: { selected: 10, tested: 10 },
    test_cases: { generated: 100 },
    failures: [],
    errors: [],
    warnings: {},
    ...more,
  });

describe('what a run against the document found', () => {
  it('is counted by operation, whatever was wrong with it', () => {
    const failures = [
      { title: 'Server error', operations: ['GET /a', 'GET /b'] },
      { title: 'Undocumented status code', operations: ['GET /a'] },
    ];
    expect(verdictOf(report({ failures }), [])).toEqual({
      passed: 8,
      failed: ['GET /a: Server error; Undocumented status code', 'GET /b: Server error'],
    });
  });

  it('does not take an operation for tried that refused every caller, unless that is the plan', () => {
    const warnings = { missing_auth: ['POST /logout', 'GET /a'] };
    expect(verdictOf(report({ warnings }), ['POST /logout'])).toEqual({
      passed: 9,
      failed: ['GET /a: Never got past who is calling'],
    });
  });

  it('is a failure where the run broke or came to an end too soon', () => {
    const errors = [{ title: 'Network Error', count: 2 }];
    const operations = { selected: 10, tested: 7 };
    const stop_reason = 'server_unavailable';
    expect(verdictOf(report({ errors, operations, stop_reason }), [])).toEqual({
      passed: 7,
      failed: ['the run: Network Error (2)', 'the run: 3 operations were not tried (server_unavailable)'],
    });
  });
});
