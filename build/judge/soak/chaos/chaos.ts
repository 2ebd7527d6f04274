import { seededRandom } from '@bianmin/card/testing/random';
import { untilLetThrough } from '../../../run/dev/edge.ts';
import { Operator } from '../../../run/dev/operator.ts';
import { SandboxClient } from '../../../kit/sandbox-client.ts';
import { Campaign, enrolTerminals } from '../campaign.ts';
import { MishapDraw } from '../grid-mishaps.ts';
import { putOffFoundMs, SOAK_TIMES } from '../grid-times.ts';
import { Town } from '../grid-town.ts';
import { lastWord } from '../last-word.ts';
import { PayingByCode } from '../paying.ts';
import { Province } from './province.ts';
import { TroubleMaker, type Happening } from './trouble-maker.ts';
import { TroubleDeck, type Trouble } from './troubles.ts';

const TERMINALS = 24;
/** Households of each chip: a phone may buy five times a day. */
const perChip = (minutes: number): number => Math.max(20, Math.ceil(minutes * 2));

/** So that what a clock ahead put off does not outlast the evening. */
const aheadMs = (minutes: number): number => Math.min(600_000, minutes * 20_000);

export interface ChaosSoakRow {
  readonly soak: 'chaos';
  readonly minutes: number;
  readonly nodes: 1 | 2;
  readonly orders: number;
  /** Households that paid and were neither credited nor paid back. */
  readonly lost: number;
  readonly doubled: number;
  /** Orders for another meter than the one that was confirmed. */
  readonly wrongMeter: number;
  /** Orders that did not come to an end, and households that cannot buy although all is well again. */
  readonly stuck: number;
  readonly uncaughtFalseClaims: number;
  readonly kills: number;
  readonly restarts: number;
  readonly pauses: number;
  readonly cuts: number;
  readonly spoiltLines: number;
  readonly fullStores: number;
  readonly fullDisks: number;
  readonly clockJumps: number;
  /** Orders a minute while something was wrong. */
  readonly perMinute: number;
  readonly seconds: number;
  readonly seed: number;
  readonly engine: string;
}

export interface ChaosSoakInit {
  readonly minutes: number;
  /** Web and worker processes, each. */
  readonly nodes: 1 | 2;
  readonly seed: number;
  readonly report: (line: string) => void;
}

/** Whether nothing of it makes the command fail. */
export function isCalm(row: ChaosSoakRow): boolean {
  return row.lost + row.doubled + row.wrongMeter + row.stuck + row.uncaughtFalseClaims === 0;
}

/**
 * A province's evening in small: a town buys, with everything that goes wrong with one purchase, while the parts die and
 * stand still, lines are cut and slow, Redis and the database's disk are full and clocks jump. Then all is mended, and wallets, the grid's book and
 * the meters are compared.
 */
export async function soakChaos(init: ChaosSoakInit): Promise<ChaosSoakRow> {
  const { seed, report, minutes, nodes } = init;
  const province = await Province.open({ seed, nodes, aheadMs: aheadMs(minutes), report });
  try {
    const { on } = province;
    await untilLetThrough(on.stack.urls.webUrl);
    const operator = await Operator.login(on.stack);
    const terminals = await enrolTerminals(on, { count: TERMINALS, operator });
    try {
      const sandbox = new SandboxClient({ ...on.stack.urls, gridUrl: on.grid.url });
      await sandbox.walletFault({ timeScale: 20, lateMs: 500 });
      const town = new Town(on.grid, perChip(minutes));
      const draw = new MishapDraw(seededRandom(seed), SOAK_TIMES);
      const maker = new TroubleMaker({
        deck: new TroubleDeck(seededRandom(seed + 1), province.world),
        forMs: minutes * 60_000,
        orders: () => town.orders.size,
        ...{ province, report },
      });
      const from = performance.now();
      const campaign = new Campaign({
        ...{ on, minutes, sandbox, terminals, town, draw, report },
        // As many as the evening has room for.
        orders: Number.MAX_SAFE_INTEGER,
        killer: maker,
        paying: new PayingByCode(sandbox),
      });
      await campaign.run();
      const bought = performance.now() - from;
      const { visits } = campaign;
      for (const line of seen(maker.happened)) report(line);
      const alsoMs = putOffMs(maker.happened, bought);
      const verdict = await lastWord({ on, sandbox, town, visits, terminals, alsoMs, report });
      const times = (what: Trouble['what']): number =>
        maker.happened.filter(({ trouble }) => trouble.what === what).length;
      const fullDisks = maker.happened.filter(
        ({ trouble: { what, whom } }) => what === 'full' && whom === 'database',
      ).length;
      return {
        soak: 'chaos',
        ...{ minutes, nodes, orders: town.orders.size, lost: verdict.lost, doubled: verdict.doubled },
        ...{ wrongMeter: verdict.wrongMeter, stuck: verdict.unknown + verdict.waiting },
        uncaughtFalseClaims: verdict.uncaught.size,
        ...{ kills: maker.kills, pauses: times('pause'), cuts: times('cut'), spoiltLines: times('spoil') },
        ...{ restarts: times('restart'), clockJumps: times('clock') },
        ...{ fullStores: times('full') - fullDisks, fullDisks },
        perMinute: Math.round((60_000 * town.orders.size) / bought),
        seconds: Math.round((performance.now() - from) / 1000),
        seed,
        engine: on.stack.database.engine,
      };
    } finally {
      for (const terminal of terminals) terminal.close();
    }
  } finally {
    await province.close();
  }
}

/** How far in the future, at so many ms of the evening, something may still wait for a clock that was ahead. */
export function putOffMs(happened: readonly Happening[], nowMs: number): number {
  const until = happened.map(({ trouble, atMs, tookMs }) =>
    trouble.what === 'clock' ? atMs + tookMs + trouble.byMs : 0,
  );
  return Math.min(putOffFoundMs(SOAK_TIMES), Math.max(0, ...until.map((ms) => ms - nowMs)));
}

/** How the evening went, by what went wrong at what: how often, how long until it was well, and what was bought meanwhile. */
export function seen(happened: readonly Happening[]): string[] {
  const kinds = new Map<string, Happening[]>();
  for (const each of happened) {
    const kind = `${each.trouble.whom}, ${each.trouble.what}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), each]);
  }
  const sum = (of: readonly Happening[], what: (one: Happening) => number): number =>
    of.reduce((all, one) => all + what(one), 0);
  return [...kinds]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, all]) => {
      const seconds = (sum(all, ({ tookMs }) => tookMs) / all.length / 1000).toFixed(1);
      return `${kind}: ${all.length} times, ${seconds} s each, ${sum(all, ({ orders }) => orders)} orders meanwhile`;
    });
}
