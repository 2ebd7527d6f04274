import { Queue } from 'bullmq';
import type { Registry } from 'prom-client';
import { LEDGER_MARK } from '../../money/ledger/projector.ts';
import { queueRedisOf } from '../../config/config.ts';
import type { Deps } from '../../config/deps.ts';
import { PresenceBoard } from '../../fleet/terminals/presence.ts';
import { INVOICES_MARK } from '../../money/invoice/follower.ts';
import { ROLLUPS_MARK } from '../report/marks.ts';
import { ORDER_QUEUE } from '../../adapters/queue/bull-trigger.ts';
import { toAskAQueue } from '../../adapters/queue/queue-connection.ts';
import { MarkStore } from '../../orders/store/marks.ts';
import { OrderChanges } from '../../orders/store/order-changes.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { AskedGauges } from '../../adapters/metrics/asked.ts';
import { orderGauges, presenceGauges, queueGauges, readerGauges } from './work.ts';

const READERS = { ledger: LEDGER_MARK, invoices: INVOICES_MARK, rollups: ROLLUPS_MARK };

/** What all processes have in common, told by workers alone: orders, queue, terminals, what follows orders. Gives what lets go of it. */
export function createWorkerGauges(
  { config, clock, log, db, redis }: Deps,
  { registry, store }: { registry: Registry; store: OrderStore },
): () => Promise<void> {
  const gauges = new AskedGauges({ registry, clock, log });
  const queue = new Queue(ORDER_QUEUE, {
    connection: toAskAQueue(queueRedisOf(config)),
  });
  queue.on('error', () => undefined); // each scrape says so
  orderGauges(gauges, { store, clock });
  queueGauges(gauges, { queue, clock });
  const board = new PresenceBoard(redis, clock);
  presenceGauges(gauges, () => board.counts(config.HEARTBEAT_MS));
  const [marks, changes] = [new MarkStore(db, clock), new OrderChanges(db, clock)];
  readerGauges(gauges, async () => {
    // One that a wrong clock has stamped ahead makes no reader late.
    const newest = Math.min((await changes.newest())?.getTime() ?? 0, clock.now());
    const reached = await marks.reached();
    return new Map(
      Object.entries(READERS).flatMap(([reader, name]) => {
        const mark = reached.get(name);
        // One that never began is none of this server's.
        return mark === undefined ? [] : [[reader, Math.max(0, newest - mark.getTime())] as const];
      }),
    );
  });
  return () => queue.close();
}
