import { CodedError } from '@bianmin/shared/errors';
import type { ProblemCode } from '@bianmin/shared/api/problem';

/** Thrown by a handler or the domain; the one error middleware turns it into problem+json. */
export class ProblemError extends CodedError<ProblemCode> {
  readonly errors: readonly { pointer: string; detail: string }[] | undefined;
  readonly orderNo: string | undefined;

  constructor(init: {
    code: ProblemCode;
    message: string;
    cause?: unknown;
    errors?: readonly { pointer: string; detail: string }[];
    orderNo?: string;
  }) {
    super(init);
    this.errors = init.errors;
    this.orderNo = init.orderNo;
  }
}
