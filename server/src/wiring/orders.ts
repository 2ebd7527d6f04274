import type { OrderQuote } from '@bianmin/purchase/api/quote';
import type { PayCode } from '@bianmin/purchase/api/scalars';
import type { ChannelWatch } from '../gateways/payment/channel-watch.ts';
import type { OrderCodes } from '../orders/desk/codes.ts';
import { PhonePayments } from '../orders/desk/phone-payments.ts';
import { PayerDigest } from '../orders/model/payer-digest.ts';
import { randomUUID } from 'node:crypto';
import type { Registry } from 'prom-client';
import type { Deps } from '../config/deps.ts';
import { Advancer } from '../orders/desk/advance.ts';
import type { Trigger } from '../adapters/queue/trigger.ts';
import type { FloatDesk } from '../money/float/desk.ts';
import type { OrderStore } from '../orders/store/orders.ts';
import { RefusedKeys } from '../orders/desk/refused-keys.ts';
import type { CardSessions } from '../orders/desk/card-session.ts';
import { CardUndos } from '../orders/desk/card-undos.ts';
import { CardWrites } from '../orders/desk/card-writes.ts';
import { Cards } from '../orders/desk/cards.ts';
import { AskedMeters } from '../orders/desk/asked-meters.ts';
import { HouseholdChanges } from '../orders/desk/household-changes.ts';
import { MeterOrders } from '../orders/desk/meter-orders.ts';
import { MeterWords } from '../orders/desk/meter-words.ts';
import { UnheardCustomers } from '../orders/desk/unheard-customers.ts';
import { MeterReadings } from '../orders/desk/meter-readings.ts';
import { HouseholdHistory } from '../orders/desk/household-history.ts';
import { CreditDesk } from '../orders/desk/credit-desk.ts';
import type { VendorCredits } from '../money/vendor-credit/vendor-credits.ts';
import { UNBOUNDED } from '../orders/model/vendor-credit-source.ts';
import { NO_DISCOUNTS } from '../orders/model/discount-source.ts';
import type { OrderFeed } from '../orders/desk/feed.ts';
import { LatePayments } from '../orders/desk/late-payments.ts';
import { MeterGate } from '../orders/desk/meter-gate.ts';
import type { OrderMetrics } from '../orders/desk/metrics.ts';
import type { OrderMover } from '../orders/desk/mover.ts';
import { Notifications } from '../orders/desk/notifications.ts';
import type { Order } from '../orders/model/order.ts';
import { OrderMaker } from '../orders/desk/order-maker.ts';
import { Orders } from '../orders/desk/orders.ts';
import { NO_PROOFS, type ProofCheck } from '../orders/desk/proof-check.ts';
import type { ReceiptCodes } from '../orders/desk/receipt.ts';
import { quoteOf } from '../orders/desk/quotes.ts';
import { RefundDesk } from '../orders/desk/refund-desk.ts';
import { AccountGate } from '../orders/desk/account-gate.ts';
import { AccountOrders } from '../orders/desk/account-orders.ts';
import { ConvertedOrders } from '../orders/desk/converted-orders.ts';
import { RemoteOrders } from '../orders/desk/remote-orders.ts';
import { SaleDesk } from '../orders/desk/sale-desk.ts';
import type { SealedLinks } from '../orders/desk/sealed-links.ts';
import { ClockSkewRecovery } from '../orders/desk/clock-skew.ts';
import { Sweeper } from '../orders/desk/sweeper.ts';
import { MissedNotifications } from '../orders/desk/missed-notifications.ts';
import { TerminalRemote } from '../orders/desk/terminal-remote.ts';
import { MotionWatch } from '../orders/desk/motion-watch.ts';

import { openOrderParts, type OrderParts, type ServiceParts } from './order-parts.ts';
import { paymentsOn, type PaymentServices } from './payments.ts';

/** The order engine, wired once for each process: web answers with it, worker advances with it. */
export interface Services extends PaymentServices {
  readonly cards: Cards;
  /** What cards were read where. */
  readonly cardSessions: CardSessions;
  readonly orders: Orders;
  /** What an order buys. */
  readonly quote: (order: Order) => Promise<OrderQuote>;
  readonly remote: RemoteOrders;
  /** The same customers, once their meters were asked. */
  readonly unheard: UnheardCustomers;
  readonly history: HouseholdHistory;
  readonly terminalRemote: TerminalRemote;
  readonly writes: CardWrites;
  readonly undos: CardUndos;
  /** Asked before any plan leaves. */
  readonly keys: RefusedKeys;
  readonly meters: AskedMeters;
  readonly notifications: Notifications;
  readonly advancer: Advancer;
  readonly sweeper: Sweeper;
  readonly missedNotifications: MissedNotifications;
  readonly clockSkew: ClockSkewRecovery;
  readonly sales: SaleDesk;
  readonly refunds: RefundDesk;
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
  /** Absent where another store is given without floats. */
  readonly floats: FloatDesk | undefined;
  /** Of what we have at the grid; absent where another store is given without. */
  readonly vendorCredits: VendorCredits | undefined;
  /** Closes what was opened here; the connections in `Deps` stay their owner's. */
  close(): Promise<void>;
}

