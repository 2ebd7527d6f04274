import { ProblemError } from '../kernel/problem.ts';

/** The code of the problem in which this ends; `none` where it ends in none, else what was thrown. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
  );
