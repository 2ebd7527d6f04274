import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { CodedError, codeOf } from '@bianmin/card/errors';
import { LOG_LINES } from '@bianmin/purchase/api/command';
import { ECS_VERSION, ecsFields } from '@bianmin/purchase/node/ecs';
import { currentTraceId } from '@bianmin/purchase/node/trace';
import { LogTail } from '@bianmin/purchase/node/log-tail';

/** Never in a log, however deep they come. */
const SECRET_FIELDS = new Set([
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
]);
const REMOVED = '[removed]';
const SERVICE = 'bianmin-kiosk';

export type HostLog = Logger & { readonly tail: Pick<LogTail, 'lines'> };

/**
 * The host's log, on standard error by default: lines as the server writes them (docs/observability.md), with the trace
 * of the visit, and with what must not be in them removed by name; and its last lines. An error is given as `err`.
 */
export function createLog(level: string, destination?: DestinationStream): HostLog {
  const tail = new LogTail(destination ?? pino.destination({ dest: 2, sync: true }), LOG_LINES);
  const log = pino(
    {
      level,
      base: { 'ecs.version': ECS_VERSION, 'service.name': SERVICE, 'event.dataset': SERVICE },
      messageKey: 'message',
      timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
      mixin: () => {
        const traceId = currentTraceId();
        return traceId === undefined ? {} : { traceId };
      },
      formatters: {
        level: (label) => ({ 'log.level': label }),
        log: ({ err, ...fields }) => ({
          ...ecsFields(clean(fields) as Record<string, unknown>),
          ...(err === undefined ? {} : ecsFields({ err: faultOf(err) })),
        }),
      },
    },
    tail,
  );
  return Object.assign(log, { tail });
}

/** A copy without what must not be seen. */
function clean(value: unknown, depth = 6): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0 || ArrayBuffer.isView(value)) return REMOVED;
  if (Array.isArray(value)) return value.map((item) => clean(item, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET_FIELDS.has(name) ? REMOVED : clean(inner, depth - 1),
    ]),
  );
}

/**
 * What may be said of an error: its code, its sentence and its context, and those of what caused it. Errors that
 * are not ours give their class and place only, since their words may quote what they were working on.
 */
export function faultOf(error: unknown): Record<string, unknown> {
  if (error instanceof CodedError) {
    return {
      code: error.code,
      message: error.message,
      context: clean(error.context),
      ...(error.cause === undefined ? {} : { cause: faultOf(error.cause) }),
    };
  }
  if (!(error instanceof Error)) return { type: typeof error };
  const at = /^\s+at (.+)$/m.exec(error.stack ?? '')?.[1];
  return { type: error.name, ...(at === undefined ? {} : { stack: at }) };
}

/** The same in one line, for a program that cannot start. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = codeOf(error);
  if (code !== undefined) return `${code} ${error.message}`;
  // What the system refused, without its words, which quote paths.
  const { code: refused, syscall } = error as NodeJS.ErrnoException;
  return [error.name, refused, syscall].filter((word) => typeof word === 'string').join(' ');
}
