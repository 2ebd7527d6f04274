import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { terminalAnnouncements } from '@bianmin/shared/api/announcements';
import type { HttpCall } from '@bianmin/shared/api/http-call';
import { releaseOffer, type ReleaseAsk, type ReleaseOffer } from '@bianmin/shared/api/release';
import type { Clock } from '@bianmin/shared/clock';
import type { PcscChild } from '@bianmin/shared/node/pcsc-port';
import { systemClock } from '@bianmin/shared/node/system-clock';
import { cardWork } from '@bianmin/shared/purchase/card-work';
import { PurchaseFlow } from '@bianmin/shared/purchase/flow';
import type { PurchaseTimings } from '@bianmin/shared/purchase/state';
import { LentSlots } from '@bianmin/shared/remote-card/lent-slots';
import { codeOf } from '@bianmin/shared/errors';
import { BeatCounts } from '@bianmin/shared/terminal/beat-counts';
import { directBridge, HostEventBus } from '../ipc/events.ts';
import type { HostBridge } from '../ipc/map.ts';
import { createRouter } from '../ipc/router.ts';
import type { Router } from '../ipc/router.ts';
import { chipsSeen } from './chips-seen.ts';
import { unlessBlocked } from './commands/blocked-sales.ts';
import type { HostCommands } from './commands/commands.ts';
import { toldFromAfar, type FarShell } from './commands/told.ts';
import { drawerFor, inSandbox } from './drawer.ts';
import type { HostEnvironment } from './env.ts';
import { FaultRing } from './fault-ring.ts';
import { FileJournal } from './file-journal.ts';
import { loadOrCreateIdentity } from './identity.ts';
import { hostHeartbeats } from './heartbeat.ts';
import { KeyedBeats } from './keyed-beats.ts';
import { createLog, type HostLog } from './log.ts';
import { Machine } from './machine.ts';
import { Notices } from './notices.ts';
import { OrderStream } from './order-stream.ts';
import { receiptDesk } from './printer/receipt-desk.ts';
import { PeopleSeen } from './people-seen.ts';
import { openSlots } from './readers.ts';
import type { OpenSlots } from './readers.ts';
import { remoteCards } from './remote-cards.ts';
import { screenLog } from './screen-log.ts';
import { serverSide } from './server-side.ts';
import { staffApi } from './staff-api.ts';
import { StaffDesk } from './staff-desk.ts';
import { staffHandlers } from './staff-handlers.ts';
import { StatusBoard } from './status.ts';
import { HOST_VERSION } from './version.ts';
import { Visit } from './visit.ts';
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
  /** How the PC/SC child is started; default: Node's own `fork`. */
  readonly startPcscChild?: () => PcscChild;
  /** What this shell can do for somebody far away; default: nothing. */
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
  /** Whether somebody is at it: updates and restarts wait. */
  readonly busy: () => boolean;
  /** Cards whose journal entry the server has not acknowledged yet. Fails with `journal.unreadable`. */
  readonly undelivered: () => Promise<number>;
  /** Which release the server means for this terminal, which is told how the last ones fared. Fails with `ApiError`. */
  readonly release: (said: ReleaseAsk) => Promise<ReleaseOffer | undefined>;
  /** Ends after the card write in progress, if there is one. */
  close(): Promise<void>;
}

