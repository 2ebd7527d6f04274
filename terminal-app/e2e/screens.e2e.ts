import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '@bianmin/purchase/api/language';
import { barriersOf } from './barriers.ts';
import { isSheetCurrent, updateSheet } from './contact-sheet.ts';
import { launchChromium } from './chromium.ts';
import type { KioskSample } from './kiosk-sample.ts';
import { KIOSK_SAMPLES } from './kiosk-samples.ts';
import { faultsOf, RULES } from './measure/judge.ts';
import { looksAt, looksAtAll, takesPictures } from './measure/looks.ts';
import { ShippedFonts } from './measure/shipped-fonts.ts';
import { KIOSK_SIZES, SampledKiosk, surveyOf, type KioskSize } from './sampled-kiosk.ts';
import { RENDERER, serveRenderer } from './static-renderer.ts';

const OUT = join(import.meta.dirname, '../dist/contact-sheet');
const SIZES = Object.keys(KIOSK_SIZES) as KioskSize[];
type Look = ReturnType<
  typeof looksAt<Language, { readonly size: KioskSize; readonly large: boolean }>
>[number];

let browser: Browser;
let fonts: ShippedFonts;
let renderer: Awaited<ReturnType<typeof serveRenderer>>;
beforeAll(async () => {
  await mkdir(OUT, { recursive: true });
  [browser, renderer] = await Promise.all([launchChromium(), serveRenderer()]);
  fonts = await builtFonts();
});
afterAll(async () => {
  await browser.close();
  renderer.close();
});

/** Those that the built page brings. */
async function builtFonts(): Promise<ShippedFonts> {
  const assets = join(RENDERER, 'assets');
  const sheets = (await readdir(assets)).filter((name) => name.endsWith('.css'));
  return ShippedFonts.of(sheets.map((name) => join(assets, name)));
}

const FRAMES = SIZES.flatMap((size) => [false, true].map((large) => ({ size, large })));
const SAMPLES = Object.entries(KIOSK_SAMPLES).map(([name, sample], at) => ({
  ...{ name, sample },
  looks: looksAt({ languages: LANGUAGES, frames: FRAMES, at, all: looksAtAll() }),
}));

describe.each(SIZES)('every screen at %s', (size) => {
  let kiosk: SampledKiosk;
  beforeAll(async () => {
    kiosk = await SampledKiosk.open({ browser, url: renderer.url, size, language: 'zh-CN', large: false });
  });
  afterAll(() => kiosk.close());

  it.each(LANGUAGES.flatMap((language) => [false, true].map((large) => ({ language, large }))))(
    'in $language, large text $large: targets, type, contrast, place and direction are as they should be',
    async ({ language, large }) => {
      await kiosk.speak(language, large);
      const found: Record<string, string[]> = {};
      for (const { name, sample, looks } of SAMPLES) {
        const isThis = ({ frame, ...of }: Look) =>
          of.language === language && frame.size === size && frame.large === large;
        const look = looks.find(isThis);
        if (look === undefined) continue;
        await kiosk.show(sample);
        const rules = RULES[sample.dense ? (large ? 'dense-large' : 'dense') : large ? 'large' : 'normal'];
        const faults = faultsOf(await surveyOf(kiosk.page), rules, fonts.undrawn);
        // How far things are apart has its own measure, which is stricter.
        if (look.first)
          faults.push(...(await barriersOf(kiosk.page, { rules: { 'color-contrast': { enabled: false } } })));
        if (faults.length > 0) found[`${name} ${language} ${size}`] = faults;
        const text = large ? '.large' : '';
        if (faults.length > 0 || takesPictures())
          await kiosk.photograph(join(OUT, `${name}.${language}.${size}${text}.png`));
      }
      expect(found).toEqual({});
      expect(kiosk.errors).toEqual([]);
    },
  );
});

it('the measuring finds what is wrong with a bad page', async () => {
  const page = await browser.newPage({ viewport: KIOSK_SIZES.landscape });
  await page.setContent(`<html lang="ug" dir="rtl"><body style="margin: 0"><div class="stage" style="height: 1080px">
    <main style="height: 600px; font: 36px/1.2 sans-serif">
      <p style="color: #767676; width: 300px">Grey words in more than one line</p>
      <p style="font-size: 20px; white-space: nowrap; width: 90px; overflow: hidden; text-overflow: ellipsis">Small and cut</p>
      <p>2026-11-20 - 2026-11-21</p>
      <button style="position: absolute; top: 500px; left: 100px; border: 1px solid #eee; background: #fff">
        <span style="background: #fff; color: #000">Pale</span></button>
    </main><footer><button class="help" style="position: absolute; bottom: 0; right: 0; width: 200px; height: 120px">
      ?</button></footer></div></body></html>`);
  const found = faultsOf(await surveyOf(page), RULES.normal, fonts.undrawn).join('\n');
  for (const wanted of [
    /p "Grey words .*": a contrast of 4\.5, wanted at least 7/,
    /p "Grey words .*": lines 1\.20 apart, wanted at least 1\.7/,
    /p "Small and cut": 20 px, wanted at least 36/,
    /p "Small and cut": its content is larger than it is/,
    /the digits of "2026-11-20 - 2026-11-21" are mirrored/,
    /button "Pale": .* wanted at least 120 each way/,
    /button "Pale": its edge has a contrast of 1\.\d, wanted at least 3/,
    /help: not at the bottom left/,
  ])
    expect(found).toMatch(wanted);
  await page.close();
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

it('the sheets in docs/kiosk.md are of these screens (UPDATE_SCREENSHOTS=1 npm run e2e -- terminal-app/e2e/screens makes them again)', async () => {
  if (takesPictures()) await updateSheet(browser, { names: Object.keys(KIOSK_SAMPLES), shots: OUT });
  expect(await isSheetCurrent()).toBe(true);
});
