import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { freePort } from '@bianmin/shared/node/free-port';
import { LANGUAGE_NAMES, LANGUAGES } from '@bianmin/shared/i18n/translate';
import { METER_CHIPS } from '@bianmin/shared/testing/meter-files';
import { moreHouseholds } from '../../server/sandbox/grid/world/more-households.ts';
import { launchChromium, OBJECTS_ONLY } from '../../terminal-app/e2e/chromium.ts';
import { ensureRenderer } from '../dev/renderer.ts';
import { Operator } from '../journey/operator.ts';
import { heapOf, inspectable, type NodeHeap } from '../process/heap.ts';
import { SandboxClient } from '../sandbox-client.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { KioskBuyer, openKiosk, painted, words } from './kiosk-buyer.ts';
import { pressesPainted, watchPresses } from './kiosk-presses.ts';
import { openOrdersStack, type OrdersStack } from './orders-stack.ts';
import { percentile } from './percentile.ts';
import { pageHeapMb, throttled } from './stb-page.ts';
import { bundleKb } from './stb-weight.ts';

const STARTS = 3;
/** Purchases whose times are taken, and those over which memory is compared with what it was after the first of them. */
const TIMED = 40;
const WATCHED = 60;
const SETTLED_AFTER = 20;

const FACE_FEN = 5000;
const SCREEN = { viewport: { width: 1600, height: 900 } };

type Household = ReturnType<typeof moreHouseholds>[number];

const GOALS = {
  cardToCustomerP95: { unit: 'ms', goal: 1000 },
  paidToWriteP95: { unit: 'ms', goal: 500 },
  inputToPaint: { unit: 'ms', goal: 50 },
  leakRatio: { unit: 'ratio', goal: 1.1 },
  bundleKB: { unit: 'KB', goal: 250 },
  coldStart: { unit: 'ms', goal: 8000 },
  warmStart: { unit: 'ms', goal: 5000 },
} as const;
type Figure = keyof typeof GOALS;

export interface KioskRow {
  readonly bench: 'kiosk';
  readonly name: Figure;
  readonly value: number;
  readonly unit: string;
  readonly goal: number;
}

export function kioskRow(name: Figure, value: number): KioskRow {
  const { unit, goal } = GOALS[name];
  return { bench: 'kiosk', name, value: Number(value.toFixed(unit === 'ratio' ? 3 : 1)), unit, goal };
}

/** How much larger the largest became: of the page's and the host's objects. */
export function leakRatio(of: { readonly before: Objects; readonly after: Objects }): number {
  const { before, after } = of;
  return Math.max(after.page / before.page, after.host / before.host);
}

/** JavaScript objects after a collection of garbage, MB of 1,048,576. */
export interface KioskHeap {
  readonly page: number;
  readonly host: number;
  /** With the code that V8 made in the host. The page's has none. */
  readonly hostUsed: number;
}

type Objects = Pick<KioskHeap, 'page' | 'host'>;

export function hostHeapMb({ objects, used }: NodeHeap): Pick<KioskHeap, 'host' | 'hostUsed'> {
  const mb = 1024 * 1024;
  return { host: objects / mb, hostUsed: used / mb };
}

