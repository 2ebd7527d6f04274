import type { ProblemCode } from '@bianmin/purchase/api/problem';
import { GridError, type GridRefusal } from '../../gateways/grid/error.ts';
import { ProblemError } from '../../kernel/problem.ts';

const OF_REFUSAL: Partial<Record<GridRefusal, ProblemCode>> = {
  'card-unknown': 'card.unknown',
  'card-foreign': 'card.foreign',
  'card-replaced': 'card.replaced',
  'customer-closed': 'card.account-closed',
  'meter-changed': 'card.meter-exchanged',
  'card-damaged': 'card.damaged',
  'previous-not-inserted': 'meter.previous-not-inserted',
  amount: 'order.amount-out-of-range',
};

/** A grid's answer as a terminal is told it, for questions that have no effect. Anything else passes as it is. */
export function gridProblem(error: unknown): unknown {
  if (!(error instanceof GridError)) return error;
  if (error.code !== 'grid.refused') {
    return new ProblemError({
      code: 'grid.unavailable',
      message: 'The grid is not answering. Try again in a moment.',
      cause: error,
    });
  }
  return new ProblemError({
    code: (error.refusal && OF_REFUSAL[error.refusal]) ?? 'grid.refused',
    message: error.message,
    cause: error,
  });
}

/** Awaits a question to the grid and throws its failure as a problem. */
export async function asking<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw gridProblem(error);
  }
}
