import { codeOf } from '@bianmin/card/errors';
import { IpcError } from './error.ts';
import { isHostCall, REQUEST_SCHEMAS } from './schemas.ts';
import type { HostCall, HostCalls } from './map.ts';

/** The host's side of the map. */
export type HostHandlers = {
  readonly [K in HostCall]: (
    request: HostCalls[K]['request'],
  ) => HostCalls[K]['response'] | Promise<HostCalls[K]['response']>;
};

/** Takes a call by name, from whichever shell; fails with `IpcError` only. */
export type Router = (name: string, request: unknown) => Promise<unknown>;

/**
 * The one dispatcher of both shells: unknown names and requests that are not what the map says never reach the
 * host. `onFault` hears what a handler threw; the sender hears a code.
 */
export function createRouter(
  handlers: HostHandlers,
  onFault: (call: HostCall, error: unknown) => void,
): Router {
  return async (name, request) => {
    if (!isHostCall(name)) {
      throw new IpcError({ code: 'ipc.unknown-call', message: 'The host has no such call.' });
    }
    const parsed = REQUEST_SCHEMAS[name].safeParse(request ?? null);
    if (!parsed.success) {
      throw new IpcError({
        code: 'ipc.bad-request',
        message: `The request of ${name} is not what the map says.`,
        context: { field: parsed.error.issues[0]?.path.join('.') ?? '' },
      });
    }
    try {
      const handler = handlers[name] as (request: unknown) => unknown;
      return await handler(parsed.data);
    } catch (error) {
      if (error instanceof IpcError) throw error;
      onFault(name, error);
      throw new IpcError({
        code: 'ipc.failed',
        message: 'The host could not do this; its log says why.',
        cause: error,
        context: { code: codeOf(error) ?? 'unexpected' },
      });
    }
  };
}
