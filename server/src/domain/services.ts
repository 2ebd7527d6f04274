import type { OrderQuote } from '@bianmin/shared/api/quote';
import type { PayCode } from '@bianmin/shared/api/scalars';
import type { Clock } from '@bianmin/shared/clock';
import { ChannelWatch } from '../payment/channel-watch.ts';
import type { OrderCodes } from './codes.ts';
import { isPayable, payableUntil } from './payable.ts';
import { PhonePayments } from './phone-payments.ts';
import { hkdfSync, randomUUID } from 'node:crypto';
import type { Registry } from 'prom-client';
import { Cases } from '../cases/cases.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import type { Deps } from '../deps.ts';
import { Advancer } from '../queue/advance.ts';
import { BullTrigger } from '../queue/bull-trigger.ts';
import type { Trigger } from '../queue/trigger.ts';
import { FloatDesk, type FloatBook } from '../float/desk.ts';
import { FloatStore } from '../float/float-store.ts';
import { MongoShardLeases } from '../store/shard-leases.ts';
import { MongoOrderStore } from '../store/mongo-orders.ts';
import { MongoNotificationStore, type NotificationStore } from '../store/notifications.ts';
import type { OrderStore } from '../store/orders.ts';
import { NumberSeal } from '../store/sealed-number.ts';
import { tellEnded } from '../tracing/span.ts';
import { CardSessions } from './card-session.ts';
import { CardWrites } from './card-writes.ts';
import { Cards } from './cards.ts';
import { loggingCases, type CaseSink } from './case-sink.ts';
import { Contradictions } from './contradictions.ts';
import { HouseholdHistory } from './household-history.ts';
import { CreditDesk } from './credit-desk.ts';
import { NO_DISCOUNTS, type DiscountSource } from './discount-source.ts';
import { RedisEphemeral, type Ephemeral } from './ephemeral.ts';
import type { OrderFeed } from './feed.ts';
import { LatePayments } from './late-payments.ts';
import { MeterGate } from './meter-gate.ts';
import { createOrderMetrics, type OrderMetrics } from './metrics.ts';
import { OrderMover } from './mover.ts';
import { Notifications } from './notifications.ts';
import type { Order } from './order.ts';
import { OrderMaker } from './order-maker.ts';
import { Orders } from './orders.ts';
import { PaymentDesk } from './payment-desk.ts';
import { policyOf, type OrderPolicy } from './policy.ts';
import { NO_PROOFS, type ProofCheck } from './proof-check.ts';
import { ReceiptCodes } from './receipt.ts';
import { quoteOf } from './quotes.ts';
import { RedisOrderFeed, type FeedPublisher } from './redis-feed.ts';
import { RefundDesk } from './refund-desk.ts';
import { RemoteOrders } from './remote-orders.ts';
import { SaleDesk } from './sale-desk.ts';
import { SealedLinks } from './sealed-links.ts';
import { SOLE_WORKER, type ShardLeases } from './shards.ts';
import { PutOff } from './put-off.ts';
import { Sweeper } from './sweeper.ts';
import { Unheard } from './unheard.ts';
import { TerminalRemote } from './terminal-remote.ts';
import { MotionWatch } from './motion-watch.ts';
import { dataKeyOf, queueRedisOf } from '../config.ts';

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
  /** Default: nobody gives any. */
  readonly discounts: DiscountSource;
  /** Default: nothing is proven. */
  readonly proofs: ProofCheck;
  /** Whole numbers from 0 to below, of which those of orders are made. Default: the runtime's. */
  readonly draw: (below: number) => number;
}

