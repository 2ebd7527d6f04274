import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const value = z.object({
  stringValue: z.string().optional(),
  intValue: z.union([z.number(), z.string()]).optional(),
});
const attributes = z.array(z.object({ key: z.string(), value }));
/** OTLP 1.x, JSON over HTTP: as much of `ExportTraceServiceRequest` as is looked at. */
const request = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              ...{ traceId: z.string().length(32), spanId: z.string().length(16), name: z.string() },
              parentSpanId: z.string().length(16).optional(),
              kind: z.int(),
              ...{ startTimeUnixNano: z.string(), endTimeUnixNano: z.string() },
              attributes,
              status: z.object({ code: z.int().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

interface CollectedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly name: string;
  /** As in the protocol: 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly failed: boolean;
}

/** Stands in for a collector: takes what is exported by OTLP over HTTP, and reads it. */
export interface OtlpCollector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  readonly spans: CollectedSpan[];
  /** All that came, as it came. */
  readonly text: () => string;
  close(): Promise<void>;
}

export async function openOtlpCollector(): Promise<OtlpCollector> {
  const spans: CollectedSpan[] = [];
  const texts: string[] = [];
  const server = createServer((ask, answer) => {
    const chunks: Buffer[] = [];
    ask.on('data', (chunk: Buffer) => chunks.push(chunk));
    ask.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const isTraces = ask.method === 'POST' && ask.url === '/v1/traces';
      if (!isTraces) return void answer.writeHead(404).end();
      texts.push(text);
      spans.push(...spansOf(JSON.parse(text)));
      answer.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    text: () => texts.join('\n'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function spansOf(said: unknown): CollectedSpan[] {
  return request.parse(said).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(factsOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap((scope) =>
      scope.spans.map(({ traceId, spanId, parentSpanId, name, kind, ...span }) => ({
        ...{ service, traceId, spanId, parentId: parentSpanId, name, kind },
        ...{ startNs: BigInt(span.startTimeUnixNano), endNs: BigInt(span.endTimeUnixNano) },
        ...{ facts: factsOf(span.attributes), failed: span.status.code === 2 },
      })),
    );
  });
}

function factsOf(list: z.infer<typeof attributes>): Record<string, string | number> {
  return Object.fromEntries(
    list.map(({ key, value: { stringValue, intValue } }) => [key, stringValue ?? Number(intValue)]),
  );
}
