import type { Clock } from '@bianmin/card/clock';
import { ORDER_STATES, type OrderState } from '@bianmin/purchase/api/order';
import type { Queue } from 'bullmq';
import type { OrderStore } from '../../orders/store/orders.ts';
import type { PresenceCounts } from '../../fleet/terminals/presence.ts';
import type { AskedGauges } from '../../adapters/metrics/asked.ts';

/** Orders end in these and stay there: how many there are is for the statistics. */
const AT_REST: readonly OrderState[] = ['done', 'closed', 'refunded'];
const MOVING = ORDER_STATES.filter((state) => !AT_REST.includes(state));
/** Counting stops here, so that a scrape costs the same on the worst of days. */
const COUNTED = 10_000;
const QUEUE_STATES = ['waiting', 'active', 'delayed', 'failed'] as const;

/** Orders that are not at rest: how many, and how old. */
export function orderGauges(
  gauges: AskedGauges,
  { store, clock }: { store: Pick<OrderStore, 'countOf' | 'oldestMoving' | 'dueSince'>; clock: Clock },
): void {
  const sinceThen = (then: Date | null): { labels: object; value: number }[] => [
    { labels: {}, value: then === null ? 0 : Math.max(0, (clock.now() - then.getTime()) / 1000) },
  ];
  gauges.add({
    name: 'bianmin_orders',
    help: 'Orders in each state that is not the end; counted up to 10,000.',
    labels: ['state'],
    ask: () =>
      Promise.all(
        MOVING.map(async (state) => ({ labels: { state }, value: await store.countOf(state, COUNTED) })),
      ),
  });
  gauges.add({
    name: 'bianmin_orders_oldest_moving_seconds',
    help: 'Age of the oldest order that is not at rest.',
    labels: [],
    ask: async () => sinceThen(await store.oldestMoving()),
  });
  gauges.add({
    name: 'bianmin_orders_overdue_seconds',
    help: 'For how long the most overdue order has waited to be looked at.',
    labels: [],
    ask: async () => sinceThen(await store.dueSince(new Date(clock.now()))),
  });
}

/** How much waits in a queue, and since when. */
export function queueGauges(
  gauges: AskedGauges,
  { queue, clock }: { queue: Pick<Queue, 'name' | 'getJobCounts' | 'getWaiting'>; clock: Clock },
): void {
  gauges.add({
    name: 'bianmin_queue_jobs',
    help: 'Jobs in a queue, by their state.',
    labels: ['queue', 'state'],
    ask: async () => {
      const counts = await queue.getJobCounts(...QUEUE_STATES);
      return QUEUE_STATES.map((state) => ({
        labels: { queue: queue.name, state },
        value: counts[state] ?? 0,
      }));
    },
  });
  gauges.add({
    name: 'bianmin_queue_oldest_waiting_seconds',
    help: 'For how long the next job of a queue could have begun.',
    labels: ['queue'],
    ask: async () => {
      const [next] = await queue.getWaiting(0, 0);
      const since = next === undefined ? clock.now() : next.timestamp + (next.opts.delay ?? 0);
      return [{ labels: { queue: queue.name }, value: Math.max(0, (clock.now() - since) / 1000) }];
    },
  });
}

/** How many kiosks are there; none of them until all are known. */
export function presenceGauges(gauges: AskedGauges, count: () => Promise<PresenceCounts | undefined>): void {
  gauges.add({
    name: 'bianmin_terminals',
    help: 'Kiosks that were heard within a week, by whether they are there now.',
    labels: ['presence'],
    ask: async () =>
      Object.entries((await count()) ?? {}).map(([presence, value]) => ({ labels: { presence }, value })),
  });
}

/** How far what is made out of orders is behind them. */
export function readerGauges(gauges: AskedGauges, lags: () => Promise<ReadonlyMap<string, number>>): void {
  gauges.add({
    name: 'bianmin_change_reader_lag_seconds',
    help: 'Time between the newest change of an order and the newest that a reader of changes has taken in.',
    labels: ['reader'],
    ask: async () => [...(await lags())].map(([reader, ms]) => ({ labels: { reader }, value: ms / 1000 })),
  });
}
