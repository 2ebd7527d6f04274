import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page, ViewportSize } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { looksAt, looksAtAll, takesPictures } from './measure/looks.ts';
import type { PayerSample } from './payer-sample-parts.ts';
import { PAYER_SAMPLES } from './payer-samples.ts';
import { SAMPLE_NOW, servePayerSite, type PayerSite } from './payer-site.ts';

const OUT = join(import.meta.dirname, '../dist/payer-sheet');
const SIZES = { small: { width: 360, height: 740 }, large: { width: 412, height: 915 } };
const LANGUAGES = ['zh-CN', 'ug', 'en'] as const;
type Language = (typeof LANGUAGES)[number];

let browser: Browser;
let site: PayerSite;
beforeAll(async () => {
  await mkdir(OUT, { recursive: true });
  [site, browser] = await Promise.all([servePayerSite(), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  site.close();
});

/** What a stranger would stumble over: cut or overflowing text, targets too small, type too small, links to nowhere. */
function faults(): string[] {
  const found: string[] = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) found.push('the page scrolls sideways');
  for (const element of document.querySelectorAll<HTMLElement>('#app *')) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const name = () =>
      `${element.tagName.toLowerCase()}.${element.className} "${element.innerText.slice(0, 24)}"`;
    if (box.left < -1 || box.right > width + 1) found.push(`outside the screen: ${name()}`);
    if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
      if (element.clientWidth > 0) found.push(`cut or overflowing: ${name()}`);
    const touched = /^(?:BUTTON|SELECT|INPUT|SUMMARY)$/.test(element.tagName) || element.matches('a');
    if (touched && box.height < 47.5) found.push(`target too small: ${name()}`);
    if (element instanceof HTMLAnchorElement && element.href === location.href)
      found.push(`leads to itself: ${name()}`);
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    if (hasText && parseFloat(getComputedStyle(element).fontSize) < 13.9)
      found.push(`type too small: ${name()}`);
    if (hasText && /\{\w+\}/.test(element.innerText)) found.push(`a place without a value: ${name()}`);
  }
  return found;
}

/** A phone's tabs: one on a resident's own pages, one on an order's link, one on its receipt's. */
interface Tabs {
  readonly own: Page;
  readonly link: Page;
  readonly paper: Page;
  /** What went wrong in either. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

async function openTabs(viewport: ViewportSize, language: Language): Promise<Tabs> {
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce', locale: language });
  const errors: string[] = [];
  await context.clock.setFixedTime(SAMPLE_NOW);
  await context.addInitScript(() => {
    // The stream has a test of its own, against the real server.
    Object.assign(window, { EventSource: undefined });
    const { fetch } = window;
    const counted: typeof fetch = async (...args) => {
      const page = document.documentElement;
      const asking = (by: number): void => {
        page.dataset['asking'] = String(Number(page.dataset['asking'] ?? '0') + by);
      };
      asking(1);
      try {
        return await fetch(...args);
      } finally {
        asking(-1);
      }
    };
    Object.assign(window, { fetch: counted });
  });
  const open = async (sample: PayerSample): Promise<Page> => {
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    site.show(sample);
    await page.goto(site.url + (sample.token ?? ''));
    await page.locator('select').selectOption(language);
    await allAnswered(page);
    return page;
  };
  return {
    own: await open(PAYER_SAMPLES['homes'] as PayerSample),
    link: await open(PAYER_SAMPLES['link-pay'] as PayerSample),
    paper: await open(PAYER_SAMPLES['paper'] as PayerSample),
    errors,
    close: () => context.close(),
  };
}

function tabOf({ token }: PayerSample): 'own' | 'link' | 'paper' {
  if (token === undefined) return 'own';
  return token.startsWith('r/') ? 'paper' : 'link';
}

/** All that was asked for has come and is shown: what is still on its way would be answered with the next sample's. */
async function allAnswered(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const main = document.querySelector('main');
    const isAsking = Number(document.documentElement.dataset['asking'] ?? '0') > 0;
    return !isAsking && main !== null && (main.children.length > 0 || main.innerText.length > 40);
  });
}

async function show(page: Page, sample: PayerSample): Promise<void> {
  site.show(sample);
  // The page draws its screen anew at each change of its address: twice, and the second is the one that stays.
  await page.evaluate(async (path) => {
    const changed = () =>
      new Promise((resolve) => {
        addEventListener('hashchange', resolve, { once: true });
      });
    const away = changed();
    location.hash = '#/nowhere';
    await away;
    const there = changed();
    location.hash = path;
    await there;
  }, `#${sample.path}`);
  await page.locator('main').waitFor();
  for (const { into, text, brings } of sample.type ?? []) {
    await page.locator(into).fill(text);
    await page.locator(into).press('Enter');
    await page.locator(brings).waitFor();
  }
  await allAnswered(page);
  if (sample.open !== undefined) await page.locator(`${sample.open} summary`).first().click();
  if (sample.press !== undefined) {
    await page.locator(sample.press).first().click();
    await allAnswered(page);
  }
  // A letter that was not shown before is in a file that is asked for when it is laid out.
  await page.evaluate(async () => {
    document.body.getBoundingClientRect();
    await document.fonts.ready;
  });
}

const SAMPLES = Object.entries(PAYER_SAMPLES).map(([name, sample], at) => ({
  ...{ name, sample },
  looks: looksAt({ languages: LANGUAGES, frames: Object.keys(SIZES), at, all: looksAtAll() }),
}));

describe.each(Object.entries(SIZES))('every screen of a phone, %s', (size, viewport) => {
  it.each(LANGUAGES)('in %s: nothing cut, small, off the screen or the wrong way round', async (language) => {
    const tabs = await openTabs(viewport, language);
    const faulty: Record<string, string[]> = {};
    for (const { name, sample, looks } of SAMPLES) {
      if (!looks.some((look) => look.language === language && look.frame === size)) continue;
      const page = tabs[tabOf(sample)];
      await show(page, sample);
      const found = await page.evaluate(faults);
      if (found.length > 0) faulty[name] = found;
      if (found.length > 0 || takesPictures())
        await page.screenshot({ path: join(OUT, `${name}.${language}.${size}.png`), fullPage: true });
      expect(await page.evaluate(() => document.documentElement.dir)).toBe(language === 'ug' ? 'rtl' : 'ltr');
    }
    expect(faulty).toEqual({});
    expect(tabs.errors).toEqual([]);
    await tabs.close();
  });
});
