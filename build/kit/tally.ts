import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

/** What one part of a test run came to. */
export interface Tally {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly ms: number;
  readonly files?: readonly FileTally[];
  /** What failed, in its own words: said once more at the end of a long run, whose middle is often cut. */
  readonly failures?: readonly string[];
}

/** What one file of tests came to. */
export interface FileTally {
  /** From the project's root. */
  readonly name: string;
  readonly seconds: number;
  readonly cpuSeconds: number | null;
  readonly passed: number;
  readonly failed: number;
}

/** The part of vitest's JSON report that is counted. */
export const vitestReport = z.object({
  success: z.boolean(),
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      /** Why the file could not be loaded; empty where it could. */
      message: z.string().default(''),
      startTime: z.number(),
      endTime: z.number(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string().default(''),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/**
 * Counts a report of vitest. A file that could not even be loaded has no failed test in it, yet the run did
 * not succeed: it counts as one. No report at all (null) is one failure, too, as is a run without any test.
 */
export function tallyVitest(run: { name: string; report: string | null; code: number; ms: number }): Tally {
  const { name, ms } = run;
  const parsed = run.report === null ? null : vitestReport.parse(JSON.parse(run.report));
  if (parsed === null) return { name, passed: 0, failed: 1, skipped: 0, ms };
  const whole = parsed.success && run.code === 0 && parsed.numPassedTests > 0;
  const failed = whole ? parsed.numFailedTests : Math.max(parsed.numFailedTests, 1);
  const skipped = parsed.numPendingTests + parsed.numTodoTests;
  return { name, passed: parsed.numPassedTests, failed, skipped, ms };
}

export function sum(name: string, tallies: readonly Tally[]): Tally {
  const add = (pick: (tally: Tally) => number): number =>
    tallies.reduce((all, tally) => all + pick(tally), 0);
  return {
    name,
    passed: add((tally) => tally.passed),
    failed: add((tally) => tally.failed),
    skipped: add((tally) => tally.skipped),
    ms: add((tally) => tally.ms),
  };
}

/** `12 passed, 0 failed`: the line to look for in a run's output. */
export function closingLine(total: Tally): string {
  const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
  return `${total.passed} passed, ${total.failed} failed${skipped}`;
}

/** The end of what was printed, without its empty lines and colours. */
export function lastLines(output: string, count: number): string {
  const lines = stripVTControlCharacters(output).split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n');
}

/** The closing line that is last in a run's output, if there is one. */
export function readClosingLine(output: string): Omit<Tally, 'name' | 'ms'> | null {
  const lines = output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm);
  const last = [...lines].at(-1);
  if (last === undefined) return null;
  return { passed: Number(last[1]), failed: Number(last[2]), skipped: Number(last[3] ?? 0) };
}

export function table(tallies: readonly Tally[]): string {
  const rows = tallies.map(({ name, passed, failed, skipped, ms }) => [
    name,
    String(passed),
    String(failed),
    String(skipped),
    `${(ms / 1000).toFixed(1)} s`,
  ]);
  const all = [['', 'passed', 'failed', 'skipped', 'time'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))),
    )
    .map((row) => row.join('  '))
    .join('\n');
}
