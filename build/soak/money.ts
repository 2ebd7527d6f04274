import { seededRandom } from '@bianmin/shared/testing/random';
import { Redis } from 'ioredis';
import { connectDatabase } from '../../server/src/store/connection.ts';
import { openOrdersStack, type OrdersStack } from '../bench/orders-stack.ts';
import { SandboxClient } from '../sandbox-client.ts';
import { Campaign, enrolTerminals } from './campaign.ts';
import { GivingBack } from './giving-back.ts';
import { Killer } from './grid-kills.ts';
import { GridRest } from './grid-rest.ts';
import type { GridTerminal } from './grid-terminal.ts';
import { environmentOf, SOAK_TIMES } from './grid-times.ts';
import { Town } from './grid-town.ts';
import { MoneyAudit, type AuditResult } from './money-audit.ts';
import { MoneyDraw } from './money-mishaps.ts';
import { orderFiguresOf, payersOf, type OrderFigures } from './money-figures.ts';
import { MoneyLedger } from './money-ledger.ts';
import { MoneyPaying } from './money-paying.ts';
import { CampaignDays } from './money-reconcile.ts';
import { offered, openTill } from './money-rules.ts';
import { Staff } from './staff.ts';

/** Faulted orders wait for timeouts; so many visits side by side that the others never do. */
const TERMINALS = 48;
/** Households of each chip: a phone may buy five times a day, so that long soaks need more of them. */
const perChip = (orders: number): number => Math.max(24, Math.ceil(orders / 150));
/** More events of one order are a part of it that turns on the spot. */
const MOST_EVENTS = 200;
/** Orders up to which each is asked about once more at the very end, whatever was heard of it before. */
const ASK_ALL = 5_000;

/** Every third household owes something, every fourth is charged for each purchase; the least purchase covers both, fen. */
const owes = (n: number): { arrearsFen?: number; feeFen?: number } => ({
  ...(n % 3 === 0 ? { arrearsFen: 150 + 50 * (n % 9) } : {}),
  ...(n % 4 === 0 ? { feeFen: 100 } : {}),
});

export interface MoneySoakRow extends Omit<AuditResult, 'findings'>, OrderFigures {
  readonly soak: 'money';
  readonly orders: number;
  /** Orders at an end that they should not be at, or at none. */
  readonly stuck: number;
  readonly lost: number;
  readonly doubled: number;
  /** Households that cannot buy although all is at rest. */
  readonly waiting: number;
  /** Lies about cards that no case is about. */
  readonly uncaughtFalseClaims: number;
  readonly staffRefunds: number;
  readonly refusedRefunds: number;
  /** Orders that two wallets paid, and that three did. */
  readonly twoWallets: number;
  readonly threeWallets: number;
  /** Orders that waited for a person before staff did anything, and refunds that a channel would not make. */
  readonly attention: number;
  readonly abnormal: number;
  /** Of those orders the ones that went on by the word of two. */
  readonly decided: number;
  readonly cash: number;
  readonly kills: number;
  readonly perMinute: number;
  readonly seconds: number;
  readonly seed: number;
  readonly engine: string;
}

export interface MoneySoakInit {
  readonly orders: number;
  readonly minutes: number;
  readonly seed: number;
  readonly report: (line: string) => void;
}

/** Buys while everything about the money fails, then adds it up from wallets' bills, the grid's and the meters. */
export async function soakMoney(init: MoneySoakInit): Promise<MoneySoakRow> {
  const { report, seed } = init;
  const on = await openOrdersStack({ report, seed, env: environmentOf(SOAK_TIMES) });
  const redis = new Redis(on.stack.urls.redisUrl, { lazyConnect: true });
  try {
    const staff = await Staff.begin(on.stack);
    const terminals = await enrolTerminals(on, { count: TERMINALS, operator: staff.asks });
    try {
      return await soakAt({ on, redis, staff, terminals }, init);
    } finally {
      for (const terminal of terminals) terminal.close();
    }
  } finally {
    redis.disconnect();
    await on.close();
  }
}

