import type { ChannelWatch } from '../gateways/payment/channel-watch.ts';
import type { OrderCodes } from '../orders/desk/codes.ts';
import type { Registry } from 'prom-client';
import { Cases } from '../cases/cases.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import type { Deps } from '../config/deps.ts';
import { BullTrigger } from '../adapters/queue/bull-trigger.ts';
import type { Trigger } from '../adapters/queue/trigger.ts';
import { FloatDesk, type FloatBook } from '../money/float/desk.ts';
import { FloatStore } from '../money/float/float-store.ts';
import { MongoShardLeases } from '../adapters/mongo/shard-leases.ts';
import { MongoOrderStore } from '../orders/store/mongo-orders.ts';
import { MongoNotificationStore, type NotificationStore } from '../orders/store/notifications.ts';
import type { OrderStore } from '../orders/store/orders.ts';
import type { KeyRing } from '../kernel/key-ring.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import { CardSessions } from '../orders/desk/card-session.ts';
import { loggingCases, type CaseSink } from '../orders/model/case-sink.ts';
import type { DiscountSource } from '../orders/model/discount-source.ts';
import type { VendorCreditStore } from '../money/vendor-credit/credit-store.ts';
import { RedisVendorCredit } from '../money/vendor-credit/redis-credit.ts';
import { VendorCredits } from '../money/vendor-credit/vendor-credits.ts';
import { StandIns } from '../adapters/mongo/stand-ins.ts';
import { RedisEphemeral, type Ephemeral } from '../adapters/redis/ephemeral.ts';
import type { OrderFeed } from '../orders/desk/feed.ts';
import { createOrderMetrics, type OrderMetrics } from '../orders/desk/metrics.ts';
import { OrderMover } from '../orders/desk/mover.ts';
import { OrderPace } from '../orders/desk/order-pace.ts';
import { policyOf, type OrderPolicy } from '../orders/model/policy.ts';
import type { ProofCheck } from '../orders/desk/proof-check.ts';
import type { ReceiptCodes } from '../orders/desk/receipt.ts';
import { RedisOrderFeed, type FeedPublisher } from '../orders/desk/redis-feed.ts';
import type { SealedLinks } from '../orders/desk/sealed-links.ts';
import { SOLE_WORKER, type ShardLeases } from '../kernel/shards.ts';
import { queueRedisOf } from '../config/config.ts';
import { isRedisAway } from './stand-ins.ts';
import { publicCodes } from './public-codes.ts';
import { watchChannels } from './watched-channels.ts';

/** What tests, and the processes where there is more, put in place of a part. */
export interface ServiceParts {
  readonly store: OrderStore;
  readonly notificationStore: NotificationStore;
  readonly trigger: Trigger;
  readonly ephemeral: Ephemeral;
  readonly feed: OrderFeed & FeedPublisher & { close(): void };
  readonly policy: OrderPolicy;
  /** Default: cases in the database; the log, where another store is given. */
  readonly cases: CaseSink;
  /** Default: in the database; a sole worker, where another store is given. */
  readonly leases: ShardLeases;
  /** Default: in the database; none, where another store is given. */
  readonly floatStore: FloatBook;
  /** Default: there are none. */
  readonly discounts: DiscountSource;
  /** Default: in Redis; none, where another store is given. */
  readonly creditStore: VendorCreditStore;
  /** Default: nothing is proven. */
  readonly proofs: ProofCheck;
  /** Whole numbers from 0 to below, of which those of orders are made. Default: the runtime's. */
  readonly draw: (below: number) => number;
}

/** What everything about orders stands on, in one process. */
export interface OrderParts {
  readonly metrics: OrderMetrics;
  readonly policy: OrderPolicy;
  readonly receipts: ReceiptCodes;
  readonly links: SealedLinks;
  readonly receiptLinks: SealedLinks;
  readonly codes: OrderCodes;
  readonly watch: ChannelWatch;
  readonly store: OrderStore;
  readonly notifications: NotificationStore;
  readonly trigger: Trigger;
  readonly feed: OrderFeed & FeedPublisher & { close(): void };
  readonly sessions: CardSessions;
  /** What may be lost. */
  readonly ephemeral: Ephemeral;
  readonly cases: CaseSink;
  readonly leases: ShardLeases;
  readonly floats: FloatDesk | undefined;
  readonly mover: OrderMover;
  /** Of new orders; absent: any. */
  readonly pace: OrderPace | undefined;
  /** Of what we have at the grid; absent: it is not looked after. */
  readonly vendorCredits: VendorCredits | undefined;
}

export async function openOrderParts(
  deps: Deps,
  { registry, parts = {} }: { registry: Registry; parts?: Partial<ServiceParts> },
): Promise<OrderParts> {
  const { clock, log, config } = deps;
  const metrics = createOrderMetrics(registry);
  const keys = config.DATA_KEYS;
  const policy = parts.policy ?? policyOf(config);
  const shown = publicCodes({ config, keys, policy, clock });
  const watch = watchChannels(deps, metrics);
  const store = parts.store ?? (await mongoOrders(deps, keys, metrics));
  const notifications = parts.notificationStore ?? (await mongoNotifications(deps, metrics));
  const trigger = parts.trigger ?? (await bullTrigger(deps));
  const feed = parts.feed ?? new RedisOrderFeed({ redis: deps.redis, store, codes: shown.codes, log });
  const ephemeral = parts.ephemeral ?? new RedisEphemeral(deps.redis, new StandIns(deps.db, deps.clock));
  const sessions = new CardSessions(ephemeral);
  const isOwn = parts.store === undefined;
  const cases = parts.cases ?? (isOwn ? await mongoCases(deps) : loggingCases(log));
  const leases = parts.leases ?? (isOwn ? new MongoShardLeases(deps.db) : SOLE_WORKER);
  const floatStore = parts.floatStore ?? (isOwn ? new FloatStore(deps.db) : undefined);
  const floats = floatStore && new FloatDesk({ store: floatStore, orders: store, clock });
  const creditStore =
    parts.creditStore ?? (isOwn ? new RedisVendorCredit(deps.redis, deps.grid.grid) : undefined);
  const vendorCredits =
    creditStore && new VendorCredits({ store: creditStore, orders: store, grid: deps.grid, clock, log });
  const mover = new OrderMover({ store, clock, policy, feed, metrics, cases, log });
  return {
    pace: isOwn ? new OrderPace({ isHeld: () => isRedisAway(deps), clock }) : undefined,
    ...{
      metrics,
      policy,
      watch,
      store,
      notifications,
      trigger,
      feed,
      sessions,
      ephemeral,
      cases,
      leases,
      floats,
      mover,
      vendorCredits,
    },
    ...shown,
  };
}

async function bullTrigger({ config, clock, log }: Deps): Promise<Trigger> {
  const trigger = new BullTrigger({ redis: queueRedisOf(config), clock, log });
  await trigger.ready();
  return trigger;
}

async function mongoCases({ db, clock }: Deps): Promise<CaseSink> {
  const store = new MongoCaseStore(db);
  await store.prepare();
  return new Cases({ store, clock });
}

async function mongoOrders(deps: Deps, keys: KeyRing, metrics: OrderMetrics): Promise<OrderStore> {
  const { db, clock } = deps;
  const store = new MongoOrderStore({ db, seal: new NumberSeal(keys), wrote: metrics.wrote, clock });
  await store.prepare();
  return store;
}

async function mongoNotifications(deps: Deps, metrics: OrderMetrics): Promise<NotificationStore> {
  const store = new MongoNotificationStore(deps.db, metrics.wrote);
  await store.prepare();
  return store;
}
