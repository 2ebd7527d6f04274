import { z } from 'zod';

/** What is read of schemathesis' JSON report. */
export const contractReport = z.looseObject({
  stop_reason: z.string(),
  operations: z.looseObject({ selected: z.int(), tested: z.int() }),
  test_cases: z.looseObject({ generated: z.int() }),
  failures: z.array(z.looseObject({ title: z.string(), operations: z.array(z.string()) })),
  errors: z.array(z.looseObject({ title: z.string(), count: z.int() })),
  warnings: z.looseObject({ missing_auth: z.array(z.string()).default([]) }),
});
export type ContractReport = z.infer<typeof contractReport>;

/** Of a run, an operation each; what broke in the run itself counts as one more. */
export interface Verdict {
  readonly passed: number;
  readonly failed: readonly string[];
}

/**
 * `closed`: the operations that no caller of the run may use, by plan. Another that only ever refused has
 * not been tried at all.
 */
export function verdictOf(report: ContractReport, closed: readonly string[]): Verdict {
  const { operations, failures, errors, warnings } = report;
  const found = new Map<string, string[]>();
  const add = (operation: string, what: string): void => {
    found.set(operation, [...(found.get(operation) ?? []), what]);
  };
  for (const { title, operations: at } of failures) for (const operation of at) add(operation, title);
  for (const operation of warnings.missing_auth) {
    if (!closed.includes(operation)) add(operation, 'Never got past who is calling');
  }
  const lines = [...found].map(([operation, what]) => `${operation}: ${what.join('; ')}`);
  const broke = errors.map(({ title, count }) => `the run: ${title} (${count})`);
  const untried = operations.selected - operations.tested;
  if (untried > 0) broke.push(`the run: ${untried} operations were not tried (${report.stop_reason})`);
  const passed = Math.max(0, operations.tested - found.size);
  return { passed, failed: [...lines, ...broke] };
}
