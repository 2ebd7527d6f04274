import { inspect } from 'node:util';
import { pino, type Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Clock } from '@bianmin/card/clock';
import type { Dice } from '@bianmin/card/testing/dice';
import type { Channel } from '@bianmin/purchase/api/channels';
import { Cases } from '../../cases/cases.ts';
import type { Deps } from '../../config/deps.ts';
import { DiscountDesk } from '../../money/discount/desk.ts';
import { HoldSettler } from '../../money/discount/settler.ts';
import { createServices, type Services } from '../../wiring/orders.ts';
import type { PaymentChannel } from '../../gateways/payment/contract.ts';
import { startRounds } from '../../adapters/queue/rounds.ts';
import { testConfig } from '../config.ts';
import { staffDesks, type StaffDesks } from './desks.ts';
import { Gate, isMishap, through } from './gate.ts';
import type { Shared } from './shared.ts';
import type { Turns } from './turns.ts';
import type { Weather } from './weather.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** By how much a clock may be wrong, ms. */
export const MOST_SKEW_MS = 5 * MINUTE;
const CONFIG = testConfig();
const CHANNEL_CALLS = ['create', 'query', 'close', 'refund', 'queryRefund'] as const;
const GRID_CALLS = [
  ...(['identify', 'identifyCustomer', 'sell', 'queryOriginal', 'returnData', 'writePlan'] as const),
  ...(['confirmWrite', 'reverse', 'queryReversal', 'remoteCredit', 'queryCredit'] as const),
  ...(['cancelPlan', 'confirmCancel'] as const),
];

export interface ProcessInit {
  readonly name: string;
  /** A worker looks for what is due; a web process answers people. */
  readonly kind: 'web' | 'worker';
  readonly shared: Shared;
  readonly turns: Turns;
  readonly dice: Dice;
  readonly weather: Weather;
  /** Whether clocks of processes are wrong at all. */
  readonly clocksAreWrong: boolean;
  /** What no process should ever say. */
  readonly fault: (sentence: string) => void;
}

/** What a process is made of while it lives. */
export interface Life {
  readonly services: Services;
  readonly staff: StaffDesks;
}

/**
 * A process as it is deployed, with the real modules on stores, grid and channels that others use as well, and a
 * clock of its own. It dies between any two calls and is started again a while later, as if by its supervisor.
 */
export class Process {
  readonly #init: ProcessInit;
  #skewMs = 0;
  #gate: Gate | undefined;
  #life: Life | undefined;
  #stopRounds: (() => Promise<void>)[] = [];

  constructor(init: ProcessInit) {
    this.#init = init;
  }

  get name(): string {
    return this.#init.name;
  }

  /** Undefined while it is dead. */
  get life(): Life | undefined {
    return this.#life;
  }

