import { CodedError } from '@bianmin/shared/errors';
import { PROBLEMS, type Problem, type ProblemCode } from '@bianmin/shared/api/problem';
import { PROBLEM_TITLES } from './problem-titles.ts';

/** Thrown by a handler or the domain; the one error middleware turns it into problem+json. */
export class ProblemError extends CodedError<ProblemCode> {
  readonly errors: readonly { pointer: string; detail: string }[] | undefined;
  readonly orderNo: string | undefined;
  readonly retryAfterS: number | undefined;
  readonly present: Readonly<Record<string, unknown>> | undefined;

  constructor(init: {
    code: ProblemCode;
    message: string;
    cause?: unknown;
    errors?: readonly { pointer: string; detail: string }[];
    orderNo?: string;
    /** Seconds, given as `Retry-After`. */
    retryAfterS?: number;
    /** What is there now, where a change met another. */
    present?: Readonly<Record<string, unknown>>;
  }) {
    super(init);
    this.errors = init.errors;
    this.orderNo = init.orderNo;
    this.retryAfterS = init.retryAfterS;
    this.present = init.present;
  }
}

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
