import { PROBLEMS, type Problem } from '@bianmin/purchase/api/problem';
import { PROBLEM_TITLES } from '../kernel/problem-titles.ts';
import type { ProblemError } from '../kernel/problem.ts';

/** The body of RFC 9457 for an error of ours. */
export function problemBody(error: ProblemError, traceId: string): Problem {
  const { status, retryable } = PROBLEMS[error.code];
  return {
    type: `urn:bianmin:problem:${error.code}`,
    title: PROBLEM_TITLES[error.code],
    status,
    detail: error.message,
    code: error.code,
    traceId,
    retryable,
    ...(error.errors === undefined ? {} : { errors: [...error.errors] }),
    ...(error.orderNo === undefined ? {} : { orderNo: error.orderNo }),
    ...(error.present === undefined ? {} : { present: { ...error.present } }),
  };
}
