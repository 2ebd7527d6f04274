import { SpanKind, SpanStatusCode, TraceFlags, type HrTime } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Clock } from '@bianmin/card/clock';
import type { FinishedSpan, SpanSink } from './span.ts';

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

export interface Tracing {
  readonly sink: SpanSink;
  /** Sends what is left, for some seconds at most. Never rejects. */
  close(): Promise<void>;
}

/**
 * Hands spans to a collector by OTLP over HTTP, in JSON, some seconds' worth together. A collector that is away or slow costs
 * its spans and nothing else. Loaded only where an address is configured. `endpoint`: as OTEL_EXPORTER_OTLP_ENDPOINT is meant, without `/v1/traces`; headers and
 * certificates are the exporter's own variables.
 */
export function otlpTracing(init: {
  readonly endpoint: string;
  readonly service: string;
  readonly clock: Pick<Clock, 'now'>;
}): Tracing {
  const url = `${init.endpoint.replace(/\/+$/, '')}/v1/traces`;
  const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url, timeoutMillis: 5_000 }));
  const resource = resourceFromAttributes({ 'service.name': init.service, 'service.namespace': 'bianmin' });
  const scope = { name: 'bianmin' };
  const readable = (span: FinishedSpan): ReadableSpan => {
    const { traceId, spanId, parentId, ms } = span;
    const endedMs = init.clock.now();
    const contextOf = (id: string) => ({ traceId, spanId: id, traceFlags: TraceFlags.SAMPLED });
    return {
      name: span.name,
      kind: KINDS[span.kind],
      spanContext: () => contextOf(spanId),
      ...(parentId === undefined ? {} : { parentSpanContext: { ...contextOf(parentId), isRemote: true } }),
      ...{ startTime: hrTimeOf(endedMs - ms), endTime: hrTimeOf(endedMs), duration: hrTimeOf(ms) },
      status: { code: span.failed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
      attributes: { ...span.facts },
      ...{ links: [], events: [], ended: true, resource, instrumentationScope: scope },
      ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
    };
  };
  return {
    sink: (span) => {
      processor.onEnd(readable(span));
    },
    async close() {
      await processor.shutdown().catch(() => undefined);
    },
  };
}

/** Seconds and nanoseconds. */
function hrTimeOf(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}