  async start(): Promise<void> {
    const { name, turns, dice, weather, clocksAreWrong, kind } = this.#init;
    const wrong = clocksAreWrong && !weather.calm && dice.chance(0.6);
    this.#skewMs = wrong ? dice.below(2 * MOST_SKEW_MS) - MOST_SKEW_MS : 0;
    const gate = new Gate({
      name,
      turns,
      dice,
      weather,
      die: () => {
        this.die();
      },
    });
    this.#gate = gate;
    const { services, settler } = await this.#services(gate);
    if (gate.dead) return;
    this.#life = {
      services,
      staff: staffDesks({ services, shared: this.#init.shared, gate, clock: this.#clock }),
    };
    if (kind === 'worker') this.#startRounds(services, settler);
  }

  /** Whatever it was about to do is not done any more. */
  die(): void {
    if (this.#gate === undefined || this.#gate.dead) return;
    const { turns, dice } = this.#init;
    this.#gate.dead = true;
    this.#life = undefined;
    for (const stop of this.#stopRounds.splice(0)) void stop();
    turns.begin(async () => {
      await turns.wait(`${this.#init.name} starts`, SECOND + dice.below(MINUTE));
      await this.start();
    });
  }

  /** From now on its clock is right. */
  setClock(): void {
    this.#skewMs = 0;
  }

  get #clock(): Clock {
    const { turns } = this.#init;
    return {
      now: () => turns.now() + this.#skewMs,
      monotonic: () => turns.monotonic(),
      sleep: (ms, signal) => turns.sleep(ms, signal),
    };
  }

  async #services(gate: Gate): Promise<{ services: Services; settler: HoldSettler }> {
    const { shared } = this.#init;
    const clock = this.#clock;
    const log = this.#log();
    const insertOrder = (operation: string): string => (operation === 'insert' ? 'insert order' : operation);
    const orderCalls = [
      ...(['insert', 'replace', 'postpone', 'get', 'getWithin'] as const),
      ...(['byIdempotencyKey', 'bySaleSlot', 'unsettledOfMeter', 'aboutMeter', 'unsettledOfCard'] as const),
    ];
    const store = through(shared.orders, gate, orderCalls, insertOrder);
    const budgets = through(shared.budgets, gate, ['reserve', 'endThose', 'end']);
    const caps = through(shared.caps, gate, ['make', 'reserve', 'bar', 'settle']);
    const key = (_grid: string, customerNo: string): string => customerNo;
    const services = await createServices(this.#deps(gate, { clock, log }), {
      registry: new Registry(),
      parts: {
        store,
        notificationStore: through(shared.notifications, gate, ['insert', 'heard', 'postpone', 'ofOrder']),
        trigger: through(shared.jobs, gate, ['request']),
        ephemeral: through(shared.ephemeral, gate, ['put', 'get', 'getAll']),
        cases: new Cases({ store: through(shared.cases, gate, ['insert', 'replace']), clock }),
        leases: through(shared.leases, gate, ['take', 'release']),
        floatStore: through(shared.floats, gate, ['get', 'replace', 'booked', 'book']),
        discounts: new DiscountDesk({ rules: shared.rules, budgets, caps, key, clock, log }),
        draw: (below) => this.#init.dice.below(below),
        feed: {
          publish: () => undefined,
          changedSince: () => Promise.resolve([]),
          subscribe: () => Promise.resolve(() => Promise.resolve()),
          close: () => undefined,
        },
      },
    });
    return {
      services,
      settler: new HoldSettler({ budgets, caps, orders: store, grid: shared.grid, clock, log }),
    };
  }

  #deps(gate: Gate, own: { clock: Clock; log: Logger }): Deps {
    const { shared } = this.#init;
    const nowhere = new Proxy({}, { get: () => () => Promise.reject(new Error('Not in this world.')) });
    const channels = new Map<Channel, PaymentChannel>();
    for (const [name, channel] of shared.channels) channels.set(name, through(channel, gate, CHANNEL_CALLS));
    return {
      ...own,
      ...{ config: CONFIG, grid: through(shared.grid, gate, GRID_CALLS), channels },
      db: nowhere as Deps['db'],
      redis: nowhere as Deps['redis'],
    };
  }

  #startRounds(services: Services, settler: HoldSettler): void {
    const { dice } = this.#init;
    const clock = this.#clock;
    const log = this.#log();
    const everyMs = (15 + dice.below(45)) * SECOND;
    const rounds = (what: string, work: () => Promise<number>): (() => Promise<void>) =>
      startRounds({ work, everyMs: MINUTE, clock, log, what });
    this.#stopRounds = [
      services.sweeper.start(everyMs),
      services.missedNotifications.start(everyMs),
      rounds('orders that were put off', () => services.clockSkew.sweep()),
      rounds('discounts', () => settler.settle()),
    ];
  }

  /** Hears what a process says of its own faults. */
  #log(): Logger {
    const { name, fault } = this.#init;
    return pino({
      level: 'error',
      hooks: {
        logMethod([first, sentence]) {
          const { err } = first as { err?: unknown };
          if (err === undefined || isMishap(err)) return;
          fault(`${name}: ${String(sentence)}: ${err instanceof Error ? String(err) : inspect(err)}`);
        },
      },
    });
  }
}
