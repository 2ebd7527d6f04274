import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { CodedError } from '@bianmin/shared/errors';

/** Never in a log, however deep they come. */
const SECRET_FIELDS = [
  'image',
  'regions',
  'sealed',
  'plan',
  'steps',
  'code',
  'apdu',
  'gathered',
  'codeUrl',
  'accessToken',
  'ticket',
  'token',
  'name',
  'address',
  'customerNo',
  'household',
  'customer',
  'serial',
  'cookie',
  'authorization',
];

/** The host's log: JSON lines, with what must not be in them removed by name. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  const options = {
    level,
    base: null,
    redact: { paths, censor: '[removed]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * What may be said of an error: its code, its sentence and its context, and those of what caused it. Errors that
 * are not ours give their class only, since their words may quote what they were working on.
 */
export function faultOf(error: unknown): Record<string, unknown> {
  if (error instanceof CodedError) {
    return {
      error: error.code,
      message: error.message,
      ...error.context,
      ...(error.cause === undefined ? {} : { cause: faultOf(error.cause) }),
    };
  }
  return { error: error instanceof Error ? error.name : typeof error };
}
