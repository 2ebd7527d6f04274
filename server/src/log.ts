import { pino, type DestinationStream, type Logger } from 'pino';
import { currentTraceId } from './http/trace.ts';
import { redact } from './redact.ts';

export interface LogInit {
  readonly level: string;
  /** `web` or `worker`. */
  readonly process: string;
  /** Standard output where absent. */
  readonly destination?: DestinationStream;
}

/**
 * JSON lines with the trace id of what is being worked on. Fields that may hold a secret are blanked by name
 * (`redact.ts`), in the line and in a child's bindings.
 */
export function createLogger(init: LogInit): Logger {
  const logger = pino(
    {
      level: init.level,
      base: { process: init.process, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => {
        const traceId = currentTraceId();
        return traceId === undefined ? {} : { traceId };
      },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redact(fields) as Record<string, unknown>,
        bindings: (fields) => redact(fields) as Record<string, unknown>,
      },
      serializers: { err: (error: unknown) => redact(error) },
    },
    init.destination ?? pino.destination({ sync: false }),
  );
  redactBindings(logger);
  return logger;
}

/** pino shows no formatter the bindings of a child; children inherit this method from the logger they come from. */
function redactBindings(logger: Logger): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its receiver below
  const { child } = logger;
  Object.assign(logger, {
    child(this: Logger, bindings: object, ...rest: unknown[]): unknown {
      return Reflect.apply(child, this, [redact(bindings), ...rest]);
    },
  });
}
