import { createAccess, type AccessServices } from './access/services.ts';
import { keepNotes } from './alerts/notes.ts';
import { createAlerts } from './alerts/services.ts';
import { createBooks } from './books/services.ts';
import { Settlements } from './books/reconcile/settlements.ts';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { createServices, type ServiceParts, type Services } from './domain/services.ts';
import { CUT_OFF_EVERY_MS } from './fleet/cut-off.ts';
import { createFleet, type FleetServices } from './fleet/services.ts';
import { createApp } from './http/app.ts';
import {
  Admission,
  admitted,
  eventLoopBusy,
  ROOM_FOR_BEATS,
  ROOM_FOR_KEYS,
  type Room,
} from './http/admission.ts';
import { beatLane } from './http/beat-lane.ts';
import { listen } from './http/listen.ts';
import { Readiness } from './http/readiness.ts';
import { ADMIN_FOLDER, adminPages } from './http/admin-pages.ts';
import { PAGES_FOLDER, payerPages } from './http/payer-pages.ts';
import { PORTAL_FOLDER, portalPages } from './http/portal-pages.ts';
import type { AnyRoute } from './http/route.ts';
import { allRoutes } from './http/routes/all.ts';
import { takeBeat } from './http/routes/terminal-heartbeat.ts';
import { OrderStreams } from './http/sse.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { openDeps } from './open-deps.ts';
import { createKeyRotation, followKeys } from './payment-keys/services.ts';
import { NotificationArchive } from './store/notification-archive.ts';
import { AnnouncementStore } from './announcements/announcement-store.ts';
import { Announcements } from './announcements/announcements.ts';
import { OrgStore } from './store/orgs.ts';
import { createExports } from './exports/services.ts';
import { createDiscounts } from './discount/services.ts';
import { createFloats } from './float/services.ts';
import { FoundMoney } from './refunds/found-money.ts';
import { createRefunds } from './refunds/services.ts';
import { createComplaints } from './complaint/services.ts';
import { createCounter } from './counter/services.ts';
import { createInvoices } from './invoice/services.ts';
import { PayPage } from './pay-page/pay-page.ts';
import { placeNames } from './receipt/place-names.ts';
import { Receipts } from './receipt/receipts.ts';
import { PortalSessions } from './portal/sessions.ts';
import { startRounds } from './queue/rounds.ts';
import { createReleases } from './releases/services.ts';
import { createRetention } from './retention/services.ts';
import { createReport } from './report/services.ts';
import { createStaff, type StaffServices } from './staff/services.ts';
import { createRemoteCards, type RemoteCardServices } from './remote-card/services.ts';
import { createResidentCodes, createResidents } from './residents/services.ts';

/** Between two questions to a payment channel that does not answer. */
const PROBE_MS = 15_000;
/** Then the port is closed when nothing has come for this long: what comes at that very moment is cut off. */
const QUIET = { forMs: 200, atMostMs: 5_000 };
/** How long requests in hand may take once the shutdown has begun. */
const GRACE_MS = 10_000;
/** How often approvals that were accepted but not carried out are looked for. */
const RESUME_MS = 15_000;
const PURGE_MS = 3_600_000;

export interface WebOverrides {
  /** Used instead of connecting; they stay open at `close`. */
  readonly deps?: Deps;
  readonly parts?: Partial<ServiceParts>;
  readonly metrics?: Metrics;
}

export interface RunningWeb {
  /** `http://host:port` */
  readonly url: string;
  readonly services: Services;
  readonly access: AccessServices;
  readonly fleet: FleetServices;
  readonly staff: StaffServices;
  readonly remoteCards: RemoteCardServices;
  readonly streams: OrderStreams;
  /** Every endpoint that it answers. */
  readonly routes: readonly AnyRoute[];
  /** Not ready any more, but serving for `DRAIN_MS`; then streams ended, requests in hand finished, connections closed. */
  close(): Promise<void>;
}

/** The web process: connects, makes its indexes, then listens. */
export async function startWeb(config: Config, overrides: WebOverrides = {}): Promise<RunningWeb> {
  const metrics = overrides.metrics ?? createMetrics({ defaults: overrides.deps === undefined });
  const opened = overrides.deps === undefined ? await openDeps(config, 'web', metrics.registry) : undefined;
  const deps = overrides.deps ?? opened?.deps;
  if (deps === undefined) throw new Error('Neither given nor opened.');
  try {
    const running = await serve({ ...deps, config }, metrics, overrides.parts);
    return {
      ...running,
      async close() {
        await running.close();
        await opened?.close();
      },
    };
  } catch (error) {
    await opened?.close();
    throw error;
  }
}

