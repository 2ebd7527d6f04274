import { seededRandom } from '@bianmin/card/testing/random';
import { Redis } from 'ioredis';
import { connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { openOrdersStack } from '../bench/orders-stack.ts';
import { enrolTerminals, type Campaign } from './campaign.ts';
import { ClockJumps } from './clock-jumps.ts';
import type { Conversions } from './conversions.ts';
import type { Departures } from './departures.ts';
import type { DryEvenings } from './dry-evenings.ts';
import { awayMs, type GridOutage } from './grid-outage.ts';
import { GridRest, type Verdict } from './grid-rest.ts';
import { environmentOf } from './grid-times.ts';
import { MoneyAudit } from './money-audit.ts';
import { oddStories } from './order-stories.ts';
import { orderFiguresOf, payersOf, type OrderFigures } from './money-figures.ts';
import { officeHour } from './money-office.ts';
import type { MoneySoakRow } from './money-row.ts';
import { waitingRows, type WaitingRow } from './money-waiting.ts';
import {
  moneyCampaign,
  openMoneyWorld,
  TIMES,
  type MoneyParts,
  type MoneySoakInit,
  type MoneyWorld,
} from './money-world.ts';
import { Staff } from './staff.ts';

/** Faulted orders wait for timeouts; so many visits side by side that the others never do. */
const TERMINALS = 48;
/** Orders up to which each is asked about once more at the very end, whatever was heard of it before. */
const ASK_ALL = 5_000;
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

async function soakAt(parts: MoneyParts, init: MoneySoakInit): Promise<MoneySoakRow> {
  const { on, clocks, staff, terminals } = parts;
  const { report, seed, orders } = init;
  const { stack, grid } = on;
  const world = await openMoneyWorld(parts, init);
  const { sandbox, town, paying, giving, desk, ledger, days, note, flush } = world;
  const { campaign, outage, evenings, conversions, departures } = moneyCampaign(world, parts, init);
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
  // Nothing is repaired before it is counted what waits for a person, beside what is true.
  const unaided = await rest.come({ askAll });
  for (const finding of unaided.findings.slice(0, 40)) report(`unaided: ${finding}`);
  const faceFen = (orderNo: string): number => ledger.factsOf(orderNo)?.faceFen ?? 0;
  const misdiagnosed = await rest.misdiagnosed(unaided.waits);
  const waits = await waitingRows(unaided.waits, { grid, sandbox, town, staff, faceFen });
  const abnormal = (await staff.openRefunds('abnormal')).length;
  await officeHour({ stack, sandbox, giving, flush, note });
  const comes = { askAll, staff: (waiting: readonly string[]) => desk.round(waiting) };
  const before = await rest.come(comes);
  const audit = new MoneyAudit({ on, sandbox, town, staff, ledger, days, rest, report, seed });
  const { findings, ...result } = await audit.run(before.untold);
  const verdict = await rest.come(comes);
  misdiagnosed.push(...(await rest.misdiagnosed()));
  for (const sentence of misdiagnosed.slice(0, 50)) report(sentence);
  for (const finding of [...verdict.findings, ...findings].slice(0, 80)) report(finding);
  for (const orderNo of verdict.uncaught) report(`no case of the false claim about ${orderNo}`);
  const verdicts = [unaided, verdict];
  const told = {
    verdicts,
    misdiagnosed: misdiagnosed.length,
    result,
    audit,
    campaign,
    outage,
    evenings,
    conversions,
    departures,
    waits,
    abnormal,
    perMinute,
    from,
    orders,
    seed,
    report,
  };
  return rowOf(world, parts, told);
}

/** What a campaign came to, once all of it is told. */
async function rowOf(
  { sandbox, town, paying, giving, desk, ledger }: MoneyWorld,
  { on, clocks }: MoneyParts,
  told: {
    readonly verdicts: readonly Verdict[];
    readonly misdiagnosed: number;
    readonly result: Omit<Awaited<ReturnType<MoneyAudit['run']>>, 'findings'>;
    readonly audit: MoneyAudit;
    readonly campaign: Campaign;
    readonly outage: GridOutage;
    readonly evenings: DryEvenings;
    readonly conversions: Conversions;
    readonly departures: Departures;
    readonly waits: readonly WaitingRow[];
    readonly abnormal: number;
    readonly perMinute: number;
    /** When it began, by `performance.now()`. */
    readonly from: number;
    readonly orders: number;
    readonly seed: number;
    readonly report: (line: string) => void;
  },
): Promise<MoneySoakRow> {
  const { result, audit, campaign, outage, evenings, conversions, waits, abnormal, perMinute, from, seed } =
    told;
  const { stack, grid } = on;
  const soldAgain = [...grid.saleRequests].flatMap(([orderNo, times]) => (times > 1 ? [orderNo] : []));
  return {
    soak: 'money',
    orders: town.orders.size,
    ...worstOf(told.verdicts),
    misdiagnosed: told.misdiagnosed,
    soldAgain: soldAgain.length,
    ...result,
    ...(await audit.equation()),
    staffRefunds: giving.given.size,
    refusedRefunds: giving.refused,
    ...payersOf(await sandbox.paymentSums(), await ledger.cash()),
    paidLate: paying.paidLate.size,
    meterRefused: town.meterRefused,
    exchanged: town.exchanges.taken.size,
    onCardsFen: town.onCardsFen,
    ...(await figuresOf(stack.urls.mongodbUri, { report: told.report, soldAgain })),
    ...countsOf(waits),
    abnormal,
    decided: desk.decided.size,
    elsewhere: desk.elsewhere.size,
    cash: paying.counters.size,
    kills: campaign.kills,
    clockJumps: clocks.jumps,
    awaySeconds: Math.round(awayMs(told.orders) / 1000),
    awayOrders: outage.orders.size,
    awayWaiting: waits.filter(({ orderNo, needed }) => outage.orders.has(orderNo) && !needed).length,
    dryEvenings: evenings.dry,
    converted: conversions.converted,
    transferred: told.departures.transferred,
    closed: told.departures.closed,
    perMinute,
    seconds: Math.round((performance.now() - from) / 1000),
    seed,
    engine: stack.database.engine,
    waits,
  };
}

/** What was wrong before staff did anything, or at the very end. */
function worstOf(
  verdicts: readonly Verdict[],
): Pick<MoneySoakRow, 'lost' | 'doubled' | 'wrongMeter' | 'stuck' | 'waiting' | 'uncaughtFalseClaims'> {
  const most = (of: (verdict: Verdict) => number): number => Math.max(...verdicts.map(of));
  return {
    lost: most(({ lost }) => lost),
    doubled: most(({ doubled }) => doubled),
    wrongMeter: most(({ wrongMeter }) => wrongMeter),
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

async function figuresOf(
  mongodbUri: string,
  told: { readonly report: (line: string) => void; readonly soldAgain: readonly string[] },
): Promise<OrderFigures> {
  const db = await connectDatabase(mongodbUri);
  try {
    for (const story of await oddStories(db, told.soldAgain)) told.report(story);
    return await orderFiguresOf(db);
  } finally {
    await db.close();
  }
}