/** The order engine, wired once for each process: web answers with it, worker advances with it. */
export interface Services {
  readonly cards: Cards;
  readonly orders: Orders;
  /** What an order buys. */
  readonly quote: (order: Order) => Promise<OrderQuote>;
  readonly remote: RemoteOrders;
  readonly history: HouseholdHistory;
  readonly terminalRemote: TerminalRemote;
  readonly writes: CardWrites;
  readonly notifications: Notifications;
  readonly advancer: Advancer;
  readonly sweeper: Sweeper;
  readonly unheard: Unheard;
  readonly putOff: PutOff;
  readonly sales: SaleDesk;
  readonly credits: CreditDesk;
  readonly feed: OrderFeed;
  readonly receipts: ReceiptCodes;
  readonly codes: OrderCodes;
  /** To pay an order by. */
  readonly links: SealedLinks;
  readonly receiptLinks: SealedLinks;
  readonly watch: ChannelWatch;
  readonly phonePayments: PhonePayments;
  readonly metrics: OrderMetrics;
  readonly store: OrderStore;
  readonly mover: OrderMover;
  readonly trigger: Trigger;
  readonly payments: PaymentDesk;
  /** Absent where another store is given without floats. */
  readonly floats: FloatDesk | undefined;
  /** Closes what was opened here; the connections in `Deps` stay their owner's. */
  close(): Promise<void>;
}

export async function createServices(
  deps: Deps,
  init: { registry: Registry; parts?: Partial<ServiceParts> },
): Promise<Services> {
  const { clock, log, grid, config } = deps;
  const parts = init.parts ?? {};
  const metrics = createOrderMetrics(init.registry);
  const secret = dataKeyOf(config);
  const receipts = new ReceiptCodes(Buffer.from(hkdfSync('sha256', secret, '', 'bianmin receipts', 32)));
  const policy = parts.policy ?? policyOf(config);
  const publicUrl = config.PUBLIC_URL.replace(/\/$/u, '');
  const links = new SealedLinks({ secret, purpose: 'bianmin pay links', base: `${publicUrl}/p/` });
  const receiptLinks = new SealedLinks({
    ...{ secret, purpose: 'bianmin receipt links', base: `${publicUrl}/p/r/` },
  });
  const codes: OrderCodes = {
    codeOf: (orderNo) => receipts.codeOf(orderNo),
    ...(config.PAYMENT_CODE === 'any' ? { anyWallet: anyWalletCodes({ links, policy, clock }) } : {}),
  };
  const watch = watchChannels(deps, metrics);
  const store = parts.store ?? (await mongoOrders(deps, secret, metrics));
  const notificationStore = parts.notificationStore ?? (await mongoNotifications(deps, metrics));
  const trigger = parts.trigger ?? (await bullTrigger(deps));
  const feed = parts.feed ?? new RedisOrderFeed({ redis: deps.redis, store, codes, log });
  const sessions = new CardSessions(parts.ephemeral ?? new RedisEphemeral(deps.redis));
  const cases = parts.cases ?? (parts.store === undefined ? await mongoCases(deps) : loggingCases(log));
  const mover = new OrderMover({
    store,
    clock,
    policy,
    feed,
    metrics,
    cases,
    log,
  });
  const { spans } = deps;
  const sales = new SaleDesk({ mover, grid, log, spans });
  const late = new LatePayments({ policy: config.LATE_PAYMENT, store, sessions, log });
  const floatStore = parts.floatStore ?? (parts.store === undefined ? new FloatStore(deps.db) : undefined);
  const floats = floatStore && new FloatDesk({ store: floatStore, orders: store, clock });
  const desk = new PaymentDesk({
    mover,
    channels: watch.channels,
    floats,
    trigger,
    metrics,
    log,
    publicUrl,
    sell: (order: Order) => sales.sell(order),
    fulfilsLate: (order: Order) => late.fulfils(order),
  });
  const pickCode = (order: Order): PayCode | undefined =>
    codes.anyWallet === undefined ? watch.pick(order.paidFen, 'code') : 'any';
  const refunds = new RefundDesk({ mover, desk, log });
  const credits = new CreditDesk({ mover, grid, metrics, log });
  const gate = new MeterGate({ grid: grid.grid, mover, desk });
  const maker = new OrderMaker({
    mover,
    gate,
    metrics,
    discounts: parts.discounts ?? NO_DISCOUNTS,
    draw: parts.draw,
  });
  const contradictions = new Contradictions({
    grid: grid.grid,
    store,
    cases,
    log,
  });
  const remote = new RemoteOrders({ grid, mover, gate, maker, sales, trigger, contradictions });
  const leases = parts.leases ?? (parts.store === undefined ? new MongoShardLeases(deps.db) : SOLE_WORKER);
  const motion = new MotionWatch({ mover, cases, metrics, log });
  const advancer = new Advancer({
    mover,
    payments: desk,
    sales,
    credits,
    refunds,
    notifications: notificationStore,
    log,
    spans,
  });
  return {
    cards: new Cards({ grid, mover, sessions, codes, contradictions }),
    orders: new Orders({ grid: grid.grid, mover, desk, sessions, gate, maker, pickCode }),
    quote: (order) => quoteOf(grid, order),
    phonePayments: new PhonePayments({ mover, desk }),
    links,
    receiptLinks,
    watch,
    remote,
    history: new HouseholdHistory({ grid: grid.grid, store, sessions }),
    terminalRemote: new TerminalRemote({ remote, proofs: parts.proofs ?? NO_PROOFS }),
    writes: new CardWrites({ mover, grid, trigger, log }),
    notifications: new Notifications({
      channels: deps.channels,
      store,
      notifications: notificationStore,
      trigger,
      metrics,
      clock,
      log,
    }),
    advancer,
    sweeper: new Sweeper({
      ...{ store, leases, clock, log },
      holder: randomUUID(),
      advance: (orderNo) => advancer.advance(orderNo),
      watch: (orderNo) => motion.look(orderNo),
    }),
    unheard: new Unheard({
      ...{ store, leases, clock, log },
      notifications: notificationStore,
      holder: randomUUID(),
      advance: (orderNo) => advancer.advance(orderNo),
    }),
    putOff: new PutOff({ mover, clock, log, advance: (orderNo) => advancer.advance(orderNo) }),
    sales,
    credits,
    feed,
    receipts,
    codes,
    metrics,
    store,
    mover,
    trigger,
    payments: desk,
    floats,
    async close() {
      feed.close();
      await trigger.close();
    },
  };
}

