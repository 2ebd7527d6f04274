import { randomUUID } from 'node:crypto';
import { PROVINCE } from '@bianmin/purchase/api/org';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import type { Deps } from '../config/deps.ts';
import { Cohorts } from '../fleet/terminals/cohorts.ts';
import { PresenceBoard } from '../fleet/terminals/presence.ts';
import { beatIntervals } from '../fleet/terminals/presence-rule.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { pingDatabase } from '../adapters/mongo/connection.ts';
import { MongoLeases } from '../adapters/mongo/leases.ts';
import { AttemptStore } from '../access/store/attempts.ts';
import { AuditStore } from '../access/store/audit.ts';
import { BreakGlassStore } from '../access/store/break-glass.ts';
import { OrgStore } from '../access/store/orgs.ts';
import { TerminalHealthStore } from '../fleet/store/terminal-health.ts';
import { TerminalStore } from '../fleet/store/terminals.ts';
import { Announcer } from '../insight/alerts/announcer.ts';
import { Blackout } from '../insight/alerts/blackout.ts';
import { AlertBoard } from '../insight/alerts/board.ts';
import { Deliverer } from '../insight/alerts/deliverer.ts';
import type { Watch } from '../insight/alerts/finding.ts';
import { AlertRounds } from '../insight/alerts/rounds.ts';
import { sender, type Send } from '../insight/alerts/send/target.ts';
import {
  backupWatch,
  bookWatches,
  breakGlassWatch,
  certificateWatch,
  commandWatch,
  deliveryWatch,
  fleetWatch,
  guessWatch,
  orderWatches,
  rolloutWatch,
  roomWatch,
  processWatch,
  queueWatch,
  refusedKeyWatch,
  resealWatch,
  vendorCreditWatch,
  waitingWatch,
} from '../insight/alerts/watches.ts';
import { readStoreFacts, type TellsItsMemory } from '../insight/alerts/store-facts.ts';
import { lookAtRedis } from '../adapters/redis/connection.ts';
import { queueRedisOf, type Config } from '../config/config.ts';
import { LIMITS } from '../kernel/limits.ts';
import { StandIns } from '../adapters/mongo/stand-ins.ts';
import { RedisEphemeral } from '../adapters/redis/ephemeral.ts';
import { RefusedKeys } from '../orders/desk/refused-keys.ts';
import { RedisVendorCredit } from '../money/vendor-credit/redis-credit.ts';
import { openAlertStores, type AlertStores } from './alerts.ts';
import { BackupNotes } from '../upkeep/backup/backup-notes.ts';
import { ResealStore } from '../upkeep/keys/reseal-store.ts';
import { consoleUrl } from '../kernel/site-url.ts';

const LOOK_EVERY_MS = 15_000;
const SEND_EVERY_MS = 5_000;
const PING_EVERY_MS = 10_000;
const PURGE_EVERY_MS = 3_600_000;
/** How long an alert that is over is kept. */
const KEEP_MS = 365 * 24 * 3_600_000;

type Needs = Pick<Deps, 'db' | 'redis' | 'config' | 'clock' | 'log'>;

/** What looks and what sends, wired for one worker; `watches` beside all others, for tests. */
export interface AlertWork {
  readonly rounds: AlertRounds;
  readonly deliverer: Deliverer;
  readonly blackout: Blackout;
  /** Lets go of what was opened here. */
  close(): Promise<void>;
}

