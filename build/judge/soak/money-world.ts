import { seededRandom } from '@bianmin/card/testing/random';
import { CHANNELS } from '@bianmin/purchase/api/channels';
import type { Redis } from 'ioredis';
import type { HouseholdDifference } from '../../../server/sandbox/grid/world/more-households.ts';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import type { OrdersStack } from '../bench/orders-stack.ts';
import { Campaign } from './campaign.ts';
import type { ClockJumps } from './clock-jumps.ts';
import { Conversions } from './conversions.ts';
import { Departures } from './departures.ts';
import { DryEvenings } from './dry-evenings.ts';
import { Killer } from './grid-kills.ts';
import { awayMs, GridOutage } from './grid-outage.ts';
import type { GridTerminal } from './grid-terminal.ts';
import { SOAK_TIMES } from './grid-times.ts';
import { Town } from './grid-town.ts';
import { MoneyLedger } from './money-ledger.ts';
import { MoneyDraw } from './money-mishaps.ts';
import { MoneyPaying } from './money-paying.ts';
import { CampaignDays } from './money-reconcile.ts';
import { offered, openTill } from './money-rules.ts';
import { RefundCampaign } from './refund-campaign.ts';
import { StaffDesk } from './staff-desk.ts';
import type { Staff } from './staff.ts';
import { TakingOff } from './taking-off.ts';

/** Households of each chip: a phone may buy five times a day, so that long soaks need more of them. */
const perChip = (orders: number): number => Math.max(24, Math.ceil(orders / 150));
/** The grid goes away when this share of the orders is begun. */
const AWAY_AT = 0.4;
/** Our deposit runs dry when these shares of the orders are begun, this long. */
const DRY_AT = [0.2, 0.7];
const DRY_MS = 6_000;
/**
 * Waits grow to a part of the grid's hour as they do in a real one: with shorter ones an order would be tried, and its tries
 * written down, more often in it than it ever is. Codes outlive a killed web process that is slow to come back.
 */
export const TIMES = { ...SOAK_TIMES, askMaxMs: 5_000, paymentTtlMs: 25_000 };

/**
 * Every third household owes something, every fourth is charged for each purchase; the least purchase covers both, fen. Every fifth
 * has a meter that takes no more than 150 yuan, every other of them of a maker that writes back when it refuses.
 */
const differing = (n: number): HouseholdDifference => ({
  ...(n % 3 === 0 ? { arrearsFen: 150 + 50 * (n % 9) } : {}),
  ...(n % 4 === 0 ? { feeFen: 100 } : {}),
  ...(n % 5 === 0 ? { hoardLimitFen: 15_000 } : {}),
  ...(n % 10 === 0 ? { whenFull: 'writes-back' } : {}),
});

export interface MoneySoakInit {
  readonly orders: number;
  readonly minutes: number;
  readonly seed: number;
  readonly report: (line: string) => void;
}

/** What runs before a campaign does. */
export interface MoneyParts {
  readonly on: OrdersStack;
  readonly redis: Redis;
  readonly clocks: ClockJumps;
  readonly staff: Staff;
  readonly terminals: readonly GridTerminal[];
}

/** All that a campaign buys in, pays at and is counted by. */
export type MoneyWorld = Awaited<ReturnType<typeof openMoneyWorld>>;

/** A town whose households owe, a till, wallets that are late, staff and books of what is given back. */
export async function openMoneyWorld({ on, redis, staff, terminals }: MoneyParts, { orders }: MoneySoakInit) {
  const { stack, grid } = on;
  const days = new CampaignDays(on);
  const sandbox = new SandboxClient({ ...stack.urls, gridUrl: grid.url });
  for (const wallet of CHANNELS) {
    await sandbox.walletFault({ wallet, timeScale: 20, lateMs: 500 });
  }
  const town = new Town(grid, perChip(orders), differing);
  const note = (error: unknown): void => town.note(String(error).slice(0, 140));
  const eligible = await openTill({ staff, town, terminals });
  const paying = new MoneyPaying({ stack, sandbox, clerk: staff.clerk, note });
  const giving = new RefundCampaign(staff);
  const desk = new StaffDesk(staff);
  const books = { given: giving.given, elsewhere: desk.elsewhere };
  const ledger = new MoneyLedger({ sandbox, counters: paying.counters, ...books });
  town.onMade = (order, mishaps) => {
    ledger.made(order.orderNo, mishaps, eligible.has(order.customerNo) ? offered(mishaps.faceFen) : 0);
    const shares = mishaps.money?.giveBack ?? [];
    if (shares.length > 0) giving.plan(order, shares);
  };
  const flush = async (): Promise<void> => void (await redis.flushall());
  const takingOff = new TakingOff({ staff, town });
  return { takingOff, sandbox, town, paying, giving, desk, ledger, days, note, flush };
}

/** Purchases in this world while its processes are killed, its clocks jump and its grid goes away. */
export function moneyCampaign(
  { sandbox, town, paying, flush, takingOff }: MoneyWorld,
  { on, clocks, terminals }: MoneyParts,
  init: MoneySoakInit,
): {
  readonly campaign: Campaign;
  readonly outage: GridOutage;
  readonly evenings: DryEvenings;
  readonly conversions: Conversions;
  readonly departures: Departures;
} {
  const { report, seed, orders } = init;
  const { stack, grid } = on;
  const killer = new Killer({ stack, orders, random: seededRandom(seed + 1), flush });
  const outage = new GridOutage({
    ...{ grid, at: Math.ceil(AWAY_AT * orders), ms: awayMs(orders), random: seededRandom(seed + 4), report },
  });
  const evenings = new DryEvenings({
    ...{
      deposit: grid.world.deposit,
      at: DRY_AT.map((share) => Math.ceil(share * orders)),
      dryMs: DRY_MS,
      report,
    },
  });
  const conversions = new Conversions({ world: grid.world, town });
  const departures = new Departures({ world: grid.world, town });
  const campaign = new Campaign({
    ...{ ...init, on, sandbox, terminals, town, paying, holding: outage },
    takesOff: (resident, terminal) => takingOff.take(resident, terminal),
    draw: new MoneyDraw({ random: seededRandom(seed), times: TIMES, orders }),
    killer: together([killer, outage, evenings, conversions, departures, clocks], () => killer.kills),
  });
  return { campaign, outage, evenings, conversions, departures };
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
