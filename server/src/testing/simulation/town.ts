import { Dice } from '@bianmin/card/testing/dice';
import { seededRandom } from '@bianmin/card/testing/random';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { Order } from '../../orders/model/order.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { FakeCard } from '../fake-card.ts';
import { FakeChannel } from '../fake-channel.ts';
import { MemoryApprovals, MemoryReadings } from '../memory-approvals.ts';
import { MemoryCaseStore } from '../memory-cases.ts';
import { MemoryBudgets, MemoryCaps, MemoryRules } from '../memory-discounts.ts';
import { MemoryFloatStore } from '../memory-floats.ts';
import { MemoryShardLeases } from '../memory-leases.ts';
import { MemoryNotificationStore, MemoryOrderStore } from '../memory-orders.ts';
import { isMishap } from './gate.ts';
import { Jobs } from './jobs.ts';
import { Process, type Life } from './process.ts';
import { CountingGrid, UnsureEphemeral, type Shared } from './shared.ts';
import { Steps } from './steps.ts';
import { TERMINALS } from './terminal.ts';
import { BEGINNING, Turns } from './turns.ts';
import { Weather } from './weather.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const PAID_BY_WALLET: readonly Channel[] = ['wechat', 'alipay'];
export const FLOAT = 'committee';
export const RULE = 'winter';
const FLOAT_FEN = 10_000_000;
const BUDGET_FEN = 3_000;
const CAP_FEN = 1_200;

/** Everything around the order engine, and the engine itself in four processes: two answer people, two look for what is due. */
export class Town implements Shared {
  readonly dice: Dice;
  readonly turns: Turns;
  readonly weather: Weather;
  readonly grid: CountingGrid;
  readonly channels: ReadonlyMap<Channel, FakeChannel>;
  readonly kept = new MemoryOrderStore();
  readonly orders: OrderStore;
  readonly notifications = new MemoryNotificationStore();
  readonly cases = new MemoryCaseStore();
  readonly leases = new MemoryShardLeases();
  readonly floats = new MemoryFloatStore();
  readonly budgets = new MemoryBudgets();
  readonly caps = new MemoryCaps();
  readonly rules = new MemoryRules();
  readonly approvals = new MemoryApprovals();
  readonly readings = new MemoryReadings();
  readonly ephemeral: UnsureEphemeral;
  readonly jobs: Jobs;
  readonly steps: Steps;
  readonly processes: readonly Process[];
  /** Sentences that must never be true, as they were found. */
  readonly violations: string[] = [];
  /** By meter. */
  readonly cards = new Map<string, FakeCard>();
  /** By order: the meter that its household meant. */
  readonly meant = new Map<string, string>();
  /** Payments that money came for although it should not have. */
  readonly regardless = new Set<string>();
  /** Payments that no notification ever tells of. */
  readonly untold = new Set<string>();

