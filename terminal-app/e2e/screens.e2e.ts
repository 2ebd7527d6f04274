import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '@bianmin/shared/i18n/translate';
import { launchChromium } from './chromium.ts';
import { KIOSK_SAMPLES, type KioskSample } from './kiosk-samples.ts';
import { KIOSK_SIZES, SampledKiosk, type KioskSize } from './sampled-kiosk.ts';
import { serveRenderer } from './static-renderer.ts';

const OUT = join(import.meta.dirname, '../dist/contact-sheet');

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

describe.each(Object.keys(KIOSK_SIZES) as KioskSize[])('every screen at %s', (size) => {
  it.each(LANGUAGES.flatMap((language) => [false, true].map((large) => ({ language, large }))))(
    'in $language, large text $large: nothing cut, small or off the screen',
    async ({ language, large }) => {
      const kiosk = await SampledKiosk.open({ browser, url: renderer.url, size, language, large });
      for (const [name, sample] of Object.entries(KIOSK_SAMPLES)) {
        await kiosk.show(sample);
        expect(await kiosk.page.evaluate(faults), `${name} ${language} ${size}`).toEqual([]);
        if (!large) await kiosk.page.screenshot({ path: join(OUT, `${name}.${language}.${size}.png`) });
      }
      expect(kiosk.errors).toEqual([]);
      await kiosk.close();
    },
  );
});

it('a PIN is on no screen', async () => {
  const kiosk = await SampledKiosk.open({
    ...{ browser, url: renderer.url, size: 'landscape', language: 'zh-CN', large: false },
  });
  await kiosk.show(KIOSK_SAMPLES['cash-staff-pin'] as KioskSample);
  expect(await kiosk.page.locator('.stage').innerText()).toContain('104817'.slice(0, 3));
  expect(await kiosk.page.locator('.stage').innerText()).not.toContain('274');
  await kiosk.close();
});
