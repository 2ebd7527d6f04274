import { codeOf } from '@bianmin/shared/errors';
import type { ProblemCode } from '@bianmin/shared/api/problem';
import { ProblemError } from './problem.ts';

/** Errors of lower layers that have a problem of their own; everything else that is thrown is our fault. */
const BY_CODE: Readonly<Record<string, { code: ProblemCode; message: string }>> = {
  'grid.unavailable': { code: 'grid.unavailable', message: 'The grid does not answer. Try again later.' },
  'grid.unknown': { code: 'grid.unavailable', message: 'The grid did not answer in time. Ask again later.' },
  'payment.unavailable': {
    code: 'payment.channel-unavailable',
    message: 'The payment channel does not answer. Try again later.',
  },
  'payment.unknown': {
    code: 'payment.channel-unavailable',
    message: 'The payment channel did not answer in time. Ask again later.',
  },
  'payment.bad-signature': {
    code: 'notification.bad-signature',
    message: 'The notification is not signed by the channel.',
  },
  'payment.mismatch': {
    code: 'notification.mismatch',
    message: 'The notification does not match the payment.',
  },
};

/** Names of errors by which the drivers say that database or Redis cannot be reached; they do come back. */
const UNAVAILABLE = new Set([
  'MongoServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoPoolClearedError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongooseServerSelectionError',
  'MaxRetriesPerRequestError',
]);
const REDIS_AWAY = new Set(['Command timed out', 'Connection is closed.']);

/** The problem that an error becomes. What we did not foresee says nothing about itself to the caller. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const known = BY_CODE[codeOf(error) ?? ''];
  if (known !== undefined) return new ProblemError({ ...known, cause: error });
  if (error instanceof Error && (UNAVAILABLE.has(error.name) || REDIS_AWAY.has(error.message))) {
    return new ProblemError({
      code: 'server.unavailable',
      message: 'A part of the server cannot be reached. Try again in a moment.',
      cause: error,
      retryAfterS: 2,
    });
  }
  return new ProblemError({
    code: 'server.internal',
    message: 'The server failed. Quote the trace id when reporting it.',
    cause: error,
  });
}
