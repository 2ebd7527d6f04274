import { Queue } from 'bullmq';
import type { Clock } from '@bianmin/card/clock';
import type { Connection } from 'mongoose';
import type { AttemptStore } from '../../access/store/attempts.ts';
import type { AuditStore } from '../../access/store/audit.ts';
import type { BreakGlassStore } from '../../access/store/break-glass.ts';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { DayStore } from '../../money/reconcile/day-store.ts';
import { LEDGER_MARK } from '../../money/ledger/projector.ts';
import { MongoCaseStore } from '../../cases/case-store.ts';
import { chinaDay, dayPlus } from '../../kernel/china-time.ts';
import { queueRedisOf, type Config } from '../../config/config.ts';
import { queuedExports } from '../exports/export-store.ts';
import type { Cohorts } from '../../fleet/terminals/cohorts.ts';
import { WAITING_MOST } from '../../fleet/terminals/waiting.ts';
import { factsOf } from '../../gateways/payment/key-facts.ts';
import { WALLETS } from '../../gateways/payment/wallets.ts';
import { PaymentKeyStore } from '../../money/payment-keys/key-store.ts';
import { withUploaded } from '../../money/payment-keys/overlay.ts';
import { ORDER_QUEUE, type OrderJob } from '../../adapters/queue/bull-trigger.ts';
import { toAskAQueue } from '../../adapters/queue/queue-connection.ts';
import { RolloutStore } from '../../fleet/releases/rollout-store.ts';
import { MarkStore } from '../../orders/store/marks.ts';
import { CHANNELS } from '@bianmin/purchase/api/channels';
import type { DestinationStore } from './destination-store.ts';
import type { Moment, Watch } from './finding.ts';
import { msOf } from './limits.ts';
import type { NoteStore } from './note-store.ts';
import type { NoticeStore } from './notice-store.ts';
import { MOST, OrderFactsReader } from './order-facts.ts';
import { backupsLate, type BackupFact } from './rules/backups.ts';
import { booksBehind, casesWaiting, DAYS_BACK, daysLate } from './rules/books.ts';
import { commandsForged } from './rules/commands.ts';
import { certificatesExpiring, type CertificateFact } from './rules/certificates.ts';
import { deliveriesLate, type DeliveryFact } from './rules/deliveries.ts';
import {
  attentionWaiting,
  paidNotSold,
  soldNotWritten,
  unknownTooLong,
  writeUnfinished,
} from './rules/orders.ts';
import { processFaults } from './rules/processes.ts';
import { exportsLate, jobsLate, ordersLate, type QueueFact } from './rules/queues.ts';
import { refundsStuck } from './rules/refunds.ts';
import { glassBroken, guessing } from './rules/guessing.ts';
import { rolloutsHalted } from './rules/rollouts.ts';
import { storesStrained, type StoreFacts } from './rules/stores.ts';
import { cohortsInTrouble, manyWaiting } from './rules/terminals.ts';
import { channelsFailing, gridSilent } from './rules/traffic.ts';
import { valuesUnreadable, type ResealFact } from './rules/unreadable-values.ts';
import { keysRefused } from './rules/refused-keys.ts';
import { vendorCreditShort } from './rules/vendor-credit.ts';
import type { RefusedKeys } from '../../orders/desk/refused-keys.ts';
import { paidOfLastWeek } from '../report/paid-week.ts';
import { RollupStore } from '../report/rollup-store.ts';
import type { VendorCreditStore } from '../../money/vendor-credit/credit-store.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A card that went home without its purchase and was not back for so long: its order stays, and is no news. */
const CARD_AWAY_MS = 30 * DAY_MS;

const before = ({ now }: Moment, ms: number): Date => new Date(now.getTime() - ms);

/** What the order book shows. */
export function orderWatches(db: Connection): Watch[] {
  const orders = new OrderFactsReader(db);
  return [
    {
      covers: ['order.paid-not-sold'],
      look: async (at) => paidNotSold(await orders.inStates(['paid', 'grid-silent']), at),
    },
    {
      covers: ['order.sold-not-written', 'order.card-went-home'],
      look: async (at) => {
        const [far, edge] = [before(at, CARD_AWAY_MS), before(at, msOf(at.limits, 'card-went-home-hours'))];
        // Each by itself: many that went home long ago must not crowd out the few of now.
        const [gone, near] = await Promise.all([
          orders.inStates(['sold'], { from: far, before: edge }),
          orders.inStates(['sold'], { from: edge }),
        ]);
        return soldNotWritten([...gone, ...near], at);
      },
    },
    {
      covers: ['order.write-unfinished'],
      look: async (at) => writeUnfinished(await orders.inStates(['writing', 'write-failed']), at),
    },
    {
      covers: ['order.attention'],
      look: async (at) => attentionWaiting(await orders.inStates(['attention']), at),
    },
    {
      covers: ['order.unknown-too-long'],
      look: async (at) =>
        unknownTooLong(await orders.moving(before(at, msOf(at.limits, 'unknown-minutes'))), at),
    },
    {
      covers: ['refund.stuck', 'refund.abnormal'],
      look: async (at) =>
        refundsStuck(await orders.refunding(['approved', 'sent', 'unknown', 'abnormal']), at),
    },
    {
      covers: ['channel.failing', 'grid.silent'],
      look: async (at) => {
        const made = await orders.made(before(at, msOf(at.limits, 'failing-window-minutes')));
        return [...channelsFailing(made, at), ...gridSilent(made, at)];
      },
    },
    {
      covers: ['queue.orders-late'],
      look: async (at) =>
        ordersLate(await orders.overdue(before(at, msOf(at.limits, 'orders-late-minutes'))), at),
    },
  ];
}