async function serve(
  deps: Deps,
  metrics: Metrics,
  parts: Partial<ServiceParts> | undefined,
): Promise<RunningWeb> {
  const { config, clock, log } = deps;
  const access = await createAccess(deps);
  const codes = await createResidentCodes(deps, access);
  const discounts = await createDiscounts(deps);
  const services = await createServices(deps, {
    registry: metrics.registry,
    parts: { proofs: codes.proofs, discounts: discounts.desk, ...parts },
  });
  const residents = await createResidents(deps, codes, { access, services });
  const fleet = await createFleet(deps, access);
  const staff = await createStaff({ deps, services, access, fleet });
  const floats = await createFloats({ deps, services, access });
  const counter = createCounter({ deps, services, access, floats });
  const refunds = createRefunds({ services, access, cases: staff.cases });
  const books = await createBooks(deps);
  const report = await createReport(deps);
  const settlements = new Settlements({
    cases: staff.cases,
    ledger: books.ledger,
    approvals: access.approvals,
    clock,
  });
  const found = new FoundMoney({
    ...{ mover: services.mover, trigger: services.trigger },
    ...{ cases: staff.cases, approvals: access.approvals },
  });
  const remoteCards = await createRemoteCards({
    deps,
    services,
    terminals: fleet.terminals,
    replacements: staff.replacements,
  });
  const payPage = new PayPage({
    ...services,
    payments: services.phonePayments,
    policy: services.mover.policy,
    clock,
  });
  const paper = new Receipts({
    ...{ store: services.store, codes: services.receipts, links: services.receiptLinks, clock },
    placeOf: placeNames({ terminals: fleet.terminals, orgs: access.orgs }),
  });
  const invoices = await createInvoices(deps, services.store);
  const complaints = await createComplaints(deps);
  const files = await createExports(deps, access.audit);
  const releases = await createReleases(deps, access);
  const notices = new AnnouncementStore(deps.db);
  await notices.prepare();
  const announcements = new Announcements({
    store: notices,
    orgs: new OrgStore(deps.db),
    ...{ audit: access.audit, clock },
  });
  const alerts = await createAlerts(deps, access);
  const archive = new NotificationArchive(deps.db, clock);
  await archive.prepare();
  const rotation = await createKeyRotation(deps, access.approvals);
  const stopKeys = followKeys(deps);
  const stopPurging = startRounds({
    work: () => archive.purge(),
    everyMs: PURGE_MS,
    what: 'old refused notifications',
    ...{ clock, log },
  });
  services.notifications.onComplaint((channel) => {
    complaints.fetch().catch((error: unknown) => {
      log.error({ err: error, channel }, 'complaints that a wallet told of could not be fetched');
    });
  });
  const stopProbing = startRounds({
    work: () => services.watch.probe(),
    everyMs: PROBE_MS,
    what: 'channels that are down',
    ...{ clock, log },
  });
  const stopNotes = await keepNotes(deps, 'web', { watch: services.watch, releases: releases?.releases });
  const streams = new OrderStreams({ feed: services.feed, clock, open: metrics.streams });
  const readiness = new Readiness(deps);
  const { notReady } = readiness;
  const routes = allRoutes({
    deps,
    services,
    access,
    fleet,
    staff,
    books,
    report,
    settlements,
    found,
    refunds,
    floats,
    counter,
    discounts: discounts.rules(access),
    remoteCards,
    residents,
    personal: createRetention(deps, access),
    payPage,
    paper,
    portal: new PortalSessions({ ...deps, publicUrl: config.PUBLIC_URL }),
    invoices,
    complaints,
    files,
    releases,
    alerts,
    announcements,
    archive,
    rotation,
    streams,
    metrics,
    notReady,
  });
  const app = createApp({
    deps,
    routes,
    authenticators: {
      terminal: fleet.authenticator.authenticate,
      admin: access.sessions.authenticate,
      payer: residents.sessions.authenticate,
    },
    pages: [payerPages(PAGES_FOLDER), portalPages(PORTAL_FOLDER), adminPages(ADMIN_FOLDER)],
    limiter: access.limiter,
    metrics,
    leaving: () => readiness.draining,
  });
  const { cutOff } = fleet;
  const beats = { ...fleet.beats, metrics: metrics.fleet };
  await cutOff.refresh();
  const stopCutOff = startRounds({
    work: async () => {
      const known = await cutOff.refresh();
      streams.endOf(cutOff.ids);
      return known;
    },
    everyMs: CUT_OFF_EVERY_MS,
    what: 'who was cut off',
    ...{ clock, log },
  });
  const lane = beatLane({
    ...{ keys: beats.beatKeys, cutOff, clock, metrics, log },
    take: (beater, beat, once) => takeBeat(beats, beater, { beat, once }),
  });
  const application = app.callback();
  const admission = (room: Room): Admission =>
    new Admission({ room, clock, busy: eventLoopBusy(), random: Math.random });
  const handler = admitted({
    ...{ keys: admission(ROOM_FOR_KEYS), beats: admission(ROOM_FOR_BEATS), metrics },
    next: (request, response) => {
      if (!lane(request, response)) void application(request, response);
    },
  });
  const listening = await listen(handler, config.HOST, config.PORT, clock);
  const stopResuming = resumeApprovals(deps, { access, staff });
  log.info({ url: listening.url }, 'web is ready');
  return {
    url: listening.url,
    services,
    access,
    fleet,
    staff,
    remoteCards,
    streams,
    routes,
    async close() {
      readiness.drain();
      listening.drain();
      if (config.DRAIN_MS > 0) {
        await clock.sleep(config.DRAIN_MS);
        await listening.quiet(QUIET);
      }
      const closed = listening.close(GRACE_MS);
      // Not earlier: who comes back at once must find this process gone.
      streams.close();
      await Promise.all([
        closed,
        ...[stopResuming(), stopProbing(), stopKeys(), stopNotes(), stopCutOff(), stopPurging()],
      ]);
      await residents.codes.idle();
      await services.close();
    },
  };
}

/** Now and then, until stopped: what a crash left accepted but undone is done, and the grid is told what it has not heard. */
function resumeApprovals(
  { clock, log }: Pick<Deps, 'clock' | 'log'>,
  { access, staff }: { access: AccessServices; staff: StaffServices },
): () => Promise<void> {
  const rounds = { everyMs: RESUME_MS, clock, log };
  const stops = [
    startRounds({
      work: () =>
        access.approvals.resume((error, id) => {
          log.error({ err: error, approval: id }, 'an approval could not be carried out');
        }),
      what: 'approvals',
      ...rounds,
    }),
    startRounds({ work: () => staff.confirms.resume(), what: 'replacement cards', ...rounds }),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}
