import type { Metrics } from '../adapters/metrics/metrics.ts';
import type { Deps } from '../config/deps.ts';
import type { OrderStreams } from '../orders/desk/order-streams.ts';
import type { SystemServices } from '../web/system-routes.ts';
import type { Features } from './features.ts';

/** What endpoints are made of; each is handed the two or three things that it calls. */
export type RouteParts = Features & {
  readonly deps: Pick<Deps, 'clock' | 'log' | 'lines' | 'db' | 'redis' | 'marks' | 'config' | 'grid'>;
  readonly streams: OrderStreams;
  readonly metrics: Metrics;
  readonly notReady: SystemServices['notReady'];
};
