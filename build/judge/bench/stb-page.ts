import { readFile } from 'node:fs/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';

/** A box's processor beside this machine's. */
const THROTTLE = 6;
const LIMIT_MS = 30_000;

declare global {
  interface Window {
    /** Told when the words that are waited for were painted: ms from the navigation. */
    benchPainted?: (ms: number) => void;
    /** ms from each key to the next paint, by Event Timing; what took under 16 is not told. */
    benchKeysMs?: number[];
  }
}

/** Runs in the page before its own script. No function in it has a name: its text goes there alone. */
function watchPaints(words: string): void {
  new MutationObserver((_, observer) => {
    const tv = document.querySelector('.tv');
    if (tv?.textContent?.includes(words) !== true) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      // The task after a frame comes when it was drawn.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.benchPainted?.(performance.now());
      port2.postMessage(null);
    });
  }).observe(document, { childList: true, subtree: true, characterData: true });
  window.benchKeysMs = [];
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (name === 'keydown') window.benchKeysMs?.push(duration);
    }
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
}

export async function throttled(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
  return session;
}

/** Opens the page so often; ms of each time until its words were painted. */
export async function openings(
  page: Page,
  of: { url: string; words: string; times: number },
): Promise<number[]> {
  let painted: (ms: number) => void = () => undefined;
  await page.exposeFunction('benchPainted', (ms: number) => {
    painted(ms);
  });
  await page.addInitScript({ content: `(${watchPaints.toString()})(${JSON.stringify(of.words)});` });
  const took: number[] = [];
  for (let i = 0; i < of.times; i++) {
    const next = new Promise<number>((resolve) => (painted = resolve));
    await page.goto(of.url);
    took.push(await Promise.race([next, tooLong(page)]));
  }
  return took;
}

async function tooLong(page: Page): Promise<number> {
  await page.waitForTimeout(LIMIT_MS);
  throw new Error(`The page did not paint its first screen in ${LIMIT_MS / 1000} s.`);
}

/** What the keys cost that were pressed since the last call: ms each. */
export async function keysPainted(page: Page, pressed: number): Promise<number[]> {
  // Entries are told in an idle moment, after the paint.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  await page.waitForTimeout(200);
  const told = await page.evaluate(() => window.benchKeysMs?.splice(0) ?? []);
  // Faster than the least that is told of.
  const quick = Array.from({ length: Math.max(0, pressed - told.length) }, () => 16);
  return [...told, ...quick];
}

export interface PageMemory {
  /** The page's process as Android's dumpsys counts: its share of what several processes have mapped. MB of 1,048,576. */
  readonly pssMb: number;
  /** JavaScript's objects after a collection, MB. */
  readonly heapMb: number;
}

/** Of the browser's largest page process, after a collection of garbage. */
export async function pageMemory(browser: Browser, session: CDPSession): Promise<PageMemory> {
  const heapMb = await pageHeapMb(session);
  const whole = await browser.newBrowserCDPSession();
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
  await whole.detach();
  const sizes = await Promise.all(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => pssKb(id)),
  );
  return { pssMb: Math.max(...sizes) / 1024, heapMb };
}

/** JavaScript's objects of the page after a collection, MB of 1,048,576. */
export async function pageHeapMb(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
  return heap / (1024 * 1024);
}

async function pssKb(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? Number.NaN);
}