/** What the books, cases and days show. */
export function bookWatches(db: Connection, clock: Pick<Clock, 'now'>): Watch[] {
  const days = new DayStore(db);
  const marks = new MarkStore(db, clock);
  const cases = new MongoCaseStore(db);
  const orders = new OrderFactsReader(db);
  return [
    {
      covers: ['reconcile.difference', 'case.waiting'],
      look: async (at) => casesWaiting(await cases.open(MOST), at),
    },
    {
      covers: ['reconcile.day-late'],
      everyMs: MINUTE_MS,
      look: async (at) => {
        const yesterday = dayPlus(chinaDay(at.now), -1);
        return daysLate(await days.list(dayPlus(yesterday, 1 - DAYS_BACK), yesterday), at);
      },
    },
    {
      covers: ['books.behind'],
      everyMs: MINUTE_MS,
      look: async (at) => {
        const { at: mark } = await marks.get(LEDGER_MARK);
        const waitsFor = await orders.changedAfter(mark);
        return booksBehind([{ name: LEDGER_MARK, mark, waitsFor }], at);
      },
    },
    {
      covers: ['queue.exports-late'],
      everyMs: MINUTE_MS,
      look: async (at) => exportsLate(await queuedExports(db), at),
    },
  ];
}

/** Certificates of channels, those that were uploaded among them, and of the line to the grid. */
export function certificateWatch(db: Connection, config: Config): Watch {
  const keys = new PaymentKeyStore(db, config.DATA_KEYS);
  return {
    covers: ['certificate.expiring'],
    everyMs: 10 * MINUTE_MS,
    look: async (at) =>
      certificatesExpiring(certificatesOf(withUploaded(config, await keys.active(at.now))), at),
  };
}

/** Where a change of the data key has stopped. */
export function resealWatch(work: { readonly get: () => Promise<ResealFact | undefined> }): Watch {
  return {
    covers: ['keys.unreadable'],
    everyMs: 10 * MINUTE_MS,
    look: async () => valuesUnreadable(await work.get()),
  };
}

/** Backups, where they are expected. */
export function backupWatch(notes: { times(now: Date): Promise<BackupFact> }): Watch {
  return {
    covers: ['backup.old', 'backup.undrilled'],
    everyMs: 10 * MINUTE_MS,
    look: async (at) => backupsLate(await notes.times(at.now), at),
  };
}

function certificatesOf(config: Config): CertificateFact[] {
  const channels = CHANNELS.flatMap((channel) =>
    WALLETS[channel].keysOf(config).map(({ name, serial, notAfter }) => ({
      ...{ notAfter, name: [channel, name, serial ?? ''].join(' ').trim() },
    })),
  );
  const grid = (['GRID_TLS_CERT', 'GRID_TLS_CA'] as const).flatMap((name) =>
    config[name] === undefined
      ? []
      : factsOf(config[name]).map(({ serial, notAfter }) => ({
          ...{ notAfter, name: ['grid', name, serial ?? ''].join(' ').trim() },
        })),
  );
  return [...channels, ...grid].flatMap(({ name, notAfter }) =>
    notAfter === null ? [] : [{ name, notAfter: new Date(notAfter) }],
  );
}

/** What we have at the grid, beside what the last seven days sold. */
export function vendorCreditWatch(db: Connection, credit: Pick<VendorCreditStore, 'known'>): Watch {
  const orders = new OrderFactsReader(db);
  const rollups = new RollupStore(db);
  return {
    covers: ['grid.credit-low', 'grid.credit-gone'],
    look: async (at) => {
      const [known, unsold] = await Promise.all([credit.known(), orders.inStates(['grid-silent'])]);
      const paidFen = known.availableFen === null ? [] : await paidOfLastWeek(rollups, at.now);
      return vendorCreditShort({ known, paidFen, unsold }, at);
    },
  };
}

