import { Queue } from 'bullmq';
import type { Connection } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import type { SupportWork } from '@bianmin/purchase/api/support';
import { collectionNames } from '../../adapters/mongo/connection.ts';
import { MongoLeases } from '../../adapters/mongo/leases.ts';
import { ORDER_QUEUE } from '../../adapters/queue/bull-trigger.ts';
import { toAskAQueue } from '../../adapters/queue/queue-connection.ts';
import { queueRedisOf, type Config } from '../../config/config.ts';
import { MarkStore } from '../../orders/store/marks.ts';
import { OrderChanges } from '../../orders/store/order-changes.ts';
import { MIGRATIONS } from '../../upkeep/migrations/all.ts';
import { MigrationStore } from '../../upkeep/migrations/store.ts';
import { versionOf } from '../../upkeep/migrations/version.ts';
import { AlertStore } from '../alerts/alert-store.ts';
import { NoteStore } from '../alerts/note-store.ts';
import { missingIndexes } from './indexes.ts';

const STATES = ['waiting', 'active', 'delayed', 'failed'] as const;
const PROCESSES = 64;
const ALERTS = 100;

interface WorkInit {
  readonly db: Connection;
  readonly config: Pick<Config, 'REDIS_QUEUE_URL' | 'REDIS_URL' | 'STORES_CA_FILE'>;
  readonly clock: Clock;
}

/** What the database and the queue say of the server's work: counts, codes and times, nothing of an order or a person. */
export async function workState({ db, config, clock }: WorkInit): Promise<SupportWork> {
  const now = clock.now();
  const [records, indexesMissing, leases, queue, behindS, notes, alerts, collections] = await Promise.all([
    new MigrationStore(db).all(),
    missingIndexes(db),
    leaseStates(db, now),
    queueState(config),
    behind({ db, clock }),
    new NoteStore(db).recent(new Date(now)),
    new AlertStore(db).open(),
    sizes(db),
  ]);
  const { version, unfinished } = versionOf(records);
  return {
    migrations: { version, needed: MIGRATIONS.length, unfinished: unfinished?.name.slice(0, 64) ?? null },
    ...{ indexesMissing: indexesMissing.slice(0, 100), leases, queue, behindS, collections },
    processes: notes.slice(0, PROCESSES).map(({ kind, at, faults }) => ({
      ...{ kind, ageS: Math.max(0, Math.round((now - at.getTime()) / 1000)) },
      faults: faults.map(({ rule, code }) => ({ rule, code: code.slice(0, 64) })),
    })),
    // Subjects and facts may name a place or an order: the rule says what to look at.
    alerts: alerts.slice(0, ALERTS).map(({ rule, severity, count, since }) => ({
      ...{ rule, severity, count, since: since.toISOString() },
    })),
  };
}

/** The lease that has most time left speaks for its kind: where even that one is over, nobody works. */
async function leaseStates(db: Connection, now: number): Promise<SupportWork['leases']> {
  const all = await new MongoLeases<number>(db, 'ShardLease').all(0);
  // One that was given back waits for nobody.
  const held = all.filter(({ until }) => until.getTime() > 0);
  const until = Math.max(...held.map((each) => each.until.getTime()));
  if (held.length === 0) return [];
  return [
    {
      ...{ of: 'orders', leftS: Math.round((until - now) / 1000) },
      holders: new Set(held.map(({ holder }) => holder)).size,
    },
  ];
}

async function queueState(config: WorkInit['config']): Promise<SupportWork['queue']> {
  const queue = new Queue(ORDER_QUEUE, {
    connection: { ...toAskAQueue(queueRedisOf(config)), retryStrategy: () => null },
  });
  queue.on('error', () => undefined); // the store's own part says so
  try {
    await queue.waitUntilReady();
    const counts = await queue.getJobCounts(...STATES);
    return STATES.map((state) => ({ state, jobs: counts[state] ?? 0 }));
  } catch {
    return [];
  } finally {
    await queue.close().catch(() => undefined);
  }
}

async function behind({ db, clock }: Pick<WorkInit, 'db' | 'clock'>): Promise<SupportWork['behindS']> {
  const newest = Math.min((await new OrderChanges(db, clock).newest())?.getTime() ?? 0, clock.now());
  const reached = await new MarkStore(db, clock).reached();
  return [...reached].slice(0, 16).map(([reader, at]) => ({
    ...{ reader: reader.slice(0, 64), seconds: Math.max(0, (newest - at.getTime()) / 1000) },
  }));
}

async function sizes(db: Connection): Promise<SupportWork['collections']> {
  const found: SupportWork['collections'] = [];
  for (const name of (await collectionNames(db)).slice(0, 200)) {
    found.push({ name: name.slice(0, 64), documents: await db.collection(name).estimatedDocumentCount() });
  }
  return found;
}
