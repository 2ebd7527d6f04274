import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@bianmin/card/node/free-port';
import { seededRandom } from '@bianmin/card/testing/random';
import { METER_CHIPS } from '@bianmin/card/testing/meter-files';
import { adminOrder } from '@bianmin/purchase/api/admin-orders';
import { moreHouseholds } from '../../../server/sandbox/grid/world/more-households.ts';
import { orderNoOf } from '../../../server/src/orders/model/order-no.ts';
import { launchChromium, OBJECTS_ONLY } from '../../../terminal-app/e2e/chromium.ts';
import { hostHeapMb, leakRatio, type KioskHeap } from '../bench/kiosk-figures.ts';
import { openOrdersStack, type OrdersStack } from '../bench/orders-stack.ts';
import { pageHeapMb } from '../bench/stb-page.ts';
import { Operator } from '../../run/dev/operator.ts';
import { heapOf, inspectable } from '../../kit/process/heap.ts';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import { ENDS, judge, type Judgement, type JudgedOrder } from './grid-judge.ts';
import { environmentOf, SOAK_TIMES } from './grid-times.ts';
import { KioskMishaps, type KioskMishap } from './kiosk-mishaps.ts';
import { KioskVisits, type Home } from './kiosk-visit.ts';

/** The share of the purchases, at the beginning, in which page and host die; over the others memory is compared. */
const RESTARTING = 0.1;
/** One of so many, at the very beginning, meets a host or a page that stands still. */
const A_FREEZE_IN = 20;
/** A campaign of so many purchases has the longest freezes; a shorter one has shorter ones. */
const WHOLE_CAMPAIGN = 600;
const LONGEST_FREEZE_MS = 120_000;
/** Memory is compared with what it was after so many of those. */
const SETTLED_AFTER = 20;
/** The page's and the host's objects may have become so much more. */
const MAX_HEAP_RATIO = 1.1;
/** A card waits for its turn, as at a counter: the drawer beside the screen stays small. */
const PER_CHIP = 2;
const REST_MS = 120_000;

export interface KioskSoakRow {
  readonly soak: 'kiosk';
  readonly purchases: number;
  /** Households that paid and were neither credited nor paid back. */
  readonly lost: number;
  /** Credited or paid back more than once. */
  readonly doubled: number;
  /** Orders that did not come to an end. */
  readonly unknown: number;
  /** The larger of the page's and the host's. */
  readonly heapRatio: number;
  readonly pageHeapRatio: number;
  readonly hostHeapRatio: number;
  /** The host's heap with the code that V8 made, which grows as more of it becomes hot. */
  readonly hostUsedRatio: number;
  readonly hostRssMb: number;
  /** Visits that ended before the card was written: finished when all came to rest. */
  readonly early: number;
  /** Purchases to which something happened, by what. */
  readonly mishaps: string;
  /** What screens did that they should not. */
  readonly faults: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly seed: number;
  readonly engine: string;
}

export interface KioskSoakInit {
  readonly purchases: number;
  readonly seed: number;
  readonly report: (line: string) => void;
}

/** Whether nothing of it makes the command fail. */
export function isSound(row: KioskSoakRow): boolean {
  const { lost, doubled, unknown, faults, heapRatio } = row;
  return lost + doubled + unknown + faults === 0 && heapRatio <= MAX_HEAP_RATIO;
}

/** One real kiosk, host and page, buys again and again while card, server, page and host fail; then meters are asked. */
export async function soakKiosk(init: KioskSoakInit): Promise<KioskSoakRow> {
  const { report, seed } = init;
  const port = await freePort();
  const browser = await launchChromium(OBJECTS_ONLY);
  try {
    const on = await openOrdersStack({
      ...{ report, seed, env: environmentOf(SOAK_TIMES) },
      kiosk: { NODE_OPTIONS: inspectable(port), LOG_LEVEL: 'warn' },
    });
    try {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      const { stack, grid } = on;
      const sandbox = new SandboxClient({ ...stack.urls, gridUrl: grid.url });
      const visits = await KioskVisits.open({ stack, grid, sandbox, context });
      return await new KioskSoak({ ...init, on, sandbox, visits, port }).run();
    } finally {
      await on.close();
    }
  } finally {
    await browser.close();
  }
}

interface KioskSoakParts extends KioskSoakInit {
  readonly on: OrdersStack;
  readonly sandbox: SandboxClient;
  readonly visits: KioskVisits;
  /** Of the host's inspector. */
  readonly port: number;
}

class KioskSoak {
  readonly #in: KioskSoakParts;
  readonly #homes: readonly Home[];
  #early = 0;
  readonly #happened = new Map<KioskMishap, number>();
  /** Orders that were at an end when they were asked about. */
  readonly #ended = new Map<string, Pick<JudgedOrder, 'state' | 'meterNo'>>();

  constructor(init: KioskSoakParts) {
    this.#in = init;
    const { world } = init.on.grid;
    this.#homes = METER_CHIPS.flatMap((chip) => moreHouseholds(world, { count: PER_CHIP, chip }));
  }

