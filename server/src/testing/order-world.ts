import { compactDecrypt, generateKeyPair, exportJWK } from 'jose';
import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { writePlanSchema, type WritePlan } from '@bianmin/card/meter-card/plan';
import { ecPublicJwk } from '@bianmin/purchase/api/terminal';
import type { OrderView, SealedPlan } from '@bianmin/purchase/api/order';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { Deps } from '../config/deps.ts';
import type { WritingTerminal } from '../orders/desk/card-writes.ts';
import type { FeedItem } from '../orders/desk/feed.ts';
import type { OrderingTerminal } from '../orders/desk/order-maker.ts';
import { PROVINCE_PATH } from '../kernel/org-path.ts';
import type { Order, PaymentMeans } from '../orders/model/order.ts';
import { createServices, type Services } from '../wiring/orders.ts';
import type { ServiceParts } from '../wiring/order-parts.ts';
import { viewOf } from '../orders/desk/view.ts';
import { testConfig } from './config.ts';
import { FakeCard } from './fake-card.ts';
import { FakeChannel } from './fake-channel.ts';
import { FakeGrid } from './fake-grid.ts';
import { FakeTrigger } from './fake-trigger.ts';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MemoryEphemeral } from './memory-ephemeral.ts';
import { MemoryVendorCredit } from './memory-vendor-credit.ts';
import { MemoryNotificationStore, MemoryOrderStore } from './memory-orders.ts';
import { watchedLog } from './watched-log.ts';

/** A terminal with a sealing key of its own. */
export interface FakeTerminal extends WritingTerminal, OrderingTerminal {
  open(sealed: SealedPlan): Promise<WritePlan>;
}

export async function fakeTerminal(terminalId: string): Promise<FakeTerminal> {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256' });
  const { kty, crv, x, y } = await exportJWK(publicKey);
  return {
    terminalId,
    orgPath: PROVINCE_PATH,
    sealKey: ecPublicJwk.parse({ kty, crv, x, y }),
    async open({ sealed }) {
      const { plaintext } = await compactDecrypt(sealed, privateKey);
      return writePlanSchema.parse(JSON.parse(new TextDecoder().decode(plaintext)));
    },
  };
}

/** The order engine on fakes and a clock that stands still, and the people who use it. */
export class OrderWorld {
  readonly clock = new ManualClock();
  readonly grid = new FakeGrid(this.clock);
  readonly wechat = new FakeChannel('wechat', this.clock);
  readonly alipay = new FakeChannel('alipay', this.clock);
  readonly bestpay = new FakeChannel('bestpay', this.clock);
  readonly trigger = new FakeTrigger(this.clock);
  readonly registry = new Registry();
  readonly published: FeedItem[] = [];
  readonly log = watchedLog();
  #services: Services | undefined;
  #parts: Partial<ServiceParts> = {};
  #wallets: readonly Channel[] = ['wechat', 'alipay'];
  #cards = 0;

