import { CodedError } from '@bianmin/card/errors';
import type { ProblemCode } from '@bianmin/purchase/api/problem';

/** What is wrong, by its code, and what to do about it. Only the web turns it into an answer. */
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
