import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderState } from '@bianmin/shared/api/order';
import { seededRandom } from '@bianmin/shared/testing/random';
import { orderNoOf } from '../../server/src/domain/order-no.ts';
import { enrolTerminal } from '../bench/enrolled.ts';
import { openOrdersStack, type OrdersStack } from '../bench/orders-stack.ts';
import { Operator } from '../journey/operator.ts';
import { SandboxClient } from '../sandbox-client.ts';
import { ENDS, judge, type JudgedMeter, type JudgedOrder, type Judgement } from './grid-judge.ts';
import { Killer } from './grid-kills.ts';
import { MishapDraw, type Mishaps } from './grid-mishaps.ts';
import { GridTerminal } from './grid-terminal.ts';
import { environmentOf, SOAK_TIMES } from './grid-times.ts';
import { Town, type Resident } from './grid-town.ts';
import { Visits } from './grid-visit.ts';

const TERMINALS = 24;
/** Households of each chip: a phone may buy five times a day, so that long soaks need more of them. */
const perChip = (orders: number): number => Math.max(20, Math.ceil(orders / 150));
/** How long everything may take to come to rest after the last purchase, ms; each order is looked at in it. */
const restMs = (orders: number): number => 180_000 + 20 * orders;
const ASK_EVERY_MS = 1_000;
/** Cases that say that somebody's word about a card is not true. */
const CONTRADICTIONS: ReadonlySet<string> = new Set(['claim-contradicted', 'written-not-credited']);

export interface GridSoakRow {
  readonly soak: 'grid';
  readonly orders: number;
  readonly lost: number;
  readonly doubled: number;
  readonly unknown: number;
  /** Claims of a written card that nothing contradicted although the card was not written. */
  readonly uncaughtFalseClaims: number;
  readonly falseClaims: number;
  /** Orders by customer number. */
  readonly remote: number;
  readonly reversals: number;
  readonly kills: number;
  readonly seconds: number;
  readonly seed: number;
  readonly engine: string;
}

export interface GridSoakInit {
  readonly orders: number;
  /** Buys no longer than this, however many orders there are by then. */
  readonly minutes: number;
  readonly seed: number;
  readonly report: (line: string) => void;
}

/** Buys through the real stack while the grid, the wallets, terminals and processes fail; then judges from outside. */
export async function soakGrid(init: GridSoakInit): Promise<GridSoakRow> {
  const { report, seed } = init;
  const on = await openOrdersStack({ report, seed, env: environmentOf(SOAK_TIMES) });
  try {
    const soak = await GridSoak.open(on, init);
    try {
      return await soak.run();
    } finally {
      soak.close();
    }
  } finally {
    await on.close();
  }
}

class GridSoak {
  readonly #on: OrdersStack;
  readonly #init: GridSoakInit;
  readonly #sandbox: SandboxClient;
  readonly #terminals: readonly GridTerminal[];
  readonly #town: Town;
  readonly #visits: Visits;
  readonly #draw: MishapDraw;
  readonly #killer: Killer;
  #bought = 0;
  #buysUntil = Infinity;
  /** Lies that no case is about. */
  #uncaught = new Set<string>();
  /** Orders that were at an end when they were last asked about. */
  readonly #ended = new Map<string, OrderState>();

  static async open(on: OrdersStack, init: GridSoakInit): Promise<GridSoak> {
    const operator = await Operator.login(on.stack);
    const { webUrl } = on.stack.urls;
    const terminals: GridTerminal[] = [];
    for (let index = 0; index < TERMINALS; index += 1) {
      terminals.push(new GridTerminal(await enrolTerminal({ index, dir: on.dir, webUrl, operator })));
    }
    return new GridSoak(on, init, terminals);
  }

