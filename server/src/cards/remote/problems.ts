import { PROBLEMS } from '@bianmin/purchase/api/problem';
import { ProblemError } from '../../kernel/problem.ts';

/** Whether a session ends by it: asking again while it lasts changes nothing. */
export function endsSession(error: unknown): error is ProblemError {
  if (!(error instanceof ProblemError)) return false;
  return !PROBLEMS[error.code].retryable || error.code === 'grid.key-refused';
}

export function busy(): ProblemError {
  return new ProblemError({
    code: 'card-session.busy',
    message: 'This terminal already has a session. Wait until it ends, or cancel it.',
  });
}

export function over(): ProblemError {
  return new ProblemError({ code: 'card-session.closed', message: 'This session is over. Open another.' });
}

/** `message`: what is due instead. */
export function outOfOrder(message: string): ProblemError {
  return new ProblemError({ code: 'card-session.out-of-order', message });
}

export function notPermitted(message: string, cause?: unknown): ProblemError {
  return new ProblemError({ code: 'card-session.not-permitted', message, cause });
}

export function notYours(): ProblemError {
  return new ProblemError({
    code: 'card-session.not-yours',
    message: 'Another person drives this session. You can cancel it, but not take it over.',
  });
}

export function noSession(): ProblemError {
  return new ProblemError({ code: 'request.not-found', message: 'There is no such session.' });
}

export function malformed(pointer: string, detail: string): ProblemError {
  return new ProblemError({
    code: 'request.malformed',
    message: 'The request does not match its schema. Correct it and send it again.',
    errors: [{ pointer, detail }],
  });
}
