import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

const storage = new AsyncLocalStorage<string>();

/** The trace id of the request or job that is being worked on; the logger adds it to every line. */
export function currentTraceId(): string | undefined {
  return storage.getStore();
}

export function runWithTrace<T>(traceId: string, run: () => T): T {
  return storage.run(traceId, run);
}

/** Takes the trace id of a W3C `traceparent` header (https://www.w3.org/TR/trace-context/ §3.2), or a new one. */
export function traceIdFrom(traceparent: string | undefined): string {
  const given = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent ?? '')?.[1];
  if (given !== undefined && !/^0+$/.test(given)) return given;
  // By far the cheapest randomness there is here, one for every request.
  return randomUUID().replaceAll('-', '');
}
