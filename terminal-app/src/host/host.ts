import { nodeSystem } from '@bianmin/card/cli/node-system';
import type { System } from '@bianmin/card/cli/doctor/system';
import type { Clock } from '@bianmin/card/clock';
import type { HttpCall } from '@bianmin/purchase/api/http-call';
import { releaseOffer, type ReleaseAsk, type ReleaseOffer } from '@bianmin/purchase/api/release-offer';
import { SUPPORT_LOG_LINES, type TerminalSupport } from '@bianmin/purchase/api/support';
import { supportLog } from '@bianmin/purchase/node/support/log-lines';
import type { PurchaseTimings } from '@bianmin/purchase/purchase/timings';
import { directBridge, type HostEventBus } from '../ipc/events.ts';
import type { HostBridge } from '../ipc/map.ts';
import { createRouter, type Router } from '../ipc/router.ts';
import { openAfar, type Afar } from './afar.ts';
import { openAround, type Around } from './around.ts';
import { openBasis, type Basis } from './basis.ts';
import type { FarShell } from './commands/told.ts';
import { forkDeviceChild, type StartDeviceChild } from './device-child.ts';
import type { HostEnvironment } from './env.ts';
import { hostHandlers } from './handlers.ts';
import type { HostLog } from './log.ts';
import { Machine } from './machine.ts';
import { PeopleSeen } from './people-seen.ts';
import { PinPause } from './pin-pause.ts';
import { openPurchase, type HostPurchase } from './purchase.ts';
import type { OpenSlots } from './readers.ts';
import type { ReleaseTrust } from './release-trust.ts';
import { screenLog } from './screen-log.ts';
import { staffApi } from './staff-api.ts';
import { StaffDesk } from './staff-desk.ts';
import { collectSupport, secretsOf } from './support/collect.ts';
import { keepLastSeen } from './support/last-seen.ts';
import { HOST_VERSION } from './version.ts';
import { WsShell } from './ws-shell.ts';

/** How long the first reading waits for the server to know this terminal. */
const FIRST_ENROL_MS = 3_000;

export interface HostOptions {
  readonly env: HostEnvironment;
  /** `loopback`: page and map on a port of this machine. `none`: another shell carries the map. */
  readonly shell: 'loopback' | 'none';
  /** Default: JSON lines on standard error. */
  readonly log?: HostLog;
  /** Default: every reader of this machine, and the sandbox's. */
  readonly slots?: OpenSlots;
  readonly timings?: Partial<PurchaseTimings>;
  /** Default: the machine's clocks. Readers' wires are timed by those in any case. */
  readonly clock?: Clock;
  /** How the server is asked; default: over the network. */
  readonly http?: HttpCall;
  /** How a child that drives readers or the printer is started; default: Node's own `fork`. */
  readonly startDeviceChild?: StartDeviceChild;
  /** Where readers are looked for, for a support archive; default: this machine. */
  readonly system?: System;
  /** What this shell can do for a command from afar; default: nothing. */
  readonly far?: FarShell;
  /** The page has painted: for a shell that watches it. */
  readonly onPainted?: () => void;
}

export interface Host {
  /** Opens the screen, once; changes with each use. Empty without the loopback shell. */
  readonly url: string;
  /** Where the loopback shell listens, without the token. Empty without it. */
  readonly origin: string;
  /** The typed map, for callers in this process. */
  readonly bridge: HostBridge;
  /** The dispatcher and the events behind it, for a shell in this process. */
  readonly router: Router;
  readonly events: HostEventBus;
  /** Whether the terminal is in use: updates and restarts wait. */
  readonly busy: () => boolean;
  /** Cards whose journal entry the server has not acknowledged yet. Fails with `journal.unreadable`. */
  readonly undelivered: () => Promise<number>;
  /** Which release the server means for this terminal, which is told how the last ones fared. Fails with `ApiError`. */
  readonly release: (said: Omit<ReleaseAsk, 'root'>) => Promise<ReleaseOffer | undefined>;
  /** Who may release to this terminal; undefined where it was told of nobody. */
  readonly trust: ReleaseTrust | undefined;
  /** Ends after the card write in progress, if there is one. */
  close(): Promise<void>;
}