export function alertWork(
  deps: Needs,
  stores: AlertStores,
  of: { watches?: readonly Watch[]; send?: Send; ping?: () => Promise<void> } = {},
): AlertWork {
  const { db, redis, config, clock, log } = deps;
  const { send = sender(() => clock.now()), ping = () => pingDatabase(db) } = of;
  const { alerts, notices, destinations, silences, limits, notes } = stores;
  const holder = randomUUID();
  const leases = new MongoLeases<string>(db, 'JobLease');
  const orgs = new OrgStore(db);
  const publicUrl = consoleUrl(config);
  const heard = { board: new PresenceBoard(redis, clock), store: new TerminalHealthStore(db) };
  const terminals = new TerminalStore(db);
  const queue = queueWatch(config);
  const announcer = new Announcer({
    ...{ alerts, notices, destinations, silences, publicUrl },
    placeOf: async (orgPath) => {
      const id = orgPath.at(-1) ?? PROVINCE;
      return (await orgs.get(id))?.names['zh-CN'] ?? id;
    },
  });
  const watches = of.watches ?? [
    ...orderWatches(db),
    ...bookWatches(db, clock),
    vendorCreditWatch(db, new RedisVendorCredit(redis, config.GRID_PROFILE)),
    refusedKeyWatch(new RefusedKeys({ ephemeral: new RedisEphemeral(redis, new StandIns(db, clock)), log })),
    certificateWatch(db, config),
    resealWatch(new ResealStore(db)),
    ...(config.BACKUP_RECIPIENT === undefined ? [] : [backupWatch(new BackupNotes(db))]),
    guessWatch(new AttemptStore(db)),
    breakGlassWatch(new BreakGlassStore(db)),
    commandWatch(new AuditStore(db)),
    queue.watch,
    fleetWatch(new Cohorts({ ...heard, terminals, clock, intervals: beatIntervals(config) })),
    waitingWatch(terminals),
    rolloutWatch(db),
    roomWatch(() => readStoreFacts({ db, redis, queueRedis: queueRedisFacts(config) })),
    processWatch(notes, new Date(clock.now())),
    deliveryWatch(destinations, notices),
  ];
  return {
    rounds: new AlertRounds({
      ...{ watches, limits, announcer, leases, holder, clock, log },
      board: new AlertBoard(alerts),
    }),
    deliverer: new Deliverer({ notices, destinations, leases, holder, send, clock, log }),
    blackout: new Blackout({
      ...{ ping, send, publicUrl, clock, log },
      load: async () => ({
        limits: await limits.current(),
        destinations: (await destinations.list(WHOLE_PROVINCE))
          .filter(({ enabled }) => enabled)
          .map((destination) => ({ destination, target: destinations.targetOf(destination) })),
      }),
      claim: async (what, ms) =>
        (await redis.set(`alerts:blackout:${what}`, holder, 'PX', ms, 'NX')) === 'OK',
      keep: async (over) => {
        await alerts.insert(over);
      },
    }),
    close: queue.close,
  };
}

/** The other Redis, by a connection for each question; none where there is one Redis. */
function queueRedisFacts(config: Config): TellsItsMemory | undefined {
  if (config.REDIS_QUEUE_URL === undefined) return undefined;
  return {
    info: async (section) => {
      const look = lookAtRedis(queueRedisOf(config), { patienceMs: LIMITS.redis, lazyConnect: true });
      try {
        return await look.info(section);
      } finally {
        look.disconnect();
      }
    },
  };
}

/** The worker's part: looks, announces, sends, and knows when the database is away. Gives what stops it. */
export async function workOnAlerts(deps: Needs): Promise<() => Promise<void>> {
  const { clock, log } = deps;
  const stores = await openAlertStores(deps);
  const work = alertWork(deps, stores);
  const rounds = { clock, log };
  const stops = [
    startRounds({
      ...{ work: () => work.rounds.round().then(Number), everyMs: LOOK_EVERY_MS, what: 'alerts' },
      ...rounds,
    }),
    startRounds({
      ...{ work: () => work.deliverer.round(), everyMs: SEND_EVERY_MS, what: 'messages of alerts' },
      ...rounds,
    }),
    startRounds({
      ...{ work: () => work.blackout.round().then(Number), everyMs: PING_EVERY_MS, what: 'the database' },
      ...rounds,
    }),
    startRounds({
      work: async () => {
        const before = new Date(clock.now() - KEEP_MS);
        await Promise.all([stores.alerts.purge(before), stores.notices.purge(before)]);
        await stores.notes.purge(new Date(clock.now()));
        return 0;
      },
      ...{ everyMs: PURGE_EVERY_MS, what: 'old alerts', ...rounds },
    }),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
    await work.rounds.leave().catch(() => undefined);
    await work.close();
  };
}