export async function createServices(
  deps: Deps,
  init: { registry: Registry; parts?: Partial<ServiceParts> },
): Promise<Services> {
  const given = init.parts ?? {};
  const parts = await openOrderParts(deps, init);
  const desks = desksOn(deps, parts, given);
  const { store, mover, trigger, feed } = parts;
  return {
    ...desks,
    ...forPersons(deps, { ...parts, ...desks }, given.proofs ?? NO_PROOFS),
    ...roundsOn(deps, parts, desks.advancer),
    ...{ store, mover, trigger, feed, cardSessions: parts.sessions },
    ...{ metrics: parts.metrics, watch: parts.watch, codes: parts.codes, floats: parts.floats },
    vendorCredits: parts.vendorCredits,
    ...{ links: parts.links, receiptLinks: parts.receiptLinks, receipts: parts.receipts },
    async close() {
      feed.close();
      await trigger.close();
    },
  };
}

/** Who speaks with grid and channels about an order, and who takes its next step. */
function desksOn(deps: Deps, parts: OrderParts, given: Partial<ServiceParts>) {
  const { log, grid, config, spans } = deps;
  const { mover, store, metrics, trigger, cases, sessions, ephemeral } = parts;
  const credit = parts.vendorCredits ?? UNBOUNDED;
  const sales = new SaleDesk({ mover, grid, credit, log, spans });
  const late = new LatePayments({ policy: config.LATE_PAYMENT, store, sessions, log });
  const paying = paymentsOn(deps, parts, {
    sell: (order: Order) => sales.sell(order),
    fulfilsLate: (order: Order) => late.fulfils(order),
  });
  const refunds = new RefundDesk({ mover, sources: paying.sources, log });
  const converted = new ConvertedOrders({ grid, mover, trigger, log });
  const credits = new CreditDesk({ mover, grid, converted, metrics, log });
  const gate = new MeterGate({ grid: grid.grid, mover, closing: paying.closing });
  const discounts = given.discounts ?? NO_DISCOUNTS;
  const maker = new OrderMaker({
    mover,
    gate,
    metrics,
    discounts,
    credit,
    pace: parts.pace,
    draw: given.draw,
  });
  const meterWords = new MeterWords({ grid: grid.grid, mover, cases });
  const changes = new HouseholdChanges({ mover, sales, trigger });
  const meterOrders = new MeterOrders({ grid: grid.grid, mover, changes, cases });
  const accounts = new AccountOrders({
    ...{ grid: grid.grid, maker },
    gate: new AccountGate({ grid: grid.grid, mover, closing: paying.closing }),
  });
  const remote = new RemoteOrders({
    ...{ grid, mover, gate, maker, sales, trigger, meterWords, meterOrders },
    ...{ accounts, converted },
  });
  const readings = new MeterReadings({ grid, ephemeral, words: meterWords, log });
  const unheard = new UnheardCustomers({ grid, readings, remote });
  const advancer = new Advancer({
    ...paying,
    ...{ mover, sales, credits, refunds, log, spans },
    notifications: parts.notifications,
  });
  const meters = { meterWords, meterOrders, changes, readings, unheard, accounts, converted };
  return { ...paying, sales, refunds, credits, gate, maker, remote, advancer, ...meters };
}

type Desks = ReturnType<typeof desksOn>;

/** What terminals, phones and wallets ask. */
function forPersons(deps: Deps, on: OrderParts & Desks, proofs: ProofCheck) {
  const { grid, clock, config, log } = deps;
  const { mover, store, sessions, codes, gate, maker, trigger, metrics, meterWords, watch } = on;
  const { payments: desk, sources, closing } = on;
  const keys = new RefusedKeys({ ephemeral: on.ephemeral, log });
  const undos = new CardUndos({ mover, grid, sales: on.sales, keys });
  const pickCode = (order: Order): PayCode | undefined =>
    codes.anyWallet === undefined ? watch.pick(order.paidFen, 'code') : 'any';
  return {
    cards: new Cards({
      ...{ grid, mover, sessions, codes, meterWords },
      ...{ orders: on.meterOrders, converted: on.converted },
    }),
    orders: new Orders({
      grid: grid.grid,
      mover,
      desk,
      sources,
      closing,
      sessions,
      accounts: on.accounts,
      keys,
      gate,
      maker,
      pickCode,
    }),
    quote: (order: Order) => quoteOf(grid, order),
    phonePayments: new PhonePayments({ mover, desk, sources, payers: new PayerDigest(config.DATA_KEYS) }),
    history: new HouseholdHistory({ grid: grid.grid, store, sessions, readings: on.readings, clock }),
    terminalRemote: new TerminalRemote({ remote: on.remote, proofs }),
    ...{ undos, keys },
    writes: new CardWrites({
      ...{ mover, grid, trigger, undos, keys, log },
      ...{ changes: on.changes, converted: on.converted },
    }),
    meters: new AskedMeters({ grid, mover, log }),
    notifications: new Notifications({
      ...{ channels: deps.channels, store, trigger, metrics, clock, log },
      recent: (orderNo) => mover.recent(orderNo),
      notifications: on.notifications,
    }),
  };
}

/** What finds orders that no process moves. */
function roundsOn({ clock, log }: Deps, parts: OrderParts, advancer: Advancer) {
  const { mover, store, leases, cases, metrics } = parts;
  const motion = new MotionWatch({ mover, cases, metrics, log });
  const advance = (orderNo: string): Promise<void> => advancer.advance(orderNo);
  return {
    sweeper: new Sweeper({
      ...{ store, leases, clock, log, advance, holder: randomUUID() },
      watch: (orderNo) => motion.look(orderNo),
    }),
    missedNotifications: new MissedNotifications({
      ...{ store, leases, clock, log, advance, holder: randomUUID() },
      notifications: parts.notifications,
    }),
    clockSkew: new ClockSkewRecovery({ mover, clock, log, advance }),
  };
}
