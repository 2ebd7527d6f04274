import { ProblemError } from '../kernel/problem.ts';

/** The code of the problem that a promise fails by; `undefined` in words where it does not fail. */
export async function problemCode(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ProblemError ? error.code : String(error);
}
