import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@bianmin/shared/testing/random';
import { enrolTerminal } from '../bench/enrolled.ts';
import { openOrdersStack, type OrdersStack } from '../bench/orders-stack.ts';
import { Operator } from '../journey/operator.ts';
import { SandboxClient } from '../sandbox-client.ts';
import { Killer } from './grid-kills.ts';
import { MishapDraw, type Mishaps } from './grid-mishaps.ts';
import { GridTerminal } from './grid-terminal.ts';
import { environmentOf, SOAK_TIMES } from './grid-times.ts';
import { GridRest } from './grid-rest.ts';
import { Town } from './grid-town.ts';
import { Visits } from './grid-visit.ts';

const TERMINALS = 24;
/** Households of each chip: a phone may buy five times a day, so that long soaks need more of them. */
const perChip = (orders: number): number => Math.max(20, Math.ceil(orders / 150));
export interface GridSoakRow {
  readonly soak: 'grid';
  readonly orders: number;
  readonly lost: number;
  readonly doubled: number;
  readonly unknown: number;
  /** Claims of a written card that nothing contradicted although the card was not written. */
  readonly uncaughtFalseClaims: number;
  /** Households that cannot buy although all is at rest. */
  readonly waiting: number;
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
  readonly #rest: GridRest;
  readonly #draw: MishapDraw;
  readonly #killer: Killer;
  #bought = 0;
  #buysUntil = Infinity;

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
    this.#rest = new GridRest({
      on,
      sandbox: this.#sandbox,
      town: this.#town,
      visits: this.#visits,
      terminals,
      report: init.report,
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
    const verdict = await this.#rest.come();
    report(`Visits that ended early: ${this.#town.noted()}`);
    for (const finding of verdict.findings.slice(0, 50)) report(finding);
    for (const orderNo of verdict.uncaught) report(`no case of the false claim about ${orderNo}`);
    const sales = this.#on.grid.world.bill();
    return {
      soak: 'grid',
      orders: this.#town.orders.size,
      lost: verdict.lost,
      doubled: verdict.doubled,
      unknown: verdict.unknown,
      uncaughtFalseClaims: verdict.uncaught.size,
      waiting: verdict.waiting,
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
}
