import { ecsFormat } from '@elastic/ecs-pino-format';
import { pino, type DestinationStream, type Logger } from 'pino';
import { ecsFields } from '@bianmin/purchase/node/ecs';
import { LogTail } from '@bianmin/purchase/node/log-tail';
import { currentTraceId } from '@bianmin/purchase/node/trace';
import { LOG_LINES } from '@bianmin/purchase/api/command';
import { redact } from '../../kernel/redact.ts';
import { hiding } from './hidden-secrets.ts';

export interface LogInit {
  readonly level: string;
  /** `web` or `worker`. */
  readonly process: string;
  /** Standard output where absent. */
  readonly destination?: DestinationStream;
  /** The process's own: in no line, whatever field or sentence they come in. */
  readonly secrets?: readonly string[];
}

/** A log that knows its newest lines, as they were written. */
export type TailedLogger = Logger & { readonly tail: Pick<LogTail, 'lines'> };

/**
 * JSON lines in the Elastic Common Schema, with the trace id of what is being worked on (docs/observability.md). Fields
 * that may hold a secret are blanked by name (`redact.ts`), in the line and in a child's bindings; the process's own secrets,
 * wherever they come.
 */
export function createLogger(init: LogInit): TailedLogger {
  const tail = new LogTail(init.destination ?? pino.destination({ sync: false }), LOG_LINES);
  const ecs = ecsFormat({
    serviceName: `bianmin-${init.process}`,
    // Errors are described by `redact`, which says less of them.
    convertErr: false,
    apmIntegration: false,
  });
  const logger = pino(
    {
      ...ecs,
      level: init.level,
      base: { pid: process.pid },
      mixin: () => {
        const traceId = currentTraceId();
        return traceId === undefined ? {} : { traceId };
      },
      formatters: { ...ecs.formatters, log: (fields) => shown(fields) },
    },
    hiding(init.secrets ?? [], tail),
  );
  redactBindings(logger);
  return Object.assign(logger, { tail });
}

function shown(fields: object): Record<string, unknown> {
  return ecsFields(redact(fields) as Record<string, unknown>);
}

/** pino shows no formatter the bindings of a child; children inherit this method from the logger they come from. */
function redactBindings(logger: Logger): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its receiver below
  const { child } = logger;
  Object.assign(logger, {
    child(this: Logger, bindings: object, ...rest: unknown[]): unknown {
      return Reflect.apply(child, this, [shown(bindings), ...rest]);
    },
  });
}
