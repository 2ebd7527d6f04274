import { CodedError } from '@bianmin/card/errors';
import { Dice } from '@bianmin/card/testing/dice';
import { seededRandom } from '@bianmin/card/testing/random';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { Order } from '../orders/model/order.ts';
import type { NotificationStore } from '../orders/store/notifications.ts';
import type { OrderStore } from '../orders/store/orders.ts';
import { violationsOf } from './campaign-judge.ts';
import { crashing, Killed } from './crashing-store.ts';
import type { FakeCard } from './fake-card.ts';
import type { Fault } from './faults.ts';
import type { FakeMeterLink } from './fake-grid-credits.ts';
import { MemoryNotificationStore, MemoryOrderStore } from './memory-orders.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from './order-world.ts';

const FAULTS: readonly Fault[] = ['unavailable', 'lost-request', 'lost-answer', 'late'];
const LINKS: readonly FakeMeterLink[] = ['online', 'online', 'answer-lost', 'offline', 'dead'];
const MINUTE = 60_000;

export interface CampaignInit {
  readonly seed: number;
  readonly purchases: number;
  readonly store?: OrderStore;
  readonly notificationStore?: NotificationStore;
}

/** What became of a campaign, told by channels and meters and not by the orders. */
export interface CampaignResult {
  readonly orders: readonly Order[];
  readonly states: Readonly<Record<string, number>>;
  /** Sentences about what must never happen; empty when all is well. */
  readonly violations: readonly string[];
}

/**
 * Households buy at terminals and from afar, pay in every wrong way and pull their cards, while meters go offline, requests get lost both ways, jobs are lost
 * and doubled, notifications come often or late, and processes die at any write. At the end everything that was
 * broken works again, time passes, and the books of channels and meters are compared.
 */
export async function runCampaign(init: CampaignInit): Promise<CampaignResult> {
  const campaign = await Campaign.open(init);
  for (let purchase = 0; purchase < init.purchases; purchase += 1) await campaign.purchase();
  await campaign.mend();
  return campaign.judge();
}

class Campaign {
  readonly #dice: Dice;
  readonly #world: OrderWorld;
  readonly #store: OrderStore;
  readonly #terminals: readonly FakeTerminal[];
  readonly #cards: FakeCard[] = [];
  readonly #orderNos = new Set<string>();
  #broken = true;

  static async open(init: CampaignInit): Promise<Campaign> {
    const terminals = await Promise.all(['a', 'b', 'c'].map(fakeTerminal));
    const random = seededRandom(init.seed);
    const store = init.store ?? new MemoryOrderStore();
    const campaign: { is?: Campaign } = {};
    const world = await OrderWorld.open({
      store: crashing(store, () => campaign.is?.dies() ?? 'no'),
      notificationStore: init.notificationStore ?? new MemoryNotificationStore(),
    });
    campaign.is = new Campaign({ random, world, store, terminals });
    return campaign.is;
  }

