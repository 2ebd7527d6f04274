import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { freePort } from '@bianmin/card/node/free-port';
import { METER_CHIPS } from '@bianmin/card/testing/meter-files';
import { moreHouseholds } from '../../../server/sandbox/grid/world/more-households.ts';
import { launchChromium, OBJECTS_ONLY } from '../../../terminal-app/e2e/chromium.ts';
import { ensureRenderer } from '../../run/dev/renderer.ts';
import { Operator } from '../../run/dev/operator.ts';
import { heapOf, inspectable } from '../../kit/process/heap.ts';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { KioskBuyer, openKiosk, painted } from './kiosk-buyer.ts';
import { hostHeapMb, kioskRow, leakRatio, type KioskHeap, type KioskRow } from './kiosk-figures.ts';
import { pressKeys } from './kiosk-input.ts';
import { openOrdersStack, type OrdersStack } from './orders-stack.ts';
import { percentile } from './percentile.ts';
import { pageHeapMb } from './stb-page.ts';
import { bundleKb } from './stb-weight.ts';

const STARTS = 3;
/** Purchases whose times are taken. Memory is watched over as many, after some in which it settles. */
const TIMED = 40;
const SETTLED_AFTER = 20;
/** Purchases before presses that are measured alone. */
const WARM = 3;

const FACE_FEN = 5000;
const SCREEN = { viewport: { width: 1600, height: 900 } };

type Household = ReturnType<typeof moreHouseholds>[number];

/** The kiosk as it is shipped but for Electron: its host in a process, its built page in Chromium, a real server. */
export function benchKiosk(context: BenchContext): Promise<BenchResult> {
  return withKiosk(context, async (bench) => [
    kioskRow('bundleKB', await bundleKb(await ensureRenderer(context.report))),
    ...(await bench.starts()),
    ...(await bench.times()),
    await bench.memory(),
  ]);
}

/** `inputToPaint` alone. */
export function benchKioskInput(context: BenchContext): Promise<BenchResult> {
  return withKiosk(context, async (bench) => [await bench.input()]);
}

async function withKiosk(
  { seed, report, orders = TIMED }: BenchContext,
  measure: (bench: KioskBench) => Promise<KioskRow[]>,
): Promise<BenchResult> {
  await ensureRenderer(report);
  const browser = await launchChromium();
  try {
    const port = await freePort();
    const on = await openOrdersStack({
      ...{ report, seed, realTime: true },
      kiosk: { NODE_OPTIONS: inspectable(port), LOG_LEVEL: 'warn' },
    });
    try {
      const bench = new KioskBench({ on, browser, port, report, purchases: orders });
      const rows = await measure(bench);
      const missed = rows
        .filter(({ value, goal }) => !(value <= goal))
        .map(({ name, value, unit, goal }) => `${name}: ${value} ${unit}, and ${goal} is the goal`);
      return { rows, engine: on.stack.database.engine, faults: bench.faults, missed };
    } finally {
      await on.close();
    }
  } finally {
    await browser.close();
  }
}

class KioskBench {
  readonly faults: string[] = [];
  readonly #on: OrdersStack;
  readonly #browser: Browser;
  readonly #port: number;
  readonly #report: (line: string) => void;
  readonly #purchases: number;
  #homes: Household[] | undefined;

  constructor(init: {
    on: OrdersStack;
    browser: Browser;
    port: number;
    report: (line: string) => void;
    purchases: number;
  }) {
    this.#on = init.on;
    this.#browser = init.browser;
    this.#port = init.port;
    this.#report = init.report;
    this.#purchases = init.purchases;
  }

