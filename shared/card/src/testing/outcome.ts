import { codeOf } from '../errors.ts';

/** How a work ends: `no error`, the code of its error, or an error that has none. */
export const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => codeOf(error) ?? error,
  );