  private constructor(init: {
    random: () => number;
    world: OrderWorld;
    store: OrderStore;
    terminals: readonly FakeTerminal[];
  }) {
    this.#dice = new Dice(init.random);
    this.#world = init.world;
    this.#store = init.store;
    this.#terminals = init.terminals;
    const { grid, wechat, alipay, trigger } = this.#world;
    const fault = (): Fault => (this.#chance(0.15) ? this.#dice.pick(FAULTS) : 'none');
    for (const broken of [grid, wechat, alipay]) broken.fault = fault;
    trigger.copies = () => (this.#chance(0.2) ? 0 : this.#chance(0.2) ? 2 : 1);
  }

  dies(): 'no' | 'before' | 'after' {
    if (!this.#chance(0.03)) return 'no';
    return this.#chance(0.5) ? 'before' : 'after';
  }

  /** One household's visit, whatever comes of it. */
  async purchase(): Promise<void> {
    const card = this.#chance(0.4) && this.#cards.length > 0 ? this.#dice.pick(this.#cards) : this.#newCard();
    const remote = this.#chance(0.4);
    // Now and then another of the household buys at the same moment, the other way.
    const ways = this.#chance(0.15) ? [remote, !remote] : [remote];
    const offers = await Promise.all(ways.map((afar) => this.#offered(card, afar)));
    if (ways.includes(true)) this.#world.grid.credits.link(card.meterNo, this.#dice.pick(LINKS));
    for (const order of offers) {
      if (order === undefined) continue;
      await this.#pay(order);
      if (this.#chance(0.1))
        await this.#try(async () => this.#world.services.orders.cancel(await this.#now(order)));
    }
    await this.#passSome();
    for (let visit = this.#dice.below(4); visit > 0; visit -= 1) {
      if (this.#chance(0.5)) await this.#choose(card);
      await this.#write(card);
      if (this.#chance(0.5)) this.#world.meterOf(card).insert(card);
      await this.#passSome();
    }
  }

  /** Everything works again; late notifications arrive, time passes, and every card is finished and used. */
  async mend(): Promise<void> {
    this.#broken = false;
    for (const orderNo of this.#orderNos) await this.#notifyAll(orderNo);
    for (const card of this.#cards) this.#mendLink(card);
    await this.#world.pass(12 * 60 * MINUTE, 5 * MINUTE);
    for (const card of this.#cards) {
      for (let visit = 0; visit < 3; visit += 1) {
        await this.#choose(card);
        await this.#write(card);
        this.#world.meterOf(card).insert(card);
        await this.#world.pass(3 * MINUTE, MINUTE);
      }
    }
    await this.#world.pass(12 * 60 * MINUTE, 5 * MINUTE);
  }

  async judge(): Promise<CampaignResult> {
    const orders: Order[] = [];
    for (const orderNo of this.#orderNos) {
      const order = await this.#store.get(orderNo);
      if (order !== null) orders.push(order);
    }
    const states: Record<string, number> = {};
    for (const { state } of orders) states[state] = (states[state] ?? 0) + 1;
    return {
      orders,
      states,
      violations: violationsOf(this.#world, this.#cards, orders),
    };
  }

  async #offered(card: FakeCard, remote: boolean): Promise<Order | undefined> {
    const terminal = this.#dice.pick(this.#terminals);
    const faceFen = 100 * (1 + this.#dice.below(200));
    const ownerId = this.#chance(0.5) ? terminal.terminalId : 'payer:p1';
    const order = await this.#try(() =>
      remote ? this.#world.remoteOrder(ownerId, card, faceFen) : this.#world.order(terminal, card, faceFen),
    );
    // A killed process may have stored an order that its caller never heard of.
    for (const each of await this.#store.unsettledOfMeter('collection-v1', card.meterNo)) {
      this.#orderNos.add(each._id);
    }
    if (order === undefined) return undefined;
    const channels: Channel[] = this.#chance(0.2)
      ? ['wechat', 'alipay']
      : [this.#dice.pick(['wechat', 'alipay'] as const)];
    for (const channel of channels) {
      await this.#try(async () => this.#world.services.orders.createPayment(await this.#now(order), channel));
    }
    return this.#now(order);
  }

  /** No payer, one, two phones, or money that comes although the code was closed. */
  async #pay(order: Order): Promise<void> {
    for (const payment of order.payments) {
      const channel = this.#world.channel(payment.channel);
      if (this.#chance(0.1)) await this.#world.pass(6 * MINUTE, MINUTE / 2).catch(ignoreKilled);
      if (payment.codeUrl !== null && this.#chance(0.8)) channel.pay(payment.codeUrl);
      const exists = channel.trades.has(payment.no);
      if (exists && this.#chance(0.08)) channel.payRegardless(payment.no);
      for (let copies = this.#dice.below(3); copies > 0; copies -= 1) await this.#notifyAll(order._id);
    }
  }

  async #notifyAll(orderNo: string): Promise<void> {
    for (const channel of ['wechat', 'alipay'] as const) {
      for (const no of this.#world.channel(channel).trades.keys()) {
        if (no.startsWith(orderNo)) await this.#try(() => this.#world.notify(no, channel));
      }
    }
  }

  /** A meter that can be reached is; one that cannot stays so, and its payers choose. */
  #mendLink(card: FakeCard): void {
    const { credits } = this.#world.grid;
    if (credits.reaches(card.meterNo)) credits.link(card.meterNo, 'online');
  }

  /** The payer of a credit that failed chooses, perhaps twice, perhaps both at once. */
  async #choose(card: FakeCard): Promise<void> {
    for (const order of await this.#store.unsettledOfMeter('collection-v1', card.meterNo)) {
      const { remote } = this.#world.services;
      const choices = (['card', 'refund'] as const).filter(() => this.#dice.below(2) === 0);
      if (choices.length === 0) choices.push('card');
      await Promise.all(choices.map((choice) => this.#try(() => remote.choose(order, choice))));
    }
  }

  /** A terminal finishes what waits for this card, or is interrupted at any byte or message. */
  async #write(card: FakeCard): Promise<void> {
    const terminal = this.#dice.pick(this.#terminals);
    const { services } = this.#world;
    const { unfinished } = (await this.#try(() => this.#world.identify(terminal, card))) ?? {};
    if (unfinished === null || unfinished === undefined) return;
    const find = () => services.orders.get(terminal.terminalId, unfinished.orderNo);
    const sealed = await this.#try(async () =>
      services.writes.release(await find(), terminal, { image: card.read() }),
    );
    if (sealed === undefined) return;
    const whole = !this.#chance(0.4);
    card.write(await terminal.open(sealed), whole ? undefined : this.#dice.below(13));
    const imageDigest = card.digest();
    // The same bytes on another chip come to the meter first.
    if (this.#chance(0.08)) this.#world.meterOf(card).insert(card.clone());
    if (this.#chance(0.2)) return;
    const result = whole ? 'written' : 'failed';
    const claim = { lease: sealed.lease, result, imageDigest } as const;
    for (let copies = 1 + this.#dice.below(2); copies > 0; copies -= 1) {
      await this.#try(async () => services.writes.claim(await find(), terminal.terminalId, claim));
    }
  }

  async #passSome(): Promise<void> {
    const ms = this.#dice.pick([1000, 5000, 30_000, 150_000]);
    // Mostly within the horizon; beyond it, only the tombstone is left to stop it.
    this.#world.grid.lateMs = 1000 + this.#dice.below(this.#chance(0.2) ? 600_000 : 60_000);
    await this.#world.pass(ms, Math.max(1000, ms / 6)).catch(ignoreKilled);
    // Two workers at one order at once.
    const [orderNo] = [...this.#orderNos].slice(-1);
    if (orderNo === undefined) return;
    const { advancer } = this.#world.services;
    await Promise.allSettled([advancer.advance(orderNo), advancer.advance(orderNo)]);
  }

  #newCard(): FakeCard {
    const card = this.#world.household();
    this.#cards.push(card);
    return card;
  }

  #now(order: Order): Promise<Order> {
    return this.#world.now(order);
  }

  /** Refusals, lost answers and deaths are part of it; anything else is a fault of ours. */
  async #try<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof CodedError || error instanceof Killed) return undefined;
      throw error;
    }
  }

  #chance(probability: number): boolean {
    return this.#broken && this.#dice.chance(probability);
  }
}

function ignoreKilled(error: unknown): void {
  if (!(error instanceof Killed)) throw error;
}