/** The kiosk as it is shipped but for Electron: its host in a process, its built page in Chromium, a real server. */
export async function benchKiosk({ seed, report }: BenchContext): Promise<BenchResult> {
  const rows = [kioskRow('bundleKB', await bundleKb(await ensureRenderer(report)))];
  const browser = await launchChromium();
  try {
    const port = await freePort();
    const on = await openOrdersStack({
      ...{ report, seed, realTime: true },
      kiosk: { NODE_OPTIONS: inspectable(port), LOG_LEVEL: 'warn' },
    });
    try {
      const bench = new KioskBench({ on, browser, port, report });
      rows.push(...(await bench.starts()), ...(await bench.times()), await bench.memory());
      const faults = rows
        .filter(({ value, goal }) => !(value <= goal))
        .map(({ name, value, unit, goal }) => `${name}: ${value} ${unit}, and ${goal} is the goal`);
      return { rows, engine: on.stack.database.engine, faults: [...faults, ...bench.faults] };
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
  #homes: Household[] | undefined;

  constructor(init: { on: OrdersStack; browser: Browser; port: number; report: (line: string) => void }) {
    this.#on = init.on;
    this.#browser = init.browser;
    this.#port = init.port;
    this.#report = init.report;
  }

  /** From the host's start to the painted question for a card: as a new terminal, and as one that was there. */
  async starts(): Promise<KioskRow[]> {
    const { stack } = this.#on;
    const operator = await Operator.login(stack);
    const [cold, warm]: [number[], number[]] = [[], []];
    let context: BrowserContext | undefined;
    for (let i = 0; i < STARTS; i += 1) {
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
    for (const home of this.#visitors(TIMED)) {
      const took = await this.#buy(buyer, home);
      shown.push(took.shown);
      written.push(took.written);
    }
    this.#report(`Card to customer, ms: ${summary(shown)}; paid to writing: ${summary(written)}`);
    const presses = await this.#presses(buyer);
    this.#report(`${presses.length} presses to paint, ms: ${summary(presses)}`);
    await context.close();
    return [
      kioskRow('cardToCustomerP95', percentile(shown, 0.95)),
      kioskRow('paidToWriteP95', percentile(written, 0.95)),
      kioskRow('inputToPaint', percentile(presses, 0.95)),
    ];
  }

  /** The same at a page whose heap holds objects alone. */
  async memory(): Promise<KioskRow> {
    const browser = await launchChromium(OBJECTS_ONLY);
    try {
      const buyer = await this.#buyer(await browser.newContext(SCREEN));
      for (const home of this.#visitors(SETTLED_AFTER)) await this.#buy(buyer, home);
      const before = await this.#heap(buyer.page);
      for (const home of this.#visitors(WATCHED - SETTLED_AFTER)) await this.#buy(buyer, home);
      const after = await this.#heap(buyer.page);
      const mb = ({ page, host, hostUsed }: KioskHeap): string =>
        `page ${page.toFixed(2)}, host ${host.toFixed(2)}, with its code ${hostUsed.toFixed(2)}`;
      this.#report(`MB of objects after ${SETTLED_AFTER}: ${mb(before)}; after ${WATCHED}: ${mb(after)}`);
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

  /** Keys for amounts and numbers, languages, size of text, help, back: what fingers do on the way to the code. */
  async #presses(buyer: KioskBuyer): Promise<number[]> {
    const { page } = buyer;
    const session = await throttled(page);
    await watchPresses(page);
    const measured: number[] = [];
    const slow = new Map<string, number>();
    const press = async (...names: string[]): Promise<void> => {
      for (const name of names) {
        await page.locator('.stage').getByRole('button', { name, exact: true }).first().click();
        const [ms = 0] = await pressesPainted(page, 1);
        measured.push(ms);
        slow.set(name, Math.max(ms, slow.get(name) ?? 0));
      }
    };
    const languages = LANGUAGES.map((language) => LANGUAGE_NAMES[language]);
    await press(...languages, ...languages.toReversed());
    await press(words('chrome.textSize'), words('chrome.textNormal'), words('chrome.help'));
    await press(words('chrome.close'));
    const [home] = this.#visitors(1);
    await buyer.putIn(home?.cardId ?? '');
    await press(words('who.yes'));
    await painted(page, ['amount']);
    await press(words('amount.other'), ...'12345', ...Array<string>(5).fill(words('amount.erase')));
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await buyer.takeOut();
    const slowest = [...slow].sort(([, a], [, b]) => b - a).slice(0, 5);
    this.#report(`Slowest presses: ${slowest.map(([name, ms]) => `${name} ${ms}`).join(', ')}`);
    return measured;
  }
}

function list(values: readonly number[]): string {
  return values.map((ms) => ms.toFixed(0)).join(', ');
}

function summary(values: readonly number[]): string {
  const [median, p95, most] = [0.5, 0.95, 1].map((share) => percentile(values, share).toFixed(0));
  return `median ${median}, p95 ${p95}, most ${most}`;
}