/** Brings the kiosk's device work up. Fails with `HostError`: the identity is unreadable, or the port is taken. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { env, clock = systemClock } = options;
  const log = options.log ?? createLog(env.LOG_LEVEL);
  const counts = new BeatCounts();
  const faults = new FaultRing(clock);
  const onFault = (where: string, error: unknown): void => {
    faults.add(where, error);
    log.warn({ where, err: error }, 'something went wrong and is being dealt with');
    counts.fault(codeOf(error));
  };

  const identity = await loadOrCreateIdentity(env.BIANMIN_DATA_DIR);
  const journal = new FileJournal(join(env.BIANMIN_DATA_DIR, 'journal'));
  // A journal that cannot be opened fails again when the flow lists it, and puts the terminal out of service.
  await journal.open().catch((error: unknown) => {
    onFault('journal', error);
  });

  const events = new HostEventBus();
  const drawer = drawerFor(env, { onChange: () => board.look(), onFault });
  const receipts = receiptDesk({
    ...{ env, clock, onFault },
    read: (path, schema) => client.read(path, schema),
    onChange: () => {
      board.look();
    },
  });
  const board: StatusBoard = new StatusBoard({
    facts: {
      terminalId: null,
      version: HOST_VERSION,
      server: 'away',
      clock: null,
      entry: env.ENTRY,
      helpPhone: env.HELP_PHONE,
      voice: env.VOICE,
      notice: null,
      standing: null,
      blocked: false,
    },
    sandbox: () => drawer?.status ?? null,
    printer: () => receipts.status,
    onChange: (status) => {
      events.emit('host.status', status);
    },
  });

  const server = serverSide({
    ...{ env, identity, clock, log, board, onFault, http: options.http },
    onEnrolled: ({ commandKey }) => {
      commands.hearKey(commandKey);
    },
  });
  const { client, serverClock, enrolment } = server;
  const visit = new Visit();
  const visitApi = visit.within(client);
  const feed = new OrderStream({
    api: {
      streamUrl: (lastEventId) => visitApi.streamUrl(lastEventId),
      order: (orderNo) => visitApi.order(orderNo),
    },
    clock,
    log,
  });

  const sandbox = env.BIANMIN_SANDBOX_URL;
  const slots =
    options.slots ??
    (await openSlots({
      sandbox: sandbox === undefined ? undefined : { url: sandbox, readerId: env.BIANMIN_READER_ID },
      startPcscChild: options.startPcscChild,
      onFault,
    }));
  const beats = new KeyedBeats({
    ...{ client, http: server.http, baseUrl: server.baseUrl, clock },
    unseal: (jwe) => identity.unseal(jwe),
    serverNow: () => serverClock.now(),
  });
  const heartbeats = hostHeartbeats({
    counts,
    send: beats.send,
    slots,
    dataDir: env.BIANMIN_DATA_DIR,
    status: () => board.status,
    onCommands: (given) => void commands.desk.take(given),
    clock,
    random: Math.random,
  });
  const shared = new LentSlots({ source: slots, busy: () => flow.busy });
  const chips = chipsSeen(cardWork, (chip) => {
    counts.card(chip);
  });
  const flow: PurchaseFlow = new PurchaseFlow({
    slots: shared.residents,
    api: unlessBlocked(visitApi, () => commands.blocked),
    feed,
    journal,
    clock,
    cards: chips.cards,
    unseal: (jwe) => identity.unseal(jwe),
    settings: { entry: env.ENTRY, channel: 'any' },
    newKey: randomUUID,
    skewMs: () => serverClock.skewMs,
    onFault: (where, error) => {
      visit.run(() => {
        onFault(where, error);
      });
    },
    ...(options.timings === undefined ? {} : { timings: options.timings }),
  });
  const machine = new Machine({
    ...{ clock, slots, journal, faults, fingerprint: identity.fingerprint, dataDir: env.BIANMIN_DATA_DIR },
    ...{ status: () => board.status, view: () => flow.view, lastChip: chips.last, link: server.linkFacts },
  });
  const staff = new StaffDesk({
    api: staffApi(client),
    machine: { look: () => machine.look(), isAway: () => board.status.server === 'away' },
    clock,
    onView: (view) => {
      events.emit('staff.view', view);
    },
    onFault,
  });
  const people = new PeopleSeen(clock);
  const busy = (): boolean => flow.busy || remote.view.state === 'working';
  const commands: HostCommands = toldFromAfar({
    ...{ client, machine, clock, onFault, dataDir: env.BIANMIN_DATA_DIR, terminalId: identity.terminalId },
    ...{ flow, staff, people, board, events, log, far: options.far },
    remote: () => remote,
    notices: () => notices,
    quietMs: env.COMMAND_QUIET_S * 1000,
    now: () => serverClock.now(),
  });
  const logScreen = screenLog(visit, log);
  flow.onView((view) => {
    people.seen();
    staff.serving(flow.busy);
    logScreen(view);
    drawer?.show(view);
    receipts.show(view);
    events.emit('purchase.view', view);
  });

  const remote = remoteCards({
    api: {
      cardSession: (id) => client.cardSession(id),
      consent: (id, yes) => client.consent(id, yes),
      stepResult: (id, result) => client.stepResult(id, result),
      endCardSession: (id, end) => client.endCardSession(id, end),
    },
    lender: shared,
    journal,
    clock,
    unseal: (jwe) => identity.unseal(jwe),
    onView: (view) => {
      events.emit('remote-card.view', view);
    },
    onFault,
  });

  const notices = new Notices({
    fetch: () => client.read('/v1/terminal/announcements', terminalAnnouncements),
    show: (notice) => {
      board.setNotice(notice);
    },
    clock,
    now: () => serverClock.now(),
  });

  const answering = createRouter(
    {
      'host.status': () => board.status,
      'purchase.view': () => flow.view,
      'purchase.command': (command) => {
        visit.begin();
        visit.run(() => {
          log.info({ button: command.type }, 'pressed');
          flow.command(command);
        });
        return null;
      },
      'remote-card.view': () => remote.view,
      'remote-card.command': async ({ command }) => {
        await remote.command(command);
        return null;
      },
      'page.painted': () => {
        options.onPainted?.();
        return null;
      },
      'printer.print': (request) => receipts.print(request),
      'printer.reprint': (request) => staff.view.state === 'in' && receipts.reprint(request),
      'receipt.link': ({ orderNo }) => receipts.link(orderNo),
      ...staffHandlers(staff),
      'sandbox.insert': async ({ cardId }) => {
        await inSandbox(drawer).insert(cardId);
        return null;
      },
      'sandbox.eject': async () => {
        await inSandbox(drawer).eject();
        return null;
      },
    },
    (call, error) => {
      onFault(call, error);
    },
  );
  const router = people.listening(answering);

  const shell =
    options.shell === 'loopback'
      ? new WsShell({
          host: env.HOST,
          port: env.PORT,
          rendererDir: env.BIANMIN_RENDERER_DIR,
          dataDir: env.BIANMIN_DATA_DIR,
          router,
          events,
          onFault,
        })
      : undefined;
  await shell?.start();
  drawer?.start();
  receipts.start();
  // A card that is in already is read by an accepted terminal, where it can be one.
  await enrolment.first(FIRST_ENROL_MS);
  await flow.start();
  remote.start();
  notices.start();
  commands.desk.start();
  heartbeats.start();
  log.info({ version: HOST_VERSION, terminal: identity.fingerprint, origin: shell?.origin }, 'host is up');

  return {
    get url() {
      return shell?.url ?? '';
    },
    origin: shell?.origin ?? '',
    bridge: directBridge(router, events),
    router,
    events,
    busy,
    undelivered: async () => (await journal.list()).length,
    release: (said) => client.post('/v1/terminal/release', releaseOffer.optional(), said),
    close: async () => {
      await shell?.close();
      staff.stop();
      await commands.desk.stop();
      await remote.stop();
      // Each may have a question under way, and none needs the others.
      await Promise.all([
        ...[flow.stop(), drawer?.stop(), enrolment.stop()],
        ...[notices.stop(), heartbeats.stop(), receipts.stop()],
      ]);
      feed.close();
      await slots.close();
      log.info('host is down');
    },
  };
}
