import type { Clock } from '@bianmin/card/clock';
import type { Config } from './config.ts';
import type { Tracing } from '../adapters/tracing/otlp.ts';

/** Undefined where no collector is configured: then nothing of it is loaded. */
export async function tracingFrom(
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT'>,
  of: { readonly service: string; readonly clock: Pick<Clock, 'now'> },
): Promise<Tracing | undefined> {
  if (endpoint === undefined) return undefined;
  const { otlpTracing } = await import('../adapters/tracing/otlp.ts');
  return otlpTracing({ endpoint, ...of });
}
