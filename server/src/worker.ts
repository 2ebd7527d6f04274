import { Worker, type Job } from 'bullmq';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { workOnArchive } from './wiring/archive.ts';
import { createAudit, workOnAudit } from './wiring/audit.ts';
import { keepNotes } from './insight/alerts/notes.ts';
import { workOnAlerts } from './wiring/alert-work.ts';
import { queueRedisOf, type Config } from './config/config.ts';
import { createComplaints, workOnComplaints } from './wiring/complaints.ts';
import type { Deps } from './config/deps.ts';
import { createInvoices, workOnInvoices } from './wiring/invoices.ts';
import { createBooks } from './wiring/books.ts';
import { carryHouseholdFiles, createDiscounts, settleDiscounts } from './wiring/discounts.ts';
import { workOnExports } from './wiring/exports.ts';
import { createReport, keepRollups } from './wiring/reports.ts';
import { createServices, type Services } from './wiring/orders.ts';
import type { ServiceParts } from './wiring/order-parts.ts';
import { createGridDriver, driveForGrid } from './wiring/grid-card-tasks.ts';
import { workOnCommands } from './wiring/commands.ts';
import { forgetWaiting } from './wiring/waiting-terminals.ts';
import { keepPresence } from './wiring/presence.ts';
import { createWorkerGauges } from './insight/metrics/worker-gauges.ts';
import { serveMetrics } from './metrics-endpoint.ts';
import { openDeps } from './open-deps.ts';
import { watchHandOuts, watchShifts } from './wiring/float.ts';
import { workOnKeys } from './wiring/keys.ts';
import { followKeys } from './wiring/payment-keys.ts';
import { shareReach } from './wiring/stand-ins.ts';
import { watchRollouts } from './wiring/releases.ts';
import { compareDeposit } from './wiring/deposit.ts';
import { checkTransfers } from './wiring/transfer.ts';
import { followVendorCredit } from './wiring/vendor-credit.ts';
import { workOnRetention } from './wiring/retention.ts';
import { causeOf, ORDER_QUEUE, type OrderJob } from './adapters/queue/bull-trigger.ts';
import { IN_HAND, toWaitAtAQueue } from './adapters/queue/queue-connection.ts';

/** Orders that one process works on at once; most of that time is waiting for a channel or the grid. */
const CONCURRENCY = 32;

export interface RunningWorker {
  readonly services: Services;
  /** Where its measurements are; undefined: nowhere. */
  readonly metricsUrl: string | undefined;
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
  const worker = advanceByJobs(deps, services);
  const stops = await startAllRounds(deps, services, registry);
  const metrics = await serveMetrics(registry, { config, log: deps.log });
  return {
    services,
    metricsUrl: metrics?.url,
    async close() {
      await Promise.all([worker.close(), metrics?.close(0), ...stops.map((stop) => stop())]);
      await services.close();
      await opened?.close();
    },
  };
}

/** Orders that a job asks to be looked at now. */
function advanceByJobs({ config, log }: Deps, { advancer }: Services): Worker<OrderJob> {
  const advance = (job: Job<OrderJob>): Promise<void> => advancer.advance(job.data.orderNo, causeOf(job));
  const worker = new Worker<OrderJob>(ORDER_QUEUE, advance, {
    connection: toWaitAtAQueue(queueRedisOf(config)),
    concurrency: CONCURRENCY,
    ...IN_HAND,
  });
  worker.on('error', (error) => {
    log.warn({ err: error }, 'the worker cannot reach its queue; the sweeper goes on');
  });
  worker.on('failed', (job, error) => {
    log.error({ err: error, orderNo: job?.data.orderNo }, 'an order could not be advanced by its job');
  });
  return worker;
}

type Stop = () => unknown;

/** Each gives what ends it. */
async function startAllRounds(deps: Deps, services: Services, registry: Registry): Promise<readonly Stop[]> {
  return [
    ...(await ordersAndMoney(deps, services)),
    ...(await fleetAndOffice(deps, services)),
    createWorkerGauges(deps, { registry, store: services.store }),
  ];
}

async function ordersAndMoney(deps: Deps, services: Services): Promise<readonly Stop[]> {
  const { config } = deps;
  const { store, sweeper, missedNotifications, clockSkew } = services;
  const books = await createBooks(deps, { drawsDeposit: deps.config.GRID_VENDOR_CREDIT === 'on' });
  const discounts = await createDiscounts(deps);
  return [
    workOnInvoices(deps, await createInvoices(deps, store), store),
    settleDiscounts(deps, discounts.settler(store)),
    carryHouseholdFiles(deps, discounts.carrier()),
    followKeys(deps),
    followVendorCredit(deps, services.vendorCredits),
    await compareDeposit(deps, store, books),
    await checkTransfers(deps, books),
    services.floats === undefined ? () => undefined : watchHandOuts(deps, services),
    services.floats === undefined ? () => undefined : watchShifts(deps, services),
    sweeper.start(config.SWEEP_MS),
    missedNotifications.start(config.SWEEP_MS),
    clockSkew.start(),
    books.start(),
  ];
}

async function fleetAndOffice(deps: Deps, services: Services): Promise<readonly Stop[]> {
  const { store, watch } = services;
  const trail = await createAudit(deps);
  const drives = deps.config.GRID_CARD_TASKS === 'on';
  return [
    await shareReach(deps),
    workOnComplaints(deps, await createComplaints(deps, store)),
    await workOnExports(deps, store),
    workOnAudit(deps, trail),
    drives
      ? driveForGrid(deps, await createGridDriver(deps, { services, audit: trail.audit }))
      : () => undefined,
    await keepNotes(deps, 'worker', { watch }),
    await workOnAlerts(deps),
    await keepPresence(deps),
    await workOnCommands(deps, trail.audit),
    forgetWaiting(deps),
    await watchRollouts(deps, trail.audit),
    workOnRetention(deps, trail),
    workOnArchive(deps),
    workOnKeys(deps),
    keepRollups(deps, await createReport(deps)),
  ];
}
