import { seededRandom } from '@bianmin/card/testing/random';
import { openOrdersStack, type OrdersStack } from '../bench/orders-stack.ts';
import { Operator } from '../../run/dev/operator.ts';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import { Campaign, enrolTerminals } from './campaign.ts';
import { Killer } from './grid-kills.ts';
import { MishapDraw } from './grid-mishaps.ts';
import type { GridTerminal } from './grid-terminal.ts';
import { environmentOf, SOAK_TIMES } from './grid-times.ts';
import { Town } from './grid-town.ts';
import { lastWord } from './last-word.ts';
import { PayingByCode } from './paying.ts';

const TERMINALS = 24;
/** Households of each chip: a phone may buy five times a day, so that long soaks need more of them. */
const perChip = (orders: number): number => Math.max(20, Math.ceil(orders / 150));
export interface GridSoakRow {
  readonly soak: 'grid';
  readonly orders: number;
  readonly lost: number;
  readonly doubled: number;
  /** Orders for another meter than the one that was confirmed. */
  readonly wrongMeter: number;
  readonly unknown: number;
  /** Claims of a written card that nothing contradicted although the card was not written. */
  readonly uncaughtFalseClaims: number;
  /** Households that cannot buy although all is at rest. */
  readonly waiting: number;
  /** Things that staff are told of orders, by their diagnoses, and that are wrong or vague. */
  readonly misdiagnosed: number;
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
    const operator = await Operator.login(on.stack);
    const terminals = await enrolTerminals(on, { count: TERMINALS, operator });
    try {
      return await soakAt(on, terminals, init);
    } finally {
      for (const terminal of terminals) terminal.close();
    }
  } finally {
    await on.close();
  }
}

async function soakAt(
  on: OrdersStack,
  terminals: readonly GridTerminal[],
  init: GridSoakInit,
): Promise<GridSoakRow> {
  const { report, seed, orders } = init;
  // The stack has a grid of its own, which nothing asks here.
  const sandbox = new SandboxClient({ ...on.stack.urls, gridUrl: on.grid.url });
  const town = new Town(on.grid, perChip(orders));
  const draw = new MishapDraw(seededRandom(seed), SOAK_TIMES);
  const killer = new Killer({ stack: on.stack, orders, random: seededRandom(seed + 1) });
  const paying = new PayingByCode(sandbox);
  const campaign = new Campaign({ ...init, on, sandbox, terminals, town, draw, killer, paying });
  const from = performance.now();
  await sandbox.walletFault({ timeScale: 20, lateMs: 500 });
  await campaign.run();
  const { visits } = campaign;
  const verdict = await lastWord({ on, sandbox, town, visits, terminals, report });
  return {
    soak: 'grid',
    orders: town.orders.size,
    lost: verdict.lost,
    doubled: verdict.doubled,
    wrongMeter: verdict.wrongMeter,
    unknown: verdict.unknown,
    uncaughtFalseClaims: verdict.uncaught.size,
    waiting: verdict.waiting,
    misdiagnosed: verdict.misdiagnosed.length,
    falseClaims: town.lies.size,
    remote: [...town.orders.values()].filter(({ giveUp }) => giveUp !== undefined).length,
    reversals: on.grid.world.bill().filter(({ status }) => status === 'reversed').length,
    kills: killer.kills,
    seconds: Math.round((performance.now() - from) / 1000),
    seed,
    engine: on.stack.database.engine,
  };
}
