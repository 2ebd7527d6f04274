import { mongo } from 'mongoose';
import { codeOf } from '@bianmin/card/errors';
import type { ProblemCode } from '@bianmin/purchase/api/problem';
import { ProblemError } from '../kernel/problem.ts';
import { OutOfTimeError } from '../kernel/time-left.ts';

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
  'MongoWaitQueueTimeoutError',
  'MongoPoolClearedError',
  // Said of what was under way when a server was given up.
  'PoolClearedOnNetworkError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongooseServerSelectionError',
  'MaxRetriesPerRequestError',
  // Not even asked, since it is known to be away.
  'RedisAwayError',
]);
const REDIS_AWAY = /^(?:Command timed out$|Connection is closed\.$|(?:OOM|MISCONF|NOREPLICAS)\b)/;

/** MongoDB's codes for what it would do another time: no room on its disk, it steps down, it ends, it took too long. */
const NOT_NOW = new Set<unknown>([14031, 10107, 13435, 13436, 11600, 11602, 91, 189, 50, 262]);
/** secantusd-rs has no code for a full disk, after which it does nothing more until it is started again. */
const PANIC = /WT_PANIC|No space left on device/u;

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (UNAVAILABLE.has(error.name) || REDIS_AWAY.test(error.message)) return true;
  return error instanceof mongo.MongoServerError && (NOT_NOW.has(error.code) || PANIC.test(error.message));
}

/** The problem that an error becomes. What we did not foresee says nothing about itself to the caller. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const known = BY_CODE[codeOf(error) ?? ''];
  if (known !== undefined) return new ProblemError({ ...known, cause: error });
  if (error instanceof OutOfTimeError) {
    return new ProblemError({
      code: 'server.unavailable',
      message:
        'The server could not finish this in time. It may have been done all the same: look, or send the same request again.',
      cause: error,
      retryAfterS: 2,
    });
  }
  if (isAway(error)) {
    return new ProblemError({
      code: 'server.unavailable',
      message: 'A part of the server cannot be reached, or cannot store anything now. Try again in a moment.',
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
