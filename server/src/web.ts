import { ANYBODY, type ListenerInit } from '@bianmin/purchase/node/listener';
import { createMetrics, type Metrics } from './adapters/metrics/metrics.ts';
import type { Config } from './config/config.ts';
import type { Deps } from './config/deps.ts';
import { createFleetMetrics } from './fleet/terminals/terminal-metrics.ts';
import { serveMetrics } from './metrics-endpoint.ts';
import { openDeps } from './open-deps.ts';
import { LIMITS } from './kernel/limits.ts';
import { inTime } from './kernel/time-left.ts';
import type { AnyRoute } from './route/route.ts';
import { ADMIN_FOLDER, adminPages } from './web/admin-pages.ts';
import { Admission, eventLoopBusy, ROOM_FOR_BEATS, ROOM_FOR_KEYS, type Room } from './web/admission.ts';
import { admitted } from './web/admitted.ts';
import { createApp } from './web/app.ts';
import { beatLane } from './fleet/terminals/beat-lane.ts';
import { listen } from './web/listen.ts';
import { PAGES_FOLDER, payerPages } from './web/payer-pages.ts';
import { PORTAL_FOLDER, portalPages } from './web/portal-pages.ts';
import { Readiness } from './web/readiness.ts';
import { allRoutes } from './wiring/routes.ts';
import { takeBeat, type BeatServices } from './fleet/terminals/heartbeat-routes.ts';
import { OrderStreams } from './orders/desk/order-streams.ts';
import type { AccessServices } from './wiring/access.ts';
import { createFeatures } from './wiring/features.ts';
import type { FleetServices } from './wiring/fleet.ts';
import type { Services } from './wiring/orders.ts';
import type { ServiceParts } from './wiring/order-parts.ts';
import type { RemoteCardServices } from './wiring/remote-cards.ts';
import type { StaffServices } from './wiring/staff.ts';
import { hearOfAbsences } from './wiring/stand-ins.ts';
import { startWebRounds } from './wiring/web-rounds.ts';

/** Then streams end when nothing has come for this long; a proxy that only looks may never leave it so quiet. */
const QUIET = { forMs: 200, atMostMs: 2_000 };
/** Of what a beat by its key asks the database, after two trips to Redis. */
const HAND_OUT = {
  limitMs: LIMITS.request - 2 * LIMITS.redis,
  operationMs: LIMITS.database.request,
};
/** How long requests in hand may take once the shutdown has begun. */
const GRACE_MS = 10_000;

export interface WebOverrides {
  /** Used instead of connecting; they stay open at `close`. */
  readonly deps?: Deps;
  readonly parts?: Partial<ServiceParts>;
  readonly metrics?: Metrics;
}

export interface RunningWeb {
  /** `http://host:port` */
  readonly url: string;
  /** Where its measurements are; undefined: nowhere. */
  readonly metricsUrl: string | undefined;
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
  await hearOfAbsences(deps);
  const features = await createFeatures(deps, metrics.registry, parts);
  const { services, access, fleet, staff, remoteCards, residents } = features;
  const streams = new OrderStreams({ feed: services.feed, clock, open: metrics.streams });
  const readiness = new Readiness(deps);
  const beats = { ...fleet.beats, metrics: createFleetMetrics(metrics.registry) };
  const routes = allRoutes({
    ...features,
    ...{ deps, streams, metrics, fleet: { ...fleet, beats }, notReady: readiness.notReady },
  });
  const app = createApp({
    ...{ deps, routes, metrics, limiter: access.limiter },
    authenticators: {
      terminal: fleet.authenticator.authenticate,
      admin: access.sessions.authenticate,
      payer: residents.sessions.authenticate,
    },
    pages: [payerPages(PAGES_FOLDER), portalPages(PORTAL_FOLDER), adminPages(ADMIN_FOLDER)],
  });
  await fleet.cutOff.refresh();
  const answer = app.callback();
  await readiness.start();
  const listening = await listen({
    ...{ host: config.HOST, port: config.PORT, clock, admits: ANYBODY },
    answer: entrance({
      ...{ deps, metrics, beats, cutOff: fleet.cutOff },
      application: (request, response) => answer(request, response),
    }),
    onFault: (error) => {
      log.error({ err: error }, 'a request failed before the application');
    },
    onRefused: (code) => {
      metrics.problems.inc({ code });
    },
  });
  const measurements = await serveMetrics(metrics.registry, { config, log });
  const stopRounds = await startWebRounds(deps, features, { streams, notReady: readiness.notReady });
  log.info({ url: listening.url }, 'web is ready');
  return {
    ...{ url: listening.url, metricsUrl: measurements?.url },
    ...{ services, access, fleet, staff, remoteCards, streams, routes },
    async close() {
      readiness.drain();
      listening.drain();
      if (config.DRAIN_MS > 0) {
        await clock.sleep(config.DRAIN_MS);
        await listening.quiet(QUIET);
        // A proxy that finds the port closed cuts what is in hand.
        streams.close();
        await listening.settled(GRACE_MS);
      }
      readiness.stop();
      const closed = listening.close(GRACE_MS);
      // Not earlier: who comes back at once must find this process gone.
      streams.close();
      await Promise.all([closed, stopRounds(), measurements?.close(0)]);
      await residents.codes.idle();
      await services.close();
    },
  };
}

/** Who is let in when all want to at once; beats pass by the application. */
function entrance(on: {
  readonly deps: Deps;
  readonly metrics: Metrics;
  readonly beats: BeatServices & Pick<FleetServices['beats'], 'beatKeys'>;
  readonly cutOff: FleetServices['cutOff'];
  readonly application: ListenerInit['answer'];
}): ListenerInit['answer'] {
  const { clock, log } = on.deps;
  const { metrics, beats, cutOff } = on;
  // Few beats find a command, and those alone are worth a clock of their own.
  const handOut: BeatServices['commands']['handOut'] = (id) =>
    inTime(HAND_OUT, () => beats.commands.handOut(id));
  const taking = { ...beats, commands: { handOut } };
  const lane = beatLane({
    ...{ keys: beats.beatKeys, cutOff, clock, metrics, log },
    take: (beater, beat, once) => takeBeat(taking, beater, { beat, once }),
  });
  const admission = (room: Room): Admission =>
    new Admission({ room, clock, busy: eventLoopBusy(), random: Math.random });
  return admitted({
    ...{ keys: admission(ROOM_FOR_KEYS), beats: admission(ROOM_FOR_BEATS), metrics },
    next: (request, response, path) =>
      lane(request, response) ? undefined : on.application(request, response, path),
  });
}
