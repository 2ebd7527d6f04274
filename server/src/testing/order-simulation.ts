import type { Scheduler } from 'fast-check';
import { CodedError } from '@bianmin/shared/errors';
import { Dice } from '@bianmin/shared/testing/dice';
import { seededRandom } from '@bianmin/shared/testing/random';
import type { Order, Payment } from '../domain/order.ts';
import type { Services } from '../domain/services.ts';
import { violationsOf } from './campaign-judge.ts';
import { crashing, Killed } from './crashing-store.ts';
import type { FakeCard } from './fake-card.ts';
import type { Fault } from './faults.ts';
import { MemoryNotificationStore, MemoryOrderStore } from './memory-orders.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from './order-world.ts';

const CHANNELS = ['wechat', 'alipay'] as const;
const FAULTS: readonly Fault[] = ['unavailable', 'unavailable', 'lost-request', 'lost-answer', 'late'];
const MINUTE = 60_000;
/** How often all processes are set to work at the same moment. */
const WAVES = 4;
const MOST_MINUTES_BETWEEN = 8;
/** Turns until a payer has made up their mind. */
const MOST_THOUGHTS = 20;
/** Of all calls of a simulation: more is a part that turns on the spot. */
const MOST_TURNS = 5_000;

export interface SimulationInit {
  /** Decides which of all that is under way goes on next: a request on its way there, or its answer on its way back. */
  readonly scheduler: Scheduler;
  /** Of faults, deaths and what people do. */
  readonly seed: number;
}

export interface Simulated {
  readonly order: Order;
  /** Sentences about money and meters that must never be true. */
  readonly violations: readonly string[];
  readonly sells: number;
}

/**
 * One order that two wallets may pay, seen by a web process and two workers at the same time: the real desks, moves and
 * stores' contracts on one clock. Every call to store, grid and channel waits twice, before it is worked on and before its
 * answer is heard, and the scheduler says who goes on; processes die at writes. Then everything works again, time passes, the
 * card is written and used, and channels and meter are compared.
 */
export async function simulateOrder({ scheduler, seed }: SimulationInit): Promise<Simulated> {
  return (await Simulation.open({ scheduler, seed })).run();
}

class Simulation {
  readonly #scheduler: Scheduler;
  readonly #dice: Dice;
  readonly #world: OrderWorld;
  readonly #engines: readonly Services[];
  readonly #terminal: FakeTerminal;
  readonly #card: FakeCard;
  /** Calls wait for the scheduler, and things break. */
  #rough = false;
  readonly #mustBeTold = new Set<string>();
  #turns = 0;

  static async open({ scheduler, seed }: SimulationInit): Promise<Simulation> {
    const dice = new Dice(seededRandom(seed));
    const of: { simulation?: Simulation } = {};
    const store = crashing(new MemoryOrderStore(), () => of.simulation?.dies() ?? 'no');
    const world = await OrderWorld.open({ store, notificationStore: new MemoryNotificationStore() });
    const rough = <T extends object>(part: T, operations: readonly (keyof T & string)[]): void => {
      for (const operation of operations) of.simulation?.slow(part, operation);
    };
    const terminal = await fakeTerminal('kiosk-a');
    const engines = [world.services, await world.restarted(), await world.restarted()];
    of.simulation = new Simulation({ scheduler, dice, world, engines, terminal });
    rough(store, ['get', 'replace', 'postpone']);
    rough(world.grid, ['sell', 'queryOriginal', 'reverse', 'queryReversal']);
    for (const name of CHANNELS) rough(world.channel(name), ['query', 'close', 'refund', 'queryRefund']);
    return of.simulation;
  }

