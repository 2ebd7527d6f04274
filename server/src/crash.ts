import type { Logger } from 'pino';
import { describeError } from './kernel/redact.ts';

/**
 * An error that nothing took ends the process, as it would by itself; but it is said as our logs say errors. Node prints all that
 * a library hangs on one: an address with its password, a whole request.
 */
export function endOnCrash(tell: (error: unknown) => void): void {
  const end = (error: unknown): void => {
    try {
      tell(error);
    } finally {
      process.exit(1);
    }
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

/** In a process that has a log. */
export function crashInto(log: Pick<Logger, 'fatal'>): (error: unknown) => void {
  return (error) => {
    log.fatal({ err: error }, 'an error that nothing took');
  };
}

/** On standard error, for a command. */
export function crashOnStderr(error: unknown): void {
  const stack = error instanceof Error ? describeError(error)['stack'] : undefined;
  process.stderr.write(`${typeof stack === 'string' ? stack : `${typeof error}, thrown`}\n`);
}
