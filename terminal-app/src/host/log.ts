import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { CodedError, codeOf } from '@bianmin/shared/errors';

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
  'pin',
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

/** The host's log: JSON lines, on standard error by default, with what must not be in them removed by name. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  const options = {
    level,
    base: null,
    redact: { paths, censor: '[removed]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return pino(options, destination ?? pino.destination({ dest: 2, sync: true }));
}

/**
 * What may be said of an error: its code, its sentence and its context, and those of what caused it. Errors that
 * are not ours give their class and place only, since their words may quote what they were working on.
 */
export function faultOf(error: unknown): Record<string, unknown> {
  if (error instanceof CodedError) {
    return {
      ...error.context,
      error: error.code,
      message: error.message,
      ...(error.cause === undefined ? {} : { cause: faultOf(error.cause) }),
    };
  }
  if (!(error instanceof Error)) return { error: typeof error };
  const at = /^\s+at (.+)$/m.exec(error.stack ?? '')?.[1];
  return { error: error.name, ...(at === undefined ? {} : { at }) };
}

/** The same in one line, for a program that cannot start. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = codeOf(error);
  return code === undefined ? error.name : `${code} ${error.message}`;
}