/** Brings the kiosk's device work up. Fails with `HostError`: the identity is unreadable, or the port is taken. */
export async function startHost(options: HostOptions): Promise<Host> {
  const basis = await openBasis(options);
  const { env, clock, log, identity, journal, faults, onFault } = basis;
  const { startDeviceChild = forkDeviceChild } = options;
  const around = openAround(basis, { http: options.http, startDeviceChild });
  const { events, board, server, receipts, drawer } = around;
  const pins = new PinPause(clock);
  const purchase = await openPurchase(basis, { ...around, startDeviceChild }, options);
  const { flow, slots, trust } = purchase;
  const machine = new Machine({
    ...{ clock, slots, journal, faults, fingerprint: identity.fingerprint, dataDir: env.BIANMIN_DATA_DIR },
    ...{ status: () => board.status, view: () => flow.view, lastChip: purchase.lastChip },
    link: server.linkFacts,
  });
  const staff = new StaffDesk({
    api: staffApi(purchase.visit.within(server.client), pins),
    machine: {
      look: () => machine.look(),
      isAway: () => board.status.server === 'away',
      cardSerial: () => flow.cardSerial,
    },
    clock,
    onView: (view) => {
      events.emit('staff.view', view);
      flow.assist(view.state === 'in' && view.at === 'desk');
    },
    onFault,
  });
  purchase.counter.offerCash = (orderNo, by) => staff.offerCash(orderNo, by);
  const people = new PeopleSeen(clock);
  const logScreen = screenLog(purchase.visit, log);
  flow.onView((view) => {
    people.seen();
    staff.follow(view, flow.busy);
    logScreen(view);
    drawer?.show(view);
    receipts.show(view);
    events.emit('purchase.view', view);
  });
  const support = supportOf(basis, machine, options.system);
  const afar = openAfar(basis, around, { purchase, machine, support, staff, people, far: options.far });
  const handlers = hostHandlers({
    ...{ around, purchase, staff, log, remote: afar.remote, onPainted: options.onPainted },
  });
  const router = people.listening(createRouter(handlers, onFault));
  const shell = options.shell === 'loopback' ? loopback(basis, { router, events }) : undefined;
  await shell?.start();
  await begin({ around, purchase, afar });
  const endLastSeen = keepLastSeen({
    ...{ clock, machine, log: log.tail, secrets: secretsOf(env), dataDir: env.BIANMIN_DATA_DIR },
  });
  log.info({ version: HOST_VERSION, terminal: identity.fingerprint, origin: shell?.origin }, 'host is up');
  return {
    get url() {
      return shell?.url ?? '';
    },
    origin: shell?.origin ?? '',
    bridge: directBridge(router, events),
    ...{ router, events },
    busy: () => flow.busy || afar.remote.view.state === 'working',
    undelivered: async () => (await journal.list()).filter(({ told }) => told !== true).length,
    release: async (said) => {
      await trust?.refresh();
      const root = trust?.root.version;
      const body: ReleaseAsk = { ...said, ...(root === undefined ? {} : { root }) };
      return server.client.post('/v1/terminal/release', releaseOffer.optional(), body);
    },
    trust,
    close: async () => {
      await shell?.close();
      staff.stop();
      await end({ around, purchase, afar });
      log.info('host is down');
      await endLastSeen();
    },
  };
}

/** What a support archive of this host is made of, as it is at that moment. */
function supportOf(
  { env, clock, log, journal }: Basis,
  machine: Machine,
  system: System | undefined,
): () => Promise<TerminalSupport> {
  return async () =>
    collectSupport({
      ...{ env, clock, journal, system: system ?? nodeSystem() },
      seen: {
        machine: await machine.look(),
        log: supportLog(log.tail.lines, { most: SUPPORT_LOG_LINES, secrets: secretsOf(env) }),
      },
    });
}

interface Running {
  readonly around: Around;
  readonly purchase: HostPurchase;
  readonly afar: Afar;
}

async function begin({
  around: { drawer, receipts, server },
  purchase: { flow, layouts },
  afar,
}: Running): Promise<void> {
  drawer?.start();
  receipts.start();
  // A card that is in already is read by an accepted terminal, where it can be one.
  await server.enrolment.first(FIRST_ENROL_MS);
  layouts.start();
  await flow.start();
  afar.remote.start();
  afar.notices.start();
  afar.commands.desk.start();
  afar.heartbeats.start();
}

async function end({ around: { drawer, receipts, server }, purchase, afar }: Running): Promise<void> {
  await afar.commands.desk.stop();
  await afar.remote.stop();
  // Each may have a question under way, and none needs the others.
  await Promise.all([
    ...[purchase.flow.stop(), purchase.layouts.stop(), drawer?.stop(), server.enrolment.stop()],
    ...[afar.notices.stop(), afar.heartbeats.stop(), receipts.stop()],
  ]);
  purchase.feed.close();
  await purchase.slots.close();
}

function loopback(
  { env, onFault }: Pick<Basis, 'env' | 'onFault'>,
  { router, events }: Pick<Host, 'router' | 'events'>,
): WsShell {
  return new WsShell({
    ...{
      host: env.HOST,
      port: env.PORT,
      rendererDir: env.BIANMIN_RENDERER_DIR,
      dataDir: env.BIANMIN_DATA_DIR,
    },
    ...{ router, events, onFault },
  });
}
