import { Worker } from 'bullmq';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { workOnArchive } from './archive/services.ts';
import { createAudit, workOnAudit } from './access/audit-services.ts';
import { keepNotes } from './alerts/notes.ts';
import { workOnAlerts } from './alerts/services.ts';
import { queueRedisOf, type Config } from './config.ts';
import { createComplaints, workOnComplaints } from './complaint/services.ts';
import type { Deps } from './deps.ts';
import { createInvoices, workOnInvoices } from './invoice/services.ts';
import { createBooks } from './books/services.ts';
import { createDiscounts, settleDiscounts } from './discount/services.ts';
import { workOnExports } from './exports/services.ts';
import { createReport, keepRollups } from './report/services.ts';
import { createServices, type ServiceParts, type Services } from './domain/services.ts';
import { createGridDriver, driveForGrid } from './remote-card/grid-services.ts';
import { workOnCommands } from './fleet/command-services.ts';
import { keepPresence } from './fleet/presence-services.ts';
import { createWorkerGauges } from './metrics/worker-gauges.ts';
import { serveMetrics } from './metrics-endpoint.ts';
import { openDeps } from './open-deps.ts';
import { watchHandOuts } from './float/services.ts';
import { followKeys } from './payment-keys/services.ts';
import { watchRollouts } from './releases/services.ts';
import { workOnRetention } from './retention/services.ts';
import { ORDER_QUEUE, type OrderJob } from './queue/bull-trigger.ts';

/** Orders that one process works on at once; most of that time is waiting for a channel or the grid. */
const CONCURRENCY = 32;

export interface RunningWorker {
  readonly services: Services;
  /** Takes no further order, finishes those in hand, and leaves. */
  close(): Promise<void>;
}

/** The worker process: takes jobs, and sweeps for what no job reached. */
export async function startWorker(
  config: Config,
  overrides: { deps?: Deps; parts?: Partial<ServiceParts>; registry?: Registry } = {},
): Promise<RunningWorker> {
  const registry = overrides.registry ?? new Registry();
  const opened = overrides.deps === undefined ? await openDeps(config, 'worker', registry) : undefined;
  const deps = overrides.deps ?? opened?.deps;
  if (deps === undefined) throw new Error('Neither given nor opened.');
  if (opened !== undefined) collectDefaultMetrics({ register: registry });
  const services = await createServices(deps, {
    registry,
    ...(overrides.parts === undefined ? {} : { parts: overrides.parts }),
  });
  const { log } = deps;
  const worker = new Worker<OrderJob>(ORDER_QUEUE, (job) => services.advancer.advance(job.data.orderNo), {
    connection: { url: queueRedisOf(config), maxRetriesPerRequest: null },
    concurrency: CONCURRENCY,
  });
  worker.on('error', (error) => {
    log.warn({ err: error }, 'the worker cannot reach its queue; the sweeper goes on');
  });
  worker.on('failed', (job, error) => {
    log.error({ err: error, orderNo: job?.data.orderNo }, 'an order could not be advanced by its job');
  });
  const stopInvoices = workOnInvoices(deps, await createInvoices(deps, services.store), services.store);
  const stopComplaints = workOnComplaints(deps, await createComplaints(deps));
  const stopDiscounts = settleDiscounts(deps, (await createDiscounts(deps)).settler(services.store));
  const stopExports = await workOnExports(deps, services.store);
  const stopKeys = followKeys(deps);
  const trail = await createAudit(deps);
  const stopTying = workOnAudit(deps, trail);
  const stopDriving =
    config.GRID_CARD_TASKS === 'on'
      ? driveForGrid(deps, await createGridDriver(deps, { services, audit: trail.audit }))
      : undefined;
  const stopNotes = await keepNotes(deps, 'worker', { watch: services.watch });
  const stopAlerts = await workOnAlerts(deps);
  const stopPresence = await keepPresence(deps);
  const stopCommands = await workOnCommands(deps);
  const stopRollouts = await watchRollouts(deps, trail.audit);
  const stopErasing = workOnRetention(deps, trail);
  const stopArchiving = workOnArchive(deps);
  const stopHandOuts = services.floats === undefined ? undefined : watchHandOuts(deps, services);
  const stopSweeping = services.sweeper.start(config.SWEEP_MS);
  const stopHearing = services.unheard.start(config.SWEEP_MS);
  const stopBringing = services.putOff.start();
  const books = await createBooks(deps);
  const stopBooks = books.start();
  const stopRollups = keepRollups(deps, await createReport(deps));
  const stopGauges = createWorkerGauges(deps, { registry, store: services.store });
  const metrics =
    config.METRICS_PORT === undefined
      ? undefined
      : await serveMetrics(registry, config.HOST, config.METRICS_PORT);
  return {
    services,
    async close() {
      await Promise.all([
        worker.close(),
        stopSweeping(),
        stopHearing(),
        stopBringing(),
        stopDiscounts(),
        stopInvoices(),
        stopKeys(),
        stopErasing(),
        stopArchiving(),
        stopHandOuts?.(),
        stopTying(),
        stopPresence(),
        stopCommands(),
        stopRollouts(),
        stopNotes(),
        stopAlerts(),
        stopExports(),
        stopComplaints(),
        stopBooks(),
        stopRollups(),
        stopDriving?.(),
        metrics?.close(0),
        stopGauges(),
      ]);
      await services.close();
      await opened?.close();
    },
  };
}
