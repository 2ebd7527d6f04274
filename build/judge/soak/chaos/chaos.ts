import { seededRandom } from '@bianmin/card/testing/random';
import { untilLetThrough } from '../../../run/dev/edge.ts';
import { Operator } from '../../../run/dev/operator.ts';
import { SandboxClient } from '../../../kit/sandbox-client.ts';
import { Campaign, enrolTerminals } from '../campaign.ts';
import { MishapDraw, type Mishaps } from '../grid-mishaps.ts';
import { SOAK_TIMES } from '../grid-times.ts';
import { Town } from '../grid-town.ts';
import { Visits } from '../grid-visit.ts';
import { lastWord } from '../last-word.ts';
import { PayingByCode } from '../paying.ts';
import { FirstCustomers } from './first-customers.ts';
import { putOffMs, seen } from './happenings.ts';
import { Province } from './province.ts';
import type { ChaosSoakRow } from './row.ts';
import { StaffAsking } from './staff-asking.ts';
import { TroubleMaker } from './trouble-maker.ts';
import { TroubleDeck, type Trouble } from './troubles.ts';
import { Watching } from './watching.ts';

const TERMINALS = 24;
/** Further ones, for those who come after a freeze. */
const FIRST_TERMINALS = 4;
/** Households of each chip: a phone may buy five times a day. */
const perChip = (minutes: number): number => Math.max(20, Math.ceil(minutes * 2));

/** In a minute's run, no longer than a pause and a half; the whole range from twelve minutes on. */
const frozenMs = (minutes: number): number => Math.min(120_000, minutes * 10_000);

/** So that what a clock ahead put off does not outlast the evening. */
const aheadMs = (minutes: number): number => Math.min(600_000, minutes * 20_000);

export interface ChaosSoakInit {
  readonly minutes: number;
  /** Web and worker processes, each. */
  readonly nodes: 1 | 2;
  readonly seed: number;
  /** Troubles whose name has this in it alone: `database freeze`. */
  readonly only?: string;
  /** Sentinels watch the Redis of queues, whose primary freezes, too. */
  readonly sentinels: boolean;
  readonly report: (line: string) => void;
}

/** Of those who come after a freeze. */
const NO_MISHAPS: Mishaps = {
  ...{ faceFen: 1_000, paying: 'once', writing: 'honest', cutAfter: 0, toMeter: true, mixedUp: false },
  ...{ rival: undefined, exchange: undefined, afar: undefined, grid: [], wallet: undefined },
};

/**
 * A province's evening in small: a town buys, with everything that goes wrong with one purchase, while the parts die and
 * stand still, lines are cut and slow, Redis and the database's disk are full and clocks jump. Then all is mended, and wallets, the grid's book and
 * the meters are compared.
 */
export async function soakChaos(init: ChaosSoakInit): Promise<ChaosSoakRow> {
  const { seed, report, minutes, nodes, only, sentinels } = init;
  const spans = { aheadMs: aheadMs(minutes), frozenMs: frozenMs(minutes) };
  const province = await Province.open({ seed, nodes, sentinels, ...spans, ...(only && { only }), report });
  try {
    const { on } = province;
    await untilLetThrough(on.stack.urls.webUrl);
    const operator = await Operator.login(on.stack);
    const watching = new Watching();
    const all = await enrolTerminals(on, {
      count: TERMINALS + FIRST_TERMINALS,
      operator,
      line: (line) => watching.line(line),
    });
    const terminals = all.slice(FIRST_TERMINALS);
    try {
      const sandbox = new SandboxClient({ ...on.stack.urls, gridUrl: on.grid.url });
      await sandbox.walletFault({ timeScale: 20, lateMs: 500 });
      const town = new Town(on.grid, perChip(minutes));
      watching.follow(town);
      const [paying, phones] = [new PayingByCode(sandbox), watching.phones()];
      const { webUrl } = on.stack.urls;
      const calm = { town, sandbox, paying, phones, webUrl, grid: on.grid, nextMishaps: () => NO_MISHAPS };
      const first = { visits: new Visits(calm), town, terminals: all.slice(0, FIRST_TERMINALS) };
      const draw = new MishapDraw(seededRandom(seed), SOAK_TIMES);
      const maker = new TroubleMaker({
        deck: new TroubleDeck(seededRandom(seed + 1), province.world),
        forMs: minutes * 60_000,
        orders: () => town.orders.size,
        customers: new FirstCustomers(first),
        ...{ province, selling: watching.selling, report },
      });
      const from = performance.now();
      const campaign = new Campaign({
        ...{ on, minutes, sandbox, terminals, town, draw, phones, paying, report },
        // As many as the evening has room for.
        orders: Number.MAX_SAFE_INTEGER,
        killer: maker,
      });
      const staff = await StaffAsking.begin(on.stack, watching.times);
      await campaign.run().finally(() => staff.end());
      report(`Staff were refused: ${staff.refused()}`);
      const bought = performance.now() - from;
      const { visits } = campaign;
      for (const line of seen(maker.happened)) report(line);
      const { happened } = maker;
      const measured = watching.figures({ happened, inFront: maker.inFront(), report });
      const alsoMs = putOffMs(maker.happened, bought);
      const verdict = await lastWord({ on, sandbox, town, visits, terminals, alsoMs, report });
      const of = (what: Trouble['what']): number =>
        maker.happened.filter(({ trouble }) => trouble.what === what).length;
      const fullDisks = maker.happened.filter(
        ({ trouble: { what, whom } }) => what === 'full' && whom === 'database',
      ).length;
      return {
        soak: 'chaos',
        ...{ minutes, nodes, orders: town.orders.size, lost: verdict.lost, doubled: verdict.doubled },
        ...{ wrongMeter: verdict.wrongMeter, stuck: verdict.unknown + verdict.waiting },
        uncaughtFalseClaims: verdict.uncaught.size,
        ...{ kills: maker.kills, pauses: of('pause'), cuts: of('cut'), spoiltLines: of('spoil') },
        ...{ freezes: of('freeze'), ...measured },
        ...{ restarts: of('restart'), clockJumps: of('clock') },
        ...{ fullStores: of('full') - fullDisks, fullDisks },
        perMinute: Math.round((60_000 * town.orders.size) / bought),
        seconds: Math.round((performance.now() - from) / 1000),
        seed,
        engine: on.stack.database.engine,
      };
    } finally {
      watching.close();
      for (const terminal of all) terminal.close();
    }
  } finally {
    await province.close();
  }
}
