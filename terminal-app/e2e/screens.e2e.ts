import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PurchaseView } from '@bianmin/shared/purchase/view';
import type { RemoteCardView } from '@bianmin/shared/remote-card/view';
import { launchChromium } from './chromium.ts';
import { SAMPLE_REMOTE_CARD_VIEWS } from './sample-remote-card-views.ts';
import { SAMPLE_VIEWS } from './sample-views.ts';
import { serveRenderer } from './static-renderer.ts';

const OUT = join(import.meta.dirname, '../dist/contact-sheet');
const SIZES = { landscape: { width: 1920, height: 1080 }, portrait: { width: 1080, height: 1920 } };
const LANGUAGES = ['zh-CN', 'ug', 'en'] as const;

let browser: Browser;
let renderer: Awaited<ReturnType<typeof serveRenderer>>;
beforeAll(async () => {
  await mkdir(OUT, { recursive: true });
  [browser, renderer] = await Promise.all([launchChromium(), serveRenderer()]);
});
afterAll(async () => {
  await browser.close();
  renderer.close();
});

/** Puts a host into the page that shows whatever view the test sets. */
function fakeHost(): void {
  const listeners = new Set<(view: unknown) => void>();
  const remoteListeners = new Set<(view: unknown) => void>();
  let view: unknown = { screen: 'reading' };
  const status = {
    terminalId: 't1',
    version: '0.1.0',
    server: 'online',
    entry: 'kiosk',
    helpPhone: '0991-95598',
    notice: {
      'zh-CN': '今晚二十二点到次日凌晨两点系统维护，期间不能购电，请提前安排。给您带来不便，敬请谅解。',
      en: 'No electricity can be bought tonight from 22:00 to 02:00 while the system is maintained.',
    },
    sandbox: null,
  };
  Object.assign(window, {
    bianmin: {
      call: (name: string) =>
        Promise.resolve(
          { 'purchase.view': view, 'remote-card.view': { state: 'none' }, 'host.status': status }[name] ??
            null,
        ),
      on: (name: string, listener: (payload: unknown) => void) => {
        if (name === 'purchase.view') listeners.add(listener);
        if (name === 'remote-card.view') remoteListeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    showView: (next: unknown) => {
      view = next;
      for (const listener of listeners) listener(next);
    },
    showRemoteCard: (next: unknown) => {
      for (const listener of remoteListeners) listener(next);
    },
  });
}

async function show(page: Page, view: PurchaseView): Promise<void> {
  await page.evaluate((next) => {
    (window as unknown as { showView: (view: unknown) => void }).showView(next);
  }, view);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

async function showRemoteCard(page: Page, view: RemoteCardView): Promise<void> {
  await page.evaluate((next) => {
    (window as unknown as { showRemoteCard: (view: unknown) => void }).showRemoteCard(next);
  }, view);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** What a stranger would stumble over: cut or overflowing text, targets too small, type too small. */
function faults(): string[] {
  const found: string[] = [];
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const stage = document.querySelector('.stage')?.getBoundingClientRect();
  if (!stage) return ['no stage'];
  const main = document.querySelector('main')?.getBoundingClientRect();
  for (const element of document.querySelectorAll<HTMLElement>('main *')) {
    const box = element.getBoundingClientRect();
    if (main && box.height > 0 && (box.top < main.top - 1 || box.bottom > main.bottom + 1))
      found.push(`under the frame: ${element.tagName}.${String(element.className)}`);
  }
  for (const element of document.querySelectorAll<HTMLElement>('.stage *')) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || element.closest('svg')) continue;
    const name = `${element.tagName.toLowerCase()}.${element.className} "${element.innerText.slice(0, 24)}"`;
    if (
      box.left < stage.left - 1 ||
      box.right > stage.right + 1 ||
      box.top < stage.top - 1 ||
      box.bottom > stage.bottom + 1
    )
      found.push(`outside the screen: ${name}`);
    if (
      element.scrollWidth > element.clientWidth + 1 &&
      element.clientWidth > 0 &&
      getComputedStyle(element).display !== 'inline'
    )
      found.push(`cut or overflowing: ${name}`);
    if (element.tagName === 'BUTTON' && (box.height < 94 * rem || box.width < 94 * rem))
      found.push(`target too small: ${name}`);
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    if (hasText && parseFloat(getComputedStyle(element).fontSize) < 23.9 * rem)
      found.push(`type too small: ${name}`);
  }
  return found;
}

describe.each(Object.entries(SIZES))('every screen at %s', (orientation, viewport) => {
  it.each(LANGUAGES.flatMap((language) => [false, true].map((large) => ({ language, large }))))(
    'in $language, large text $large: nothing cut, small or off the screen',
    async ({ language, large }) => {
      const page = await browser.newPage({ viewport, reducedMotion: 'reduce' });
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      await page.addInitScript(fakeHost);
      await page.goto(renderer.url);
      await page.locator(`nav button[lang="${language}"]`).click();
      if (large) await page.locator('nav button.size').click();
      for (const [name, view] of Object.entries(SAMPLE_VIEWS)) {
        await show(page, view);
        expect(await page.evaluate(faults), `${name} ${language} ${orientation}`).toEqual([]);
        if (!large) await page.screenshot({ path: join(OUT, `${name}.${language}.${orientation}.png`) });
      }
      await show(page, SAMPLE_VIEWS['done-cash-back'] as PurchaseView);
      await page.locator('button.paper').click();
      expect(await page.evaluate(faults), `receipt ${language} ${orientation}`).toEqual([]);
      if (!large) await page.screenshot({ path: join(OUT, `cash-receipt.${language}.${orientation}.png`) });
      await page.locator('dialog button').click();
      await show(page, SAMPLE_VIEWS['cash-staff'] as PurchaseView);
      for (const digit of '104817274') await page.locator('.keys').getByText(digit, { exact: true }).click();
      expect(await page.locator('.stage').innerText()).not.toContain('274');
      expect(await page.evaluate(faults), `PIN ${language} ${orientation}`).toEqual([]);
      if (!large) await page.screenshot({ path: join(OUT, `cash-staff-pin.${language}.${orientation}.png`) });
      await show(page, SAMPLE_VIEWS['amount'] as PurchaseView);
      await page.locator('.choice.other').click();
      expect(await page.evaluate(faults), `keypad ${language} ${orientation}`).toEqual([]);
      if (!large) await page.screenshot({ path: join(OUT, `keypad.${language}.${orientation}.png`) });
      await show(page, SAMPLE_VIEWS['wait'] as PurchaseView);
      for (const [name, view] of Object.entries(SAMPLE_REMOTE_CARD_VIEWS)) {
        await showRemoteCard(page, view);
        expect(await page.evaluate(faults), `${name} ${language} ${orientation}`).toEqual([]);
        if (!large) await page.screenshot({ path: join(OUT, `${name}.${language}.${orientation}.png`) });
      }
      expect(errors).toEqual([]);
      await page.close();
    },
  );
});
