import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a process counts, in Prometheus's form. Names and labels are listed in docs/observability.md. */
export interface Metrics {
  readonly registry: Registry;
  /** Every answer, by route (never by address: that would name orders), method and status. */
  readonly httpSeconds: Histogram<'route' | 'method' | 'status'>;
  /** Answers that were a problem, by code. */
  readonly problems: Counter<'code'>;
  /** Open streams to terminals. */
  readonly streams: Gauge;
  /** Payment notifications refused; an alert watches it. */
  readonly notificationsRefused: Counter<'channel' | 'reason'>;
}

/** One registry a process; tests make as many as they like. */
export function createMetrics(init: { defaults: boolean }): Metrics {
  const registry = new Registry();
  if (init.defaults) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    httpSeconds: new Histogram({
      name: 'bianmin_http_request_seconds',
      help: 'Time from the request to the end of its answer.',
      labelNames: ['route', 'method', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    problems: new Counter({
      name: 'bianmin_http_problems_total',
      help: 'Answers that were a problem.',
      labelNames: ['code'],
      registers,
    }),
    streams: new Gauge({ name: 'bianmin_streams_open', help: 'Open streams to terminals.', registers }),
    notificationsRefused: new Counter({
      name: 'bianmin_notifications_refused_total',
      help: 'Payment notifications refused: bad signature, stale, or not matching the payment.',
      labelNames: ['channel', 'reason'],
      registers,
    }),
  };
}