  constructor(init: { seed: number; tell?: ((line: string) => void) | undefined }) {
    this.dice = new Dice(seededRandom(init.seed));
    // Any time of a day: some runs go past midnight.
    const now = BEGINNING + this.dice.below(DAY);
    this.turns = new Turns({ dice: this.dice, now, tell: init.tell });
    this.weather = new Weather(this.dice, this.turns);
    this.grid = new CountingGrid(this.turns);
    this.grid.cancelsWritten = this.dice.chance(0.7);
    this.grid.fault = (operation) => {
      this.grid.lateMs = this.weather.lateMs();
      return this.weather.gridFault(operation);
    };
    this.channels = new Map(PAID_BY_WALLET.map((name) => [name, this.#channel(name)]));
    this.ephemeral = new UnsureEphemeral(this.turns, this.weather);
    this.jobs = new Jobs({
      turns: this.turns,
      weather: this.weather,
      work: (orderNo, cause) => this.#work(orderNo, cause),
    });
    this.steps = new Steps(this);
    this.orders = this.steps.watching(this.kept);
    const clocksAreWrong = this.dice.chance(0.4);
    this.processes = (['web-a', 'web-b', 'worker-a', 'worker-b'] as const).map(
      (name) =>
        new Process({
          ...{ name, kind: name.startsWith('web') ? 'web' : 'worker', shared: this, clocksAreWrong },
          ...{ turns: this.turns, dice: this.dice, weather: this.weather },
          fault: (sentence) => this.violations.push(sentence),
        }),
    );
  }

  async open(): Promise<void> {
    this.floats.floats.set(FLOAT, {
      ...{ _id: FLOAT, name: '居委会', terminals: TERMINALS.map(({ terminalId }) => terminalId) },
      ...{ balanceFen: FLOAT_FEN, dayLimitFen: FLOAT_FEN, day: '', dayFen: 0, recent: [], version: 1 },
    });
    if (this.dice.chance(0.5)) await this.#giveDiscounts();
    for (const process of this.processes) await process.start();
  }

  /** A household with a meter and a card in it; some owe the grid something. */
  household(): FakeCard {
    const digits = String(this.cards.size + 1);
    const card = new FakeCard(digits.padStart(16, '0'), digits.padStart(12, '0'));
    this.cards.set(card.meterNo, card);
    const meter = this.grid.addHousehold(card);
    if (this.dice.chance(0.2))
      Object.assign(meter, { ceilingFen: 20_000, writesBackWhenFull: this.dice.chance(0.5) });
    if (this.dice.chance(0.3)) {
      const { dice } = this;
      this.grid.debts.owe(card.meterNo, { arrearsFen: 100 * dice.below(30), feeFen: 100 * dice.below(3) });
    }
    return card;
  }

  meterOf(card: FakeCard) {
    const meter = this.grid.meters.get(card.meterNo);
    if (meter === undefined) throw new Error('There is no such meter.');
    return meter;
  }

  /** A web process that answers now; undefined while all are dead. */
  web(): Life | undefined {
    const living = this.processes.flatMap(({ name, life }) => (name.startsWith('web') && life ? [life] : []));
    return living.length === 0 ? undefined : this.dice.pick(living);
  }

  /**
   * What a client asks of a web process, for as long as it waits; undefined where nothing came of it, as far as the
   * client knows: it may still be worked on.
   */
  async ask<T>(work: (web: Life) => Promise<T>): Promise<T | undefined> {
    const web = this.web();
    if (web === undefined) {
      await this.turns.sleep(5 * SECOND);
      return undefined;
    }
    // A proxy or an impatient client sends it once more, and hears nothing of what becomes of that.
    const other = this.weather.doubles() ? this.web() : undefined;
    if (other !== undefined) this.turns.begin(async () => void (await this.mishaps(() => work(other))));
    return new Promise((resolve) => {
      const waiting = new AbortController();
      this.turns.begin(async () => {
        resolve(await this.mishaps(() => work(web)));
        waiting.abort();
      });
      if (this.weather.calm) return;
      this.turns.sleep(10 * SECOND + this.dice.below(MINUTE), waiting.signal).then(
        () => {
          resolve(undefined);
        },
        () => undefined,
      );
    });
  }

  /** Undefined where it came to nothing, as it may. */
  async mishaps<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (isMishap(error)) return undefined;
      throw error;
    }
  }

  /** All works from now on. */
  mend(): void {
    this.weather.calm = true;
    this.turns.haste = 0;
    for (const process of this.processes) process.setClock();
    this.grid.arrive();
  }

  all(): Order[] {
    return this.kept.all();
  }

  #channel(name: Channel): FakeChannel {
    const channel = new FakeChannel(name, this.turns);
    channel.fault = (operation) => this.weather.walletFault(name, operation);
    channel.lagMs = () => this.weather.lagMs();
    channel.bend = () => this.weather.bend();
    channel.refundsAtOnce = !this.weather.refundsTakeTime;
    return channel;
  }

  /** A worker has a job in hand; one that dies over it may leave it to another. */
  async #work(orderNo: string, cause: string): Promise<void> {
    const living = this.processes.flatMap(({ name, life }) =>
      name.startsWith('worker') && life ? [life] : [],
    );
    if (living.length === 0) return;
    const { services } = this.dice.pick(living);
    await this.mishaps(() => services.advancer.advance(orderNo, cause));
  }

  async #giveDiscounts(): Promise<void> {
    const ever = { from: new Date(0), to: new Date('2099-01-01') };
    this.rules.rules.push({
      ...{ _id: RULE, names: { 'zh-CN': '冬季优惠', ug: 'قىش', en: 'Winter' }, status: 'active' },
      ...{ community: null, tag: null, off: { kind: 'percent', percent: 10 }, ...ever },
      ...{ capFen: CAP_FEN, budgetFen: BUDGET_FEN, funder: 'community', createdBy: 'anna' },
      createdAt: new Date(0),
    });
    await this.budgets.make(RULE, BUDGET_FEN);
  }
}