  async run(): Promise<KioskSoakRow> {
    const { purchases, seed, sandbox, on, visits } = this.#in;
    await sandbox.walletFault({ timeScale: 20, lateMs: 500 });
    const from = performance.now();
    const { before, after } = await this.#campaign();
    const seconds = (performance.now() - from) / 1000;
    const { lost, doubled, unknown, findings } = await this.#rest();
    for (const finding of [...findings, ...visits.faults].slice(0, 50)) this.#in.report(finding);
    const mishaps = [...this.#happened].map(([what, times]) => `${what} ${times}`);
    return {
      soak: 'kiosk',
      ...{ purchases, lost, doubled, unknown },
      heapRatio: rounded(leakRatio({ before, after })),
      pageHeapRatio: rounded(after.page / before.page),
      hostHeapRatio: rounded(after.host / before.host),
      hostUsedRatio: rounded(after.hostUsed / before.hostUsed),
      hostRssMb: Math.round(await this.#hostRssMb()),
      early: this.#early,
      mishaps: mishaps.join(', '),
      faults: visits.faults.length,
      perSecond: rounded(purchases / seconds),
      seconds: Math.round(seconds),
      seed,
      engine: on.stack.database.engine,
    };
  }

  async #campaign(): Promise<{ before: KioskHeap; after: KioskHeap }> {
    const { purchases, seed, visits, report } = this.#in;
    const draw = new KioskMishaps(seededRandom(seed));
    const freezes = Math.floor(purchases / A_FREEZE_IN);
    const longestMs = LONGEST_FREEZE_MS * Math.min(1, purchases / WHOLE_CAMPAIGN);
    const restarting = freezes + Math.ceil(purchases * RESTARTING);
    let before: KioskHeap | undefined;
    for (let i = 0; i < purchases; i += 1) {
      const home = this.#homes[i % this.#homes.length];
      if (home === undefined) throw new Error('The sandbox made no household.');
      const plan = i < freezes ? draw.freeze(i, longestMs) : draw.next(i < restarting);
      if (plan.what !== 'none') this.#happened.set(plan.what, (this.#happened.get(plan.what) ?? 0) + 1);
      try {
        if ('ms' in plan) await visits.buyFrozen(home, plan);
        else await visits.buy(home, plan);
      } catch (error) {
        // Whatever is open of it must come to rest all the same; the judge says whether it did.
        this.#early += 1;
        report(`Purchase ${i + 1} (${plan.what}, ${plan.when}) ended early: ${firstLine(error)}`);
        await visits.clear();
      }
      if (i + 1 - restarting === SETTLED_AFTER) before = await this.#heap();
      if ((i + 1) % 100 === 0) report(`${i + 1} purchases`);
    }
    const after = await this.#heap();
    const mb = ({ page, host, hostUsed }: KioskHeap): string =>
      `page ${page.toFixed(2)}, host ${host.toFixed(2)}, with its code ${hostUsed.toFixed(2)}`;
    // Of fewer purchases than it takes to settle nothing can be said.
    before ??= after;
    report(`MB of objects: ${mb(before)}; at the end: ${mb(after)}`);
    return { before, after };
  }

  /** Every card once more at the kiosk and in its meter; then wallets, the grid's book and meters are compared. */
  async #rest(): Promise<Judgement> {
    const { visits, sandbox, on, report } = this.#in;
    const operator = await Operator.login(on.stack);
    const until = performance.now() + REST_MS;
    for (;;) {
      for (const home of this.#homes) await visits.settle(home);
      await sandbox.settleLate();
      const judgement = await this.#judge(operator);
      const { lost, doubled, unknown } = judgement;
      if (lost + doubled + unknown === 0 || performance.now() > until) return judgement;
      report(`Not at rest: ${unknown} orders, ${lost + doubled} sums`);
      await sleep(1_000);
    }
  }

  async #judge(operator: Operator): Promise<Judgement> {
    const { on, sandbox } = this.#in;
    const { world } = on.grid;
    const orders: JudgedOrder[] = [];
    for (const [orderNo, money] of await sandbox.moneyByOrder(orderNoOf)) {
      let order = this.#ended.get(orderNo);
      if (order === undefined) {
        const { state, meterNo } = await operator.call({ path: `/v1/admin/orders/${orderNo}` }, adminOrder);
        order = { state, meterNo };
        if (ENDS.has(state)) this.#ended.set(orderNo, order);
      }
      orders.push({ orderNo, ...order, ...money });
    }
    const meters = this.#homes.map(({ meterNo }) => {
      const { creditedFen, count } = world.meter(meterNo);
      return { meterNo, creditedFen, count };
    });
    return judge({ orders, sales: world.bill(), meters });
  }

  async #heap(): Promise<KioskHeap> {
    const { visits, port } = this.#in;
    const session = await visits.page.context().newCDPSession(visits.page);
    const page = await pageHeapMb(session);
    await session.detach();
    return { page, ...hostHeapMb(await heapOf(this.#pid, port)) };
  }

  async #hostRssMb(): Promise<number> {
    const status = await readFile(`/proc/${this.#pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
  }

  get #pid(): number {
    const pid = this.#in.on.stack.program('kiosk')?.pid;
    if (pid === undefined) throw new Error('The kiosk has no process.');
    return pid;
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
