import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { PAYER_SAMPLES, type PayerSample } from './payer-samples.ts';
import { SAMPLE_NOW, servePayerSite, type PayerSite } from './payer-site.ts';

const OUT = join(import.meta.dirname, '../dist/payer-sheet');
const SIZES = { small: { width: 360, height: 740 }, large: { width: 412, height: 915 } };
const LANGUAGES = ['zh-CN', 'ug', 'en'] as const;

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
    const name = `${element.tagName.toLowerCase()}.${element.className} "${element.innerText.slice(0, 24)}"`;
    if (box.left < -1 || box.right > width + 1) found.push(`outside the screen: ${name}`);
    if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
      if (element.clientWidth > 0) found.push(`cut or overflowing: ${name}`);
    const touched = /^(?:BUTTON|SELECT|INPUT|SUMMARY)$/.test(element.tagName) || element.matches('a');
    if (touched && box.height < 47.5) found.push(`target too small: ${name}`);
    if (element instanceof HTMLAnchorElement && element.href === location.href)
      found.push(`leads to itself: ${name}`);
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    if (hasText && parseFloat(getComputedStyle(element).fontSize) < 13.9)
      found.push(`type too small: ${name}`);
    if (hasText && /\{\w+\}/.test(element.innerText)) found.push(`a place without a value: ${name}`);
  }
  return found;
}

async function show(page: Page, sample: PayerSample): Promise<void> {
  await page.evaluate((path) => {
    location.hash = '#/nowhere';
    location.hash = path;
  }, `#${sample.path}`);
  await page.locator('main').waitFor();
  for (const { into, text } of sample.type ?? []) {
    await page.locator(into).fill(text);
    await page.locator(into).press('Enter');
    await page.waitForLoadState('networkidle');
  }
  // What was asked for has come when nothing says that it is being asked for.
  await page.waitForFunction(() => {
    const main = document.querySelector('main');
    return main !== null && (main.children.length > 0 || main.innerText.length > 40);
  });
  if (sample.open !== undefined) await page.locator(`${sample.open} summary`).first().click();
}

describe.each(Object.entries(SIZES))('every screen of a phone, %s', (size, viewport) => {
  it.each(LANGUAGES)('in %s: nothing cut, small, off the screen or the wrong way round', async (language) => {
    const page = await browser.newPage({ viewport, reducedMotion: 'reduce', locale: language });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.clock.setFixedTime(SAMPLE_NOW);
    await page.addInitScript(() => {
      // The stream has a test of its own, against the real server.
      Object.assign(window, { EventSource: undefined });
    });
    for (const [name, sample] of Object.entries(PAYER_SAMPLES)) {
      site.show(sample);
      await page.goto(site.url + (sample.token ?? ''));
      await page.locator('select').selectOption(language);
      await show(page, sample);
      const found = await page.evaluate(faults);
      if (size === 'small') {
        await page.screenshot({ path: join(OUT, `${name}.${language}.png`), fullPage: true });
      }
      expect.soft(found, `${name} ${language} ${size}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.dir)).toBe(language === 'ug' ? 'rtl' : 'ltr');
    }
    expect(errors).toEqual([]);
    await page.close();
  });
});
