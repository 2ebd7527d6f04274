import type { GridMetrics } from './line-metrics.ts';
import { tellEnded, type SpanSink } from '../../adapters/tracing/span.ts';

/** The same, telling of each call to the grid as a span, too. */
export function gridTold(metrics: GridMetrics, spans: SpanSink | undefined): GridMetrics {
  if (spans === undefined) return metrics;
  return {
    ...metrics,
    onCall: (call) => {
      metrics.onCall(call);
      const { operation, outcome, ms } = call;
      tellEnded(spans, {
        ...{ name: `grid ${operation}`, kind: 'client', ms },
        failed: outcome === 'unavailable' || outcome === 'unknown',
        facts: { 'bianmin.operation': operation, 'bianmin.outcome': outcome },
      });
    },
  };
}