/** Keys of the grid that cards refused. */
export function refusedKeyWatch(keys: Pick<RefusedKeys, 'refusedNow'>): Watch {
  return { covers: ['grid.key-refused'], look: async () => keysRefused(await keys.refusedNow()) };
}

/** Locks of the last hour. */
export function guessWatch(attempts: Pick<AttemptStore, 'lockedSince'>): Watch {
  return {
    covers: ['access.guessing'],
    look: async (at) => guessing(await attempts.lockedSince(before(at, 60 * MINUTE_MS))),
  };
}

/** Who let somebody in by the sealed procedure is spoken of for so long. */
const OPENED_TOLD_MS = 7 * DAY_MS;

export function breakGlassWatch(codes: Pick<BreakGlassStore, 'openedSince'>): Watch {
  return {
    covers: ['access.break-glass'],
    look: async (at) => glassBroken(await codes.openedSince(before(at, OPENED_TOLD_MS))),
  };
}

/** What the trail has of the last day. */
export function commandWatch(trail: Pick<AuditStore, 'find'>): Watch {
  return {
    covers: ['command.forged'],
    everyMs: MINUTE_MS,
    look: async (at) =>
      commandsForged(await trail.find({ action: 'command.refuse', from: before(at, DAY_MS), limit: MOST })),
  };
}

/** The queue of orders in Redis. `close` lets go of it. */
export function queueWatch(config: Pick<Config, 'REDIS_QUEUE_URL' | 'REDIS_URL' | 'STORES_CA_FILE'>): {
  watch: Watch;
  close: () => Promise<void>;
} {
  const connection = toAskAQueue(queueRedisOf(config));
  const queue = new Queue<OrderJob>(ORDER_QUEUE, { connection });
  // Said by the next read: a Redis that is away is another alert.
  queue.on('error', () => undefined);
  const read = async (): Promise<QueueFact> => {
    await queue.waitUntilReady();
    const [counts, [first]] = await Promise.all([queue.getJobCounts('waiting'), queue.getWaiting(0, 0)]);
    return {
      waiting: counts['waiting'] ?? 0,
      oldest: first === undefined ? undefined : new Date(first.timestamp + (first.opts.delay ?? 0)),
    };
  };
  return {
    watch: { covers: ['queue.jobs-late'], look: async (at) => jobsLate(await read(), at) },
    close: () => queue.close(),
  };
}

/** What stores have left. */
export function roomWatch(read: () => Promise<StoreFacts>): Watch {
  return {
    covers: ['store.strained'],
    everyMs: MINUTE_MS,
    look: async (at) => storesStrained(await read(), at),
  };
}

export function fleetWatch(cohorts: Pick<Cohorts, 'of'>): Watch {
  return {
    covers: ['terminals.missing', 'terminals.fault'],
    everyMs: MINUTE_MS,
    look: async (at) => cohortsInTrouble((await cohorts.of(WHOLE_PROVINCE)).cohorts, at),
  };
}

export function waitingWatch(terminals: { countWaiting(): Promise<number> }): Watch {
  return {
    covers: ['terminals.waiting'],
    everyMs: MINUTE_MS,
    look: async (at) => manyWaiting(await terminals.countWaiting(), WAITING_MOST, at),
  };
}

/** Who halted its rollout long ago knows of it. */
const HALTED_KNOWN_MS = 7 * DAY_MS;

export function rolloutWatch(db: Connection): Watch {
  const rollouts = new RolloutStore(db);
  return {
    covers: ['rollout.halted'],
    look: async (at) => rolloutsHalted(await rollouts.halted(before(at, HALTED_KNOWN_MS))),
  };
}

export function processWatch(notes: NoteStore, watchingSince: Date): Watch {
  return {
    covers: ['channel.down', 'release.faulty', 'store.redis', 'process.silent'],
    look: async (at) => processFaults(await notes.recent(at.now), watchingSince, at),
  };
}

/** Destinations that take nothing: told to the others. */
export function deliveryWatch(destinations: DestinationStore, notices: NoticeStore): Watch {
  return {
    covers: ['alert.delivery'],
    look: async (at) => {
      const failing = (await destinations.list(WHOLE_PROVINCE)).filter(
        (each) => each.enabled && each.failing !== null,
      );
      const facts = failing.map(async ({ _id, name, orgPath, failing: since }): Promise<DeliveryFact> => ({
        ...{ id: _id, name, orgPath, since: since?.since ?? at.now, code: since?.code ?? '' },
        waiting: (await notices.waitingFor(_id, MOST)).length,
      }));
      return deliveriesLate(await Promise.all(facts), at);
    },
  };
}