/** Health of the channels, as this process sees it. */
function watchChannels({ channels, config, log, spans }: Deps, metrics: OrderMetrics): ChannelWatch {
  for (const channel of channels.keys()) metrics.channelUp.set({ channel }, 1);
  return new ChannelWatch({
    channels,
    rules: config.CHANNEL_RULES,
    called: ({ channel, operation, outcome, ms }) => {
      metrics.channelCalls.observe({ channel, operation, outcome }, ms / 1000);
      tellEnded(spans, {
        ...{ name: `${channel} ${operation}`, kind: 'client', ms },
        failed: outcome !== 'ok' && outcome !== 'refused',
        facts: { 'bianmin.channel': channel, 'bianmin.operation': operation, 'bianmin.outcome': outcome },
      });
    },
    changed(channel, up) {
      metrics.channelUp.set({ channel }, up ? 1 : 0);
      log.warn({ channel, up }, up ? 'a channel answers again' : 'a channel does not answer and is hidden');
    },
  });
}

function anyWalletCodes(init: {
  links: SealedLinks;
  policy: OrderPolicy;
  clock: Clock;
}): NonNullable<OrderCodes['anyWallet']> {
  const { links, policy, clock } = init;
  return (order) =>
    isPayable(order, clock.now(), policy.paymentTtlMs)
      ? { codeUrl: links.urlOf(order._id), expiresAt: payableUntil(order, policy.paymentTtlMs) }
      : undefined;
}

async function bullTrigger({ config, clock, log }: Deps): Promise<Trigger> {
  const trigger = new BullTrigger({ redisUrl: queueRedisOf(config), clock, log });
  await trigger.ready();
  return trigger;
}

async function mongoCases({ db, clock }: Deps): Promise<CaseSink> {
  const store = new MongoCaseStore(db);
  await store.prepare();
  return new Cases({ store, clock });
}

async function mongoOrders(deps: Deps, secret: Buffer, metrics: OrderMetrics): Promise<OrderStore> {
  const { db, clock } = deps;
  const store = new MongoOrderStore({ db, seal: new NumberSeal(secret), wrote: metrics.wrote, clock });
  await store.prepare();
  return store;
}

async function mongoNotifications(deps: Deps, metrics: OrderMetrics): Promise<NotificationStore> {
  const store = new MongoNotificationStore(deps.db, metrics.wrote);
  await store.prepare();
  return store;
}
