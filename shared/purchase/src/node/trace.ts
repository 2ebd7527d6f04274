import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** Which trace what is being worked on belongs to; it may turn out to be another one's. */
interface Trace {
  id: string;
}

/** A piece of work within a trace. */
interface Within {
  readonly trace: Trace;
  /** The span that it is, where spans are told of: what it asks of others belongs under it. */
  readonly spanId: string | undefined;
}

const storage = new AsyncLocalStorage<Within>();

/** The trace id of what is being worked on: 32 hex digits; a logger adds it to every line. */
export function currentTraceId(): string | undefined {
  return storage.getStore()?.trace.id;
}

/** 16 hex digits; undefined where spans are not told of. */
export function currentSpanId(): string | undefined {
  return storage.getStore()?.spanId;
}

/** Asks for the trace id later, of what is being worked on now: for what ends outside of it. */
export function laterTraceId(): () => string | undefined {
  const trace = storage.getStore()?.trace;
  return () => trace?.id;
}

export function runWithTrace<T>(traceId: string, run: () => T, spanId?: string): T {
  return storage.run({ trace: { id: traceId }, spanId }, run);
}

/** As a span of its own in the trace that there is; without one, as it is. */
export function runWithSpan<T>(spanId: string, run: () => T): T {
  const within = storage.getStore();
  return within === undefined ? run() : storage.run({ ...within, spanId }, run);
}

/**
 * What is being worked on belongs to something that has a trace already: from here on its lines are that one's. Only
 * for a trace id that we kept ourselves.
 */
export function joinTrace(traceId: string | undefined): void {
  const trace = storage.getStore()?.trace;
  if (trace !== undefined && traceId !== undefined) trace.id = traceId;
}

/** By far the cheapest randomness there is here, one for every request. */
export function newTraceId(): string {
  return randomUUID().replaceAll('-', '');
}

/** The second half of a UUID begins with its variant, so that it is never all noughts. */
export function newSpanId(): string {
  return newTraceId().slice(16);
}

/** Version 00 has four parts; a later one may have more, of which the first four mean the same (§3.3, §4.3). */
const TRACEPARENT = /^(?:00|(?!ff|00)([0-9a-f]{2}))-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

/**
 * The trace id of a W3C `traceparent` header (https://www.w3.org/TR/trace-context/), undefined where it is not as
 * described. Anybody can write one: it ties lines of logs together and decides nothing.
 */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return parsed(traceparent)?.traceId;
}

/** The span that the header names: what is done here was asked for by it. */
export function parentSpanIdOf(traceparent: string | undefined): string | undefined {
  return parsed(traceparent)?.parent;
}

function parsed(traceparent: string | undefined): { traceId: string; parent: string } | undefined {
  if (traceparent === undefined || traceparent.length > 256) return undefined;
  const [whole, later, traceId = '', parent = '', more] = TRACEPARENT.exec(traceparent) ?? [];
  if (whole === undefined || (later === undefined && more !== undefined)) return undefined;
  return /[1-9a-f]/.test(traceId) && /[1-9a-f]/.test(parent) ? { traceId, parent } : undefined;
}

/** Headers of a request that is part of what is being worked on; none where that has no trace. */
export function traceHeaders(): { readonly traceparent?: string } {
  const within = storage.getStore();
  if (within === undefined) return {};
  return { traceparent: `00-${within.trace.id}-${within.spanId ?? newSpanId()}-01` };
}
