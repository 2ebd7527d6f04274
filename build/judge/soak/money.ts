import { CHANNELS } from '@bianmin/shared/api/channels';
import { seededRandom } from '@bianmin/shared/testing/random';
import { Redis } from 'ioredis';
import { connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { openOrdersStack, type OrdersStack } from '../bench/orders-stack.ts';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import { Campaign, enrolTerminals } from './campaign.ts';
import { ClockJumps } from './clock-jumps.ts';
import { RefundCampaign } from './refund-campaign.ts';
import { Killer } from './grid-kills.ts';
import { awayMs, GridOutage } from './grid-outage.ts';
import { GridRest, type Verdict } from './grid-rest.ts';
import type { GridTerminal } from './grid-terminal.ts';
import { environmentOf, SOAK_TIMES } from './grid-times.ts';
import { Town } from './grid-town.ts';
import { MoneyAudit } from './money-audit.ts';
import { MoneyDraw } from './money-mishaps.ts';
import { orderFiguresOf, payersOf, type OrderFigures } from './money-figures.ts';
import { MoneyLedger } from './money-ledger.ts';
import { officeHour } from './money-office.ts';
import { MoneyPaying } from './money-paying.ts';
import { CampaignDays } from './money-reconcile.ts';
import type { MoneySoakRow } from './money-row.ts';
import { offered, openTill } from './money-rules.ts';
import { waitingRows, type WaitingRow } from './money-waiting.ts';
import { StaffDesk } from './staff-desk.ts';
import { Staff } from './staff.ts';

/** Faulted orders wait for timeouts; so many visits side by side that the others never do. */
const TERMINALS = 48;
/** Households of each chip: a phone may buy five times a day, so that long soaks need more of them. */
const perChip = (orders: number): number => Math.max(24, Math.ceil(orders / 150));
/** Orders up to which each is asked about once more at the very end, whatever was heard of it before. */
const ASK_ALL = 5_000;
/** The grid goes away when this share of the orders is begun. */
const AWAY_AT = 0.4;
/**
 * Waits grow to a part of the grid's hour as they do in a real one: with shorter ones an order would be tried, and its tries
 * written down, more often in it than it ever is. Codes outlive a killed web process that is slow to come back.
 */
const TIMES = { ...SOAK_TIMES, askMaxMs: 5_000, paymentTtlMs: 25_000 };

/** Every third household owes something, every fourth is charged for each purchase; the least purchase covers both, fen. */
const owes = (n: number): { arrearsFen?: number; feeFen?: number } => ({
  ...(n % 3 === 0 ? { arrearsFen: 150 + 50 * (n % 9) } : {}),
  ...(n % 4 === 0 ? { feeFen: 100 } : {}),
});

export interface MoneySoakInit {
  readonly orders: number;
  readonly minutes: number;
  readonly seed: number;
  readonly report: (line: string) => void;
}

/** Buys while everything about the money fails, then adds it up from wallets' bills, the grid's and the meters. */
export async function soakMoney(init: MoneySoakInit): Promise<MoneySoakRow> {
  const { report, seed, orders } = init;
  const on = await openOrdersStack({ report, seed, env: environmentOf(TIMES) });
  const redis = new Redis(on.stack.urls.redisUrl, { lazyConnect: true });
  try {
    const random = seededRandom(seed + 3);
    const clocks = await ClockJumps.open({ stack: on.stack, times: TIMES, orders, random, report });
    const staff = await Staff.begin(on.stack);
    const terminals = await enrolTerminals(on, { count: TERMINALS, operator: staff.asks });
    try {
      return await soakAt({ on, redis, clocks, staff, terminals }, init);
    } finally {
      for (const terminal of terminals) terminal.close();
    }
  } finally {
    redis.disconnect();
    await on.close();
  }
}

interface Parts {
  readonly on: OrdersStack;
  readonly redis: Redis;
  readonly clocks: ClockJumps;
  readonly staff: Staff;
  readonly terminals: readonly GridTerminal[];
}

async function soakAt(parts: Parts, init: MoneySoakInit): Promise<MoneySoakRow> {
  const { on, redis, clocks, staff, terminals } = parts;
  const { report, seed, orders } = init;
  const { stack, grid } = on;
  const days = new CampaignDays(on);
  const sandbox = new SandboxClient({ ...stack.urls, gridUrl: grid.url });
  for (const wallet of CHANNELS) {
    await sandbox.walletFault({ wallet, timeScale: 20, lateMs: 500 });
  }
  const town = new Town(grid, perChip(orders), owes);
  const note = (error: unknown): void => town.note(String(error).slice(0, 140));
  const eligible = await openTill({ staff, town, terminals });
  const paying = new MoneyPaying({ stack, sandbox, clerk: staff.clerk, note });
  const giving = new RefundCampaign(staff);
  const desk = new StaffDesk(staff);
  const books = { given: giving.given, elsewhere: desk.elsewhere };
  const ledger = new MoneyLedger({ sandbox, counters: paying.counters, ...books });
  town.onMade = (order, mishaps) => {
    ledger.made(order.orderNo, mishaps, eligible.has(order.meterNo) ? offered(mishaps.faceFen) : 0);
    const shares = mishaps.money?.giveBack ?? [];
    if (shares.length > 0) giving.plan(order, shares);
  };
  const flush = async (): Promise<void> => void (await redis.flushall());
  const killer = new Killer({ stack, orders, random: seededRandom(seed + 1), flush });
  const outage = new GridOutage({
    ...{ grid, at: Math.ceil(AWAY_AT * orders), ms: awayMs(orders), random: seededRandom(seed + 4), report },
  });
  const campaign = new Campaign({
    ...{ ...init, on, sandbox, terminals, town, paying, holding: outage },
    draw: new MoneyDraw({ random: seededRandom(seed), times: TIMES, orders }),
    killer: together([killer, outage, clocks], () => killer.kills),
  });
  const from = performance.now();
  await campaign.run();
  const perMinute = Math.round((60_000 * town.orders.size) / (performance.now() - from));
  await paying.done();
  report(`Visits that ended early: ${town.noted()}`);
  const rest = new GridRest({
    ...{ on, sandbox, town, terminals, report, visits: campaign.visits, alsoMs: clocks.restMs },
    money: () => ledger.byOrder(),
    refunds: () => desk.refunds(),
  });
  const askAll = orders <= ASK_ALL;
  // Nobody repairs anything before it is counted what waits for a person, beside what is true.
  const unaided = await rest.come({ askAll });
  for (const finding of unaided.findings.slice(0, 40)) report(`unaided: ${finding}`);
  const faceFen = (orderNo: string): number => ledger.factsOf(orderNo)?.faceFen ?? 0;
  const waits = await waitingRows(unaided.waits, { grid, sandbox, town, staff, faceFen });
  const abnormal = (await staff.openRefunds('abnormal')).length;
  await officeHour({ stack, sandbox, giving, flush, note });
  const comes = { askAll, staff: (waiting: readonly string[]) => desk.round(waiting) };
  const before = await rest.come(comes);
  const audit = new MoneyAudit({ on, sandbox, town, staff, ledger, days, rest, report, seed });
  const { findings, ...result } = await audit.run(before.untold);
  const verdict = await rest.come(comes);
  for (const finding of [...verdict.findings, ...findings].slice(0, 80)) report(finding);
  for (const orderNo of verdict.uncaught) report(`no case of the false claim about ${orderNo}`);
  return {
    soak: 'money',
    orders: town.orders.size,
    ...worstOf([unaided, verdict]),
    soldAgain: [...grid.saleRequests.values()].filter((times) => times > 1).length,
    ...result,
    ...(await audit.equation()),
    staffRefunds: giving.given.size,
    refusedRefunds: giving.refused,
    ...payersOf(await sandbox.paymentSums(), await ledger.cash()),
    paidLate: paying.paidLate.size,
    ...(await figuresOf(stack.urls.mongodbUri)),
    ...countsOf(waits),
    abnormal,
    decided: desk.decided.size,
    elsewhere: desk.elsewhere.size,
    cash: paying.counters.size,
    kills: campaign.kills,
    clockJumps: clocks.jumps,
    awaySeconds: Math.round(awayMs(orders) / 1000),
    awayOrders: outage.orders.size,
    awayWaiting: waits.filter(({ orderNo, needed }) => outage.orders.has(orderNo) && !needed).length,
    perMinute,
    seconds: Math.round((performance.now() - from) / 1000),
    seed,
    engine: stack.database.engine,
    waits,
  };
}

interface Trouble {
  reached(order: number): void;
  done(): Promise<void>;
}

/** Several troubles as the campaign knows one. */
function together(troubles: readonly Trouble[], kills: () => number): Trouble & { readonly kills: number } {
  return {
    get kills() {
      return kills();
    },
    reached: (order) => troubles.forEach((trouble) => trouble.reached(order)),
    done: async () => void (await Promise.all(troubles.map((trouble) => trouble.done()))),
  };
}

/** What was wrong before staff did anything, or at the very end. */
function worstOf(
  verdicts: readonly Verdict[],
): Pick<MoneySoakRow, 'lost' | 'doubled' | 'stuck' | 'waiting' | 'uncaughtFalseClaims'> {
  const most = (of: (verdict: Verdict) => number): number => Math.max(...verdicts.map(of));
  return {
    lost: most(({ lost }) => lost),
    doubled: most(({ doubled }) => doubled),
    stuck: most(({ unknown }) => unknown),
    waiting: most(({ waiting }) => waiting),
    uncaughtFalseClaims: most(({ uncaught }) => uncaught.size),
  };
}

function countsOf(waits: readonly WaitingRow[]): Pick<MoneySoakRow, 'attention' | 'undecided'> {
  return {
    attention: waits.filter(({ state }) => state === 'attention').length,
    undecided: waits.filter(({ needed }) => !needed).length,
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