  private constructor(init: {
    scheduler: Scheduler;
    dice: Dice;
    world: OrderWorld;
    engines: readonly Services[];
    terminal: FakeTerminal;
  }) {
    this.#scheduler = init.scheduler;
    this.#dice = init.dice;
    this.#world = init.world;
    this.#engines = init.engines;
    this.#terminal = init.terminal;
    this.#card = init.world.household();
    const fault = (): Fault => (this.#rough && this.#dice.chance(0.25) ? this.#dice.pick(FAULTS) : 'none');
    for (const broken of [this.#world.grid, this.#world.wechat, this.#world.alipay]) broken.fault = fault;
  }

  dies(): 'no' | 'before' | 'after' {
    if (!this.#rough || !this.#dice.chance(0.03)) return 'no';
    return this.#dice.chance(0.5) ? 'before' : 'after';
  }

  /** From now on a call waits before it is worked on, and its answer before it is heard. */
  slow<T extends object>(part: T, operation: keyof T & string): void {
    const call = (part[operation] as (...args: unknown[]) => Promise<unknown>).bind(part);
    const wait = (way: string): Promise<unknown> =>
      this.#turn() ? this.#scheduler.schedule(Promise.resolve(), `${operation} ${way}`) : Promise.resolve();
    const slowed = async (...args: unknown[]): Promise<unknown> => {
      await wait('goes');
      try {
        const answer = await call(...args);
        await wait('answers');
        return answer;
      } catch (error) {
        await wait('fails');
        throw error;
      }
    };
    Object.assign(part, { [operation]: slowed });
  }

  /** Whether a call waits for its turn now. */
  #turn(): boolean {
    if (!this.#rough) return false;
    this.#turns += 1;
    if (this.#turns > MOST_TURNS)
      throw new Error(`The order was still being asked about after ${MOST_TURNS} turns.`);
    return true;
  }

  async run(): Promise<Simulated> {
    let order = await this.#world.offer(this.#terminal, this.#card);
    if (this.#dice.chance(0.8)) order = await this.#world.services.orders.createPayment(order, 'alipay');
    for (let wave = 0; wave < WAVES; wave += 1) {
      this.#rough = true;
      await this.#scheduler.waitFor(this.#wave(order));
      this.#rough = false;
      this.#world.clock.jump(this.#dice.below(MOST_MINUTES_BETWEEN * MINUTE));
      this.#world.grid.arrive();
    }
    await this.#mend(order);
    order = await this.#world.now(order);
    const sells = this.#world.grid.calls.filter((operation) => operation === 'sell').length;
    return { order, sells, violations: violationsOf(this.#world, [this.#card], [order]) };
  }

  /** Whoever scanned a code pays it, or does not; the wallet tells of it, mostly. */
  async #pay({ channel, codeUrl, no }: Payment): Promise<void> {
    if (channel === 'cash') return;
    // As long as the processes are at work: somewhere in the middle of it.
    for (let turns = this.#dice.below(MOST_THOUGHTS); turns >= 0; turns -= 1) {
      await this.#scheduler.schedule(Promise.resolve(), `a payer with ${channel}`);
    }
    const wallet = this.#world.channel(channel);
    if (codeUrl !== null && this.#dice.chance(0.4)) wallet.pay(codeUrl);
    else if (wallet.trades.has(no) && this.#dice.chance(0.03)) {
      wallet.payRegardless(no);
      this.#mustBeTold.add(no);
    }
    if (this.#dice.chance(0.4)) await this.#alive(() => this.#world.notify(no, channel));
  }

  /** People pay, somebody gives up, and all processes look at the order, at the same moment. */
  async #wave(order: Order): Promise<void> {
    const told = order.payments.map((payment) => this.#pay(payment));
    if (this.#dice.chance(0.15)) {
      const { orders, mover } = this.#world.services;
      told.push(this.#alive(async () => orders.cancel(await mover.again(order))));
    }
    const looks = this.#engines.flatMap((engine) =>
      Array.from({ length: 1 + this.#dice.below(2) }, () =>
        this.#alive(() => engine.advancer.advance(order._id)),
      ),
    );
    await Promise.all([...told, ...looks]);
  }

  /**
   * Nothing fails any more, and the household uses its card. Some notifications never come: but for money that came on a
   * number which was closed or paid already, a question to the wallet finds out as well.
   */
  async #mend(order: Order): Promise<void> {
    for (const { no, channel } of order.payments) {
      const comes = this.#mustBeTold.has(no) || this.#dice.chance(0.5);
      if (channel !== 'cash' && comes) await this.#world.notify(no, channel);
    }
    await this.#world.pass(4 * 60 * MINUTE, MINUTE);
    if ((await this.#world.now(order)).state === 'sold') {
      await this.#world.write(this.#terminal, this.#card, await this.#world.now(order));
      this.#world.meterOf(this.#card).insert(this.#card);
    }
    await this.#world.pass(60 * MINUTE, MINUTE);
  }

  /** What a process that died, or a request that failed, leaves undone is for the next. */
  async #alive(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Killed) && !(error instanceof CodedError)) throw error;
    }
  }
}