  /** `wallets`: which of the three are open. */
  static async open(
    parts: Partial<ServiceParts> = {},
    { wallets }: { readonly wallets?: readonly Channel[] } = {},
  ): Promise<OrderWorld> {
    const world = new OrderWorld();
    world.#wallets = wallets ?? world.#wallets;
    world.#parts = {
      store: new MemoryOrderStore(),
      notificationStore: new MemoryNotificationStore(),
      trigger: world.trigger,
      ephemeral: new MemoryEphemeral(world.clock),
      creditStore: new MemoryVendorCredit(),
      feed: {
        publish: () => undefined,
        changedSince: () => Promise.resolve([]),
        subscribe: () => Promise.resolve(() => Promise.resolve()),
        close: () => undefined,
      },
      ...parts,
    };
    world.#services = await createServices(world.#deps(), { registry: world.registry, parts: world.#parts });
    return world;
  }

  get services(): Services {
    if (this.#services === undefined) throw new Error('Open the world first.');
    return this.#services;
  }

  /** The engine as another process wires it, on the same stores, channels and grid. */
  restarted(): Promise<Services> {
    return createServices(this.#deps(), { registry: new Registry(), parts: this.#parts });
  }

  channel(name: PaymentMeans): FakeChannel {
    if (name === 'bestpay') return this.bestpay;
    return name === 'wechat' ? this.wechat : this.alipay;
  }

  /** A household with a meter and a card in it. */
  household(): FakeCard {
    this.#cards += 1;
    const digits = String(this.#cards);
    const card = new FakeCard(digits.padStart(16, '0'), digits.padStart(12, '0'));
    this.grid.addHousehold(card);
    return card;
  }

  meterOf(card: FakeCard) {
    const meter = this.grid.meters.get(card.meterNo);
    if (meter === undefined) throw new Error('There is no such meter.');
    return meter;
  }

  identify(terminal: FakeTerminal, card: FakeCard) {
    return this.services.cards.identify(terminal.terminalId, { image: card.read(), entry: 'kiosk' });
  }

  async order(terminal: FakeTerminal, card: FakeCard, faceFen = 5000): Promise<Order> {
    const { cardSession } = await this.identify(terminal, card);
    return this.services.orders.create(terminal, {
      idempotencyKey: randomUUID(),
      cardSession,
      faceFen,
      entry: 'kiosk',
    });
  }

  /** An order with a code out. */
  async offer(terminal: FakeTerminal, card: FakeCard, channel: Channel = 'wechat'): Promise<Order> {
    return this.services.orders.createPayment(await this.order(terminal, card), channel);
  }

  /** A remote order; `ownerId` as `RemoteOrders` takes it. */
  async remoteOrder(ownerId: string, card: FakeCard, faceFen = 5000): Promise<Order> {
    return this.services.remote.create({
      ownerId,
      orgPath: PROVINCE_PATH,
      customerNo: this.customerOf(card),
      faceFen,
      entry: 'phone',
      idempotencyKey: randomUUID(),
    });
  }

  /** A remote order, paid, notified, and whatever follows by itself. */
  async remotePaid(ownerId: string, card: FakeCard): Promise<Order> {
    return this.payFor(await this.remoteOrder(ownerId, card));
  }

  /** An order's code, paid, notified, and whatever follows by itself. */
  async payFor(order: Order): Promise<Order> {
    const { payments } = await this.services.orders.createPayment(await this.now(order), 'wechat');
    const payment = payments.find((each) => each.codeUrl !== null);
    this.wechat.pay(payment?.codeUrl ?? '');
    await this.notify(payment?.no ?? '');
    await this.work();
    return this.now(order);
  }

  customerOf(card: FakeCard): string {
    return `6501${card.meterNo}`;
  }

  /** Paid, notified, and whatever follows by itself. */
  async paid(terminal: FakeTerminal, card: FakeCard): Promise<Order> {
    const order = await this.offer(terminal, card);
    const payment = order.payments[0];
    if (payment?.codeUrl === null || payment === undefined) throw new Error('There is no code.');
    this.wechat.pay(payment.codeUrl);
    await this.notify(payment.no);
    await this.work();
    return this.now(order);
  }

  /** The channel reports each success on a payment's number. */
  async notify(paymentNo: string, channel: Channel = 'wechat'): Promise<void> {
    for (const { headers, rawBody } of this.channel(channel).notificationsOf(paymentNo)) {
      await this.services.notifications.take(channel, headers, rawBody);
    }
  }

  /** Releases, writes and claims, as a terminal does when nothing goes wrong. */
  async write(terminal: FakeTerminal, card: FakeCard, order: Order): Promise<Order> {
    const current = await this.services.orders.get(terminal.terminalId, order._id);
    const sealed = await this.services.writes.release(current, terminal, { image: card.read() });
    card.write(await terminal.open(sealed));
    return this.services.writes.claim(await this.now(order), terminal.terminalId, {
      lease: sealed.lease,
      result: 'written',
      imageDigest: card.digest(),
    });
  }

  async now(order: Order): Promise<Order> {
    return this.services.mover.again(order);
  }

  view(order: Order): OrderView {
    return viewOf(order, this.services.receipts);
  }

  /** What a worker does with the jobs that are ready. */
  async work(): Promise<void> {
    for (let jobs = this.trigger.take(); jobs.length > 0; jobs = this.trigger.take()) {
      for (const { orderNo, cause } of jobs) await this.services.advancer.advance(orderNo, cause);
    }
  }

  /** Lets time pass in steps, with jobs and the sweeper at work. */
  async pass(ms: number, stepMs = 1000): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.jump(stepMs);
      this.grid.arrive();
      await this.work();
      await this.services.sweeper.sweep();
      await this.services.missedNotifications.sweep();
      await this.services.clockSkew.sweep();
    }
  }

  #deps(): Deps {
    const nowhere = new Proxy({}, { get: () => () => Promise.reject(new Error('Not in this world.')) });
    return {
      config: testConfig(),
      clock: this.clock,
      log: this.log,
      db: nowhere as Deps['db'],
      redis: nowhere as Deps['redis'],
      grid: this.grid,
      channels: new Map(this.#wallets.map((name) => [name, this.channel(name)])),
    };
  }
}
