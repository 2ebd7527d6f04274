import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** Which trace what is being worked on belongs to; it may turn out to be another one's. */
interface Trace {
  id: string;
}

const storage = new AsyncLocalStorage<Trace>();

/** The trace id of what is being worked on: 32 hex digits; a logger adds it to every line. */
export function currentTraceId(): string | undefined {
  return storage.getStore()?.id;
}

/** Asks for the trace id later, of what is being worked on now: for what ends outside of it. */
export function laterTraceId(): () => string | undefined {
  const trace = storage.getStore();
  return () => trace?.id;
}

export function runWithTrace<T>(traceId: string, run: () => T): T {
  return storage.run({ id: traceId }, run);
}

/**
 * What is being worked on belongs to something that has a trace already: from here on its lines are that one's. Only
 * for a trace id that we kept ourselves.
 */
export function joinTrace(traceId: string | undefined): void {
  const trace = storage.getStore();
  if (trace !== undefined && traceId !== undefined) trace.id = traceId;
}

/** By far the cheapest randomness there is here, one for every request. */
export function newTraceId(): string {
  return randomUUID().replaceAll('-', '');
}

/** Version 00 has four parts; a later one may have more, of which the first four mean the same (§3.3, §4.3). */
const TRACEPARENT = /^(?:00|(?!ff|00)([0-9a-f]{2}))-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

/**
 * The trace id of a W3C `traceparent` header (https://www.w3.org/TR/trace-context/), undefined where it is not as
 * described. Anybody can write one: it ties lines of logs together and decides nothing.
 */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  if (traceparent === undefined || traceparent.length > 256) return undefined;
  const [whole, later, traceId = '', parent = '', more] = TRACEPARENT.exec(traceparent) ?? [];
  if (whole === undefined || (later === undefined && more !== undefined)) return undefined;
  return /[1-9a-f]/.test(traceId) && /[1-9a-f]/.test(parent) ? traceId : undefined;
}

/** Headers of a request that is part of what is being worked on; none where that has no trace. */
export function traceHeaders(): { readonly traceparent?: string } {
  const traceId = currentTraceId();
  if (traceId === undefined) return {};
  // The second half of a UUID begins with its variant, so that it is never all noughts.
  return { traceparent: `00-${traceId}-${newTraceId().slice(16)}-01` };
}
