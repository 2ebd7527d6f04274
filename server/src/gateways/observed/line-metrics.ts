import { Gauge, Histogram, type Registry } from 'prom-client';
import type { GridCall } from '../grid/calls.ts';

/** What the line to the grid counts. */
export interface GridMetrics {
  readonly onCall: (call: GridCall) => void;
  /** Asked when metrics are read. */
  readonly onBreaker: (isOpen: () => boolean) => void;
}

/** Up to the longest time-out there is, a string line's. */
const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createGridMetrics(registry: Registry): GridMetrics {
  const registers = [registry];
  const seconds = new Histogram({
    name: 'bianmin_grid_call_seconds',
    help: 'Time of a call to the grid, with the wait for its turn.',
    labelNames: ['operation', 'outcome'],
    buckets: BUCKETS,
    registers,
  });
  return {
    onCall: ({ operation, outcome, ms }) => {
      seconds.observe({ operation, outcome }, ms / 1000);
    },
    onBreaker: (isOpen) => {
      new Gauge({
        name: 'bianmin_grid_breaker_open',
        help: 'Whether calls to the grid are held back, because it does not answer.',
        registers,
        collect() {
          this.set(isOpen() ? 1 : 0);
        },
      });
    },
  };
}