  private constructor(on: OrdersStack, init: GridSoakInit, terminals: readonly GridTerminal[]) {
    const random = seededRandom(init.seed);
    this.#on = on;
    this.#init = init;
    this.#terminals = terminals;
    // The stack has a grid of its own, which nobody asks here.
    this.#sandbox = new SandboxClient({ ...on.stack.urls, gridUrl: on.grid.url });
    this.#town = new Town(on.grid, perChip(init.orders));
    this.#draw = new MishapDraw(random, SOAK_TIMES);
    this.#killer = new Killer({ stack: on.stack, orders: init.orders, random: seededRandom(init.seed + 1) });
    this.#visits = new Visits({
      town: this.#town,
      grid: on.grid,
      sandbox: this.#sandbox,
      webUrl: on.stack.urls.webUrl,
      nextMishaps: () => this.#next(),
    });
  }

  async run(): Promise<GridSoakRow> {
    const { report, seed } = this.#init;
    const from = performance.now();
    this.#buysUntil = from + this.#init.minutes * 60_000;
    await this.#sandbox.walletFault({ timeScale: 20, lateMs: 500 });
    await Promise.all(this.#terminals.map((terminal, index) => this.#work(terminal, index)));
    await this.#killer.done();
    report(
      `${this.#bought} purchases tried, ${this.#town.orders.size} orders; now everything may come to rest`,
    );
    const judgement = await this.#rest();
    report(`Visits that ended early: ${this.#town.noted()}`);
    for (const finding of judgement.findings.slice(0, 50)) report(finding);
    for (const orderNo of this.#uncaught) report(`no case of the false claim about ${orderNo}`);
    const sales = this.#on.grid.world.bill();
    return {
      soak: 'grid',
      orders: this.#town.orders.size,
      lost: judgement.lost,
      doubled: judgement.doubled,
      unknown: judgement.unknown,
      uncaughtFalseClaims: this.#uncaught.size,
      falseClaims: this.#town.lies.size,
      remote: [...this.#town.orders.values()].filter(({ giveUp }) => giveUp !== undefined).length,
      reversals: sales.filter(({ status }) => status === 'reversed').length,
      kills: this.#killer.kills,
      seconds: Math.round((performance.now() - from) / 1000),
      seed,
      engine: this.#on.stack.database.engine,
    };
  }

  close(): void {
    for (const terminal of this.#terminals) terminal.close();
  }

  #next(): Mishaps | undefined {
    if (!this.#buys()) return undefined;
    this.#bought += 1;
    this.#killer.reached(this.#bought);
    if (this.#bought % 250 === 0) this.#init.report(`${this.#bought} purchases`);
    return this.#draw.next();
  }

  #buys(): boolean {
    return this.#bought < this.#init.orders && performance.now() < this.#buysUntil;
  }

  async #work(terminal: GridTerminal, index: number): Promise<void> {
    const other = this.#terminals[(index + 1) % this.#terminals.length] ?? terminal;
    while (this.#buys()) {
      const resident = this.#town.leave();
      if (resident === undefined) await sleep(100);
      else await this.#visits.visit(resident, { terminal, other });
    }
  }

  /** Nothing fails any more, every card is put in again and every meter visited, until all is at rest. */
  async #rest(): Promise<Judgement> {
    const { grid } = this.#on;
    grid.faults.clear();
    await this.#sandbox.walletFault({ reset: true });
    const until = performance.now() + restMs(this.#init.orders);
    let open = [...this.#town.residents];
    for (let round = 0; ; round += 1) {
      await this.#sandbox.settleLate();
      open = await this.#settle(open, round);
      const judgement = await this.#judge();
      await this.#findLies();
      const { lost, doubled, unknown } = judgement;
      const still = lost + doubled + unknown + this.#uncaught.size;
      if ((still === 0 && open.length === 0) || performance.now() > until) return await this.#verdict();
      this.#init.report(`Not at rest: ${open.length} households, ${unknown} orders, ${lost + doubled} sums`);
      await sleep(ASK_EVERY_MS);
    }
  }

  /** The last word: every order is asked about and every lie looked for once more, whatever was heard before. */
  async #verdict(): Promise<Judgement> {
    this.#ended.clear();
    await this.#findLies();
    return this.#judge();
  }

  /** Each household at another terminal than the round before; gives those for whom something still waits. */
  async #settle(residents: readonly Resident[], round: number): Promise<Resident[]> {
    const waiting = [...residents];
    const open: Resident[] = [];
    const hand = async (_: GridTerminal, index: number): Promise<void> => {
      const terminal = this.#terminals[(index + round) % this.#terminals.length];
      for (let resident = waiting.pop(); resident !== undefined; resident = waiting.pop()) {
        if (terminal === undefined || !(await this.#visits.settle(resident, terminal))) open.push(resident);
      }
    };
    await Promise.all(this.#terminals.map(hand));
    return open;
  }

  /** A lie is found where staff have a case of it, by their own API. */
  async #findLies(): Promise<void> {
    const operator = await Operator.login(this.#on.stack);
    this.#uncaught = new Set();
    for (const orderNo of this.#town.lies) {
      const kinds = await operator.casesOf(orderNo);
      if (!kinds.some((kind) => CONTRADICTIONS.has(kind))) this.#uncaught.add(orderNo);
    }
  }

  async #judge(): Promise<Judgement> {
    const money = await this.#sandbox.moneyByOrder(orderNoOf);
    const { world } = this.#on.grid;
    const orders: JudgedOrder[] = [];
    const made = [...this.#town.orders.values()];
    const ask = async (): Promise<void> => {
      for (let order = made.pop(); order !== undefined; order = made.pop()) {
        const { orderNo, meterNo, view, giveUp } = order;
        const state = this.#ended.get(orderNo) ?? (await view()).state;
        if (ENDS.has(state)) this.#ended.set(orderNo, state);
        if (state === 'credit-failed') await giveUp?.();
        const sums = money.get(orderNo) ?? { takenFen: 0, refundedFen: 0 };
        orders.push({ orderNo, meterNo, state, ...sums });
      }
    };
    await Promise.all(this.#terminals.slice(0, 8).map(ask));
    const sales = world.bill();
    const known = new Set(this.#town.orders.keys());
    const meterOf = new Map(sales.map(({ orderNo, meterNo }) => [orderNo, meterNo]));
    // An order whose answer was lost for good is still somebody's money.
    for (const [orderNo, sums] of money) {
      if (known.has(orderNo) || sums.takenFen === 0) continue;
      orders.push({ orderNo, meterNo: meterOf.get(orderNo) ?? 'none', state: null, ...sums });
    }
    const meters: JudgedMeter[] = this.#town.residents.map(({ meterNo }) => {
      const { creditedFen, count } = world.meter(meterNo);
      return { meterNo, creditedFen, count };
    });
    return judge({ orders, sales, meters });
  }
}