async function soakAt(
  at: { on: OrdersStack; redis: Redis; staff: Staff; terminals: readonly GridTerminal[] },
  init: MoneySoakInit,
): Promise<MoneySoakRow> {
  const { on, redis, staff, terminals } = at;
  const { report, seed, orders } = init;
  const { stack, grid } = on;
  const days = new CampaignDays(on);
  const sandbox = new SandboxClient({ ...stack.urls, gridUrl: grid.url });
  for (const wallet of ['wechat', 'alipay', 'bestpay']) {
    await sandbox.walletFault({ wallet, timeScale: 20, lateMs: 500 });
  }
  const town = new Town(grid, perChip(orders), owes);
  const eligible = await openTill({ staff, town, terminals });
  const paying = new MoneyPaying({ stack, sandbox, clerk: staff.clerk });
  const giving = new GivingBack(staff);
  const ledger = new MoneyLedger({ sandbox, counters: paying.counters, given: giving.given });
  town.onMade = (order, mishaps) => {
    ledger.made(order.orderNo, mishaps, eligible.has(order.meterNo) ? offered(mishaps.faceFen) : 0);
    const shares = mishaps.money?.giveBack ?? [];
    if (shares.length > 0) giving.plan(order, shares);
  };
  const flush = async (): Promise<void> => void (await redis.flushall());
  const campaign = new Campaign({
    ...{ ...init, on, sandbox, terminals, town, paying },
    draw: new MoneyDraw({ random: seededRandom(seed), times: SOAK_TIMES, orders }),
    killer: new Killer({ stack, orders, random: seededRandom(seed + 1), flush }),
  });
  const from = performance.now();
  const office = giving.run((error) => town.note(`staff: ${String(error).slice(0, 120)}`));
  await campaign.run();
  const perMinute = Math.round((60_000 * town.orders.size) / (performance.now() - from));
  giving.end();
  await office;
  report(`Visits that ended early: ${town.noted()}`);
  const decided = new Set<string>();
  const attention = new Set<string>();
  let abnormal = 0;
  const rest = new GridRest({
    ...{ on, sandbox, town, terminals, report, visits: campaign.visits },
    money: () => ledger.byOrder(),
    async tidy(waiting) {
      abnormal += await staff.retryAbnormal();
      for (const orderNo of waiting) attention.add(orderNo);
      for (const orderNo of waiting) if (await staff.decide(orderNo)) decided.add(orderNo);
    },
  });
  const audit = new MoneyAudit({ on, sandbox, town, staff, ledger, days, rest, report, seed });
  const askAll = orders <= ASK_ALL;
  const before = await rest.come({ askAll });
  const { findings, ...result } = await audit.run(before.untold);
  const verdict = await rest.come({ askAll });
  for (const finding of [...verdict.findings, ...findings].slice(0, 80)) report(finding);
  for (const orderNo of verdict.uncaught) report(`no case of the false claim about ${orderNo}`);
  return {
    soak: 'money',
    orders: town.orders.size,
    lost: verdict.lost,
    doubled: verdict.doubled,
    stuck: verdict.unknown,
    ...result,
    ...(await audit.equation()),
    waiting: verdict.waiting,
    uncaughtFalseClaims: verdict.uncaught.size,
    staffRefunds: giving.given.size,
    refusedRefunds: giving.refused,
    ...payersOf(await sandbox.paymentSums()),
    ...(await figuresOf(stack.urls.mongodbUri)),
    attention: attention.size,
    abnormal,
    decided: decided.size,
    cash: paying.counters.size,
    kills: campaign.kills,
    perMinute,
    seconds: Math.round((performance.now() - from) / 1000),
    seed,
    engine: stack.database.engine,
  };
}

async function figuresOf(mongodbUri: string): Promise<OrderFigures> {
  const db = await connectDatabase(mongodbUri);
  try {
    return await orderFiguresOf(db);
  } finally {
    await db.close();
  }
}

/** Whether everything came out even. */
export function isEven(row: MoneySoakRow): boolean {
  const { lost, doubled, stuck, equationFen, missedDifferences, falseDifferences, accountsOff } = row;
  const { leftDifferences, waiting, uncaughtFalseClaims, undecided } = row;
  return [
    lost,
    doubled,
    stuck,
    equationFen,
    missedDifferences,
    falseDifferences,
    accountsOff,
    leftDifferences,
  ]
    .concat(waiting, uncaughtFalseClaims, undecided)
    .concat(Math.max(0, row.maxEventsPerOrder - MOST_EVENTS))
    .every((count) => count === 0);
}