  /** From the host's start to the painted question for a card: as a new terminal, and as one that was there. */
  async starts(): Promise<KioskRow[]> {
    const { stack } = this.#on;
    const operator = await Operator.login(stack);
    const [cold, warm]: [number[], number[]] = [[], []];
    let context: BrowserContext | undefined;
    for (let i = 0; i < Math.min(STARTS, this.#purchases); i += 1) {
      await context?.close();
      context = await this.#browser.newContext();
      const BIANMIN_ENROL_CODE = await operator.enrolCode();
      await stack.stop('kiosk');
      await rm(join(stack.dir, 'kiosk'), { recursive: true, force: true });
      cold.push(await this.#start(context, { BIANMIN_ENROL_CODE }));
      await stack.stop('kiosk');
      warm.push(await this.#start(context));
    }
    await context?.close();
    this.#report(`First starts, ms: ${list(cold)}; later ones: ${list(warm)}`);
    return [kioskRow('coldStart', percentile(cold, 0.5)), kioskRow('warmStart', percentile(warm, 0.5))];
  }

  async #start(context: BrowserContext, env: Readonly<Record<string, string>> = {}): Promise<number> {
    const from = performance.now();
    await this.#on.stack.restart('kiosk', env);
    const page = await this.#open(context);
    const took = performance.now() - from;
    await page.close();
    return took;
  }

  async #open(context: BrowserContext): Promise<Page> {
    const page = await openKiosk(context, await this.#on.stack.kioskUrl());
    await painted(page, ['wait']);
    return page;
  }

  /** Purchases one after the other, each with a card of another household; then presses on a slow processor. */
  async times(): Promise<KioskRow[]> {
    const context = await this.#browser.newContext(SCREEN);
    const [shown, written]: [number[], number[]] = [[], []];
    const buyer = await this.#buyer(context);
    for (const home of this.#visitors(this.#purchases)) {
      const took = await this.#buy(buyer, home);
      shown.push(took.shown);
      written.push(took.written);
    }
    this.#report(`Card to customer, ms: ${summary(shown)}; paid to writing: ${summary(written)}`);
    const input = await this.#presses(buyer);
    await context.close();
    return [
      kioskRow('cardToCustomerP95', percentile(shown, 0.95)),
      kioskRow('paidToWriteP95', percentile(written, 0.95)),
      input,
    ];
  }

  /** The presses alone, at a page that is as warm as after the first visitors. */
  async input(): Promise<KioskRow> {
    const context = await this.#browser.newContext(SCREEN);
    const buyer = await this.#buyer(context);
    for (const home of this.#visitors(Math.min(WARM, this.#purchases))) await this.#buy(buyer, home);
    const row = await this.#presses(buyer);
    await context.close();
    return row;
  }

  async #presses(buyer: KioskBuyer): Promise<KioskRow> {
    const [home] = this.#visitors(1);
    const { ms, slowest } = await pressKeys(buyer.page, {
      putIn: () => buyer.putIn(home?.cardId ?? ''),
      takeOut: () => buyer.takeOut(),
      ...(this.#purchases < WARM ? { times: 1 } : {}),
    });
    this.#report(`${ms.length} presses to paint, ms: ${summary(ms)}`);
    const keys = slowest.slice(0, 6).map(([name, most]) => `${name} ${most}`);
    this.#report(`Slowest presses: ${keys.join(', ')}`);
    return kioskRow('inputToPaint', percentile(ms, 0.95));
  }

  /** The same at a page whose heap holds objects alone. */
  async memory(): Promise<KioskRow> {
    const settled = Math.min(SETTLED_AFTER, this.#purchases);
    const browser = await launchChromium(OBJECTS_ONLY);
    try {
      const buyer = await this.#buyer(await browser.newContext(SCREEN));
      for (const home of this.#visitors(settled)) await this.#buy(buyer, home);
      const before = await this.#heap(buyer.page);
      for (const home of this.#visitors(this.#purchases)) await this.#buy(buyer, home);
      const after = await this.#heap(buyer.page);
      const mb = ({ page, host, hostUsed }: KioskHeap): string =>
        `page ${page.toFixed(2)}, host ${host.toFixed(2)}, with its code ${hostUsed.toFixed(2)}`;
      this.#report(
        `MB of objects after ${settled}: ${mb(before)}; after ${settled + this.#purchases}: ${mb(after)}`,
      );
      return kioskRow('leakRatio', leakRatio({ before, after }));
    } finally {
      await browser.close();
    }
  }

  async #buyer(context: BrowserContext): Promise<KioskBuyer> {
    const { stack, grid } = this.#on;
    const sandbox = new SandboxClient({ ...stack.urls, gridUrl: grid.url });
    return new KioskBuyer({ page: await this.#open(context), sandbox, readerId: stack.readerId });
  }

  #visitors(count: number): Household[] {
    const homes = (this.#homes ??= METER_CHIPS.flatMap((chip) =>
      moreHouseholds(this.#on.grid.world, { count: 2, chip }),
    ));
    return Array.from({ length: count }, (_, i) => homes[i % homes.length]).filter(
      (home) => home !== undefined,
    );
  }

  async #buy(buyer: KioskBuyer, home: Household): Promise<{ shown: number; written: number }> {
    const shown = await buyer.putIn(home.cardId);
    const written = await buyer.pay(await buyer.toCode());
    await painted(buyer.page, ['done']);
    await buyer.takeOut();
    const { creditedFen } = this.#on.grid.world.insert(home.meterNo, home.cardId);
    if (creditedFen !== FACE_FEN) {
      this.faults.push(`meter ${home.meterNo} credited ${creditedFen} fen, not ${FACE_FEN}`);
    }
    return { shown, written };
  }

  async #heap(page: Page): Promise<KioskHeap> {
    const pid = this.#on.stack.program('kiosk')?.pid;
    if (pid === undefined) throw new Error('The kiosk has no process.');
    const session = await page.context().newCDPSession(page);
    const inPage = await pageHeapMb(session);
    await session.detach();
    return { page: inPage, ...hostHeapMb(await heapOf(pid, this.#port)) };
  }
}

function list(values: readonly number[]): string {
  return values.map((ms) => ms.toFixed(0)).join(', ');
}

function summary(values: readonly number[]): string {
  const [median, p95, most] = [0.5, 0.95, 1].map((share) => percentile(values, share).toFixed(0));
  return `median ${median}, p95 ${p95}, most ${most}`;
}
