/** What was looked at, and what is wrong with it. */
export interface Check {
  readonly name: string;
  readonly problems: readonly string[];
}

/** The lines that are printed, the sum last. */
export function report(checks: readonly Check[]): string[] {
  const lines = checks.flatMap(({ name, problems }) =>
    problems.length === 0
      ? [`package:check: ok ${name}`]
      : problems.map((problem) => `package:check: FAILED ${name}: ${problem}`),
  );
  const failed = checks.filter(({ problems }) => problems.length > 0).length;
  return [...lines, `package:check: ${checks.length - failed} passed, ${failed} failed`];
}

export function failures(checks: readonly Check[]): number {
  return checks.filter(({ problems }) => problems.length > 0).length;
}
