import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../terminal-app/e2e/chromium.ts';
import { looksAt, looksAtAll, takesPictures } from '../../terminal-app/e2e/measure/looks.ts';
import { arePicturesCurrent, PICTURE_LANGUAGES, updatePictures } from './pictures.ts';
import { NO_PAGE, PAY_UNTIL, SHOWN, STATUS, type Shown } from './tv-samples.ts';

/** Every screen of the home box in three languages and both text sizes: the built pages, with what is shown put in. */

const BUILT = join(import.meta.dirname, '../dist/tv');
/** The pages as they were when the tests began, even if they are built meanwhile. */
let built: string;
const OUT = join(import.meta.dirname, '../dist/tv-sheet');
const LANGUAGES = PICTURE_LANGUAGES;

let browser: Browser;
let url: string;
let close: () => void;
beforeAll(async () => {
  // No picture of an earlier run.
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  built = await mkdtemp(join(tmpdir(), 'bianmin-tv-'));
  await cp(BUILT, built, { recursive: true });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const own = SYSTEM_FONT.exec(pathname)?.[1];
    const path =
      own === undefined
        ? join(built, pathname === '/' ? 'index.html' : pathname)
        : join(FONTS, `noto-sans-sc-chinese-simplified-${own}-normal.woff2`);
    readFile(path).then(
      (body) =>
        response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? TYPES['.html'] }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  close = () => server.close();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  close();
  await rm(built, { recursive: true });
});
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};

/** A box has a Chinese font of its own, for names and places; a machine that runs tests may have none. */
const SYSTEM_FONT = /^\/system-(400|700)\.woff2$/;
const FONTS = join(
  dirname(createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/400.css')),
  'files',
);
const SYSTEM_FONT_FACES = ['400', '700']
  .map(
    (weight) =>
      `@font-face { font-family: 'Noto Sans CJK SC'; font-weight: ${weight}; src: url('/system-${weight}.woff2'); }`,
  )
  .join('');

/** The store behind the page, which Vue 2 leaves at the element. */
async function show(page: Page, next: object, pages: object): Promise<void> {
  await page.evaluate(
    ([patch, ofPages]) => {
      interface Held extends Element {
        __vue__?: { $pinia: { _s: Map<string, Record<string, unknown>> } };
      }
      const stores = document.querySelector<Held>('.tv')?.__vue__?.$pinia._s;
      const store = stores?.get('tv');
      if (store === undefined) throw new Error('The page has no store.');
      Object.assign(stores?.get('pages') ?? {}, ofPages);
      Object.assign(store, { broken: null, overlay: null }, patch);
    },
    [next, pages] as const,
  );
  // A character that was not shown before is in a file that is asked for when it is laid out.
  await page.evaluate(async () => {
    await new Promise(requestAnimationFrame);
    document.body.getBoundingClientRect();
    await new Promise(requestAnimationFrame);
    await document.fonts.ready;
    await new Promise(requestAnimationFrame);
  });
}

async function showSample(page: Page, shown: Shown, as: { language: string; large: boolean }): Promise<void> {
  const { view, status, overlay, pages, asking } = shown;
  // A household is asked on the screen that it had before.
  if (view.asking !== undefined) await show(page, { view: { ...view, asking: undefined }, ...as }, NO_PAGE);
  await show(
    page,
    {
      ...{ view, status: { ...STATUS, ...status }, ...as },
      ...{ overlay: overlay ?? null, pageAsking: asking ?? null },
    },
    { ...NO_PAGE, ...pages },
  );
}

/** What a stranger would stumble over: cut or overflowing text, out of the safe area, no focus, targets or type too small. */
function faults(): string[] {
  const found: string[] = [];
  const tv = document.querySelector('.tv');
  if (tv === null) return ['no TV'];
  const over = document.querySelector('.overlay');
  const frame = over ?? tv;
  const main = frame.querySelector('main')?.getBoundingClientRect();
  for (const element of frame.querySelectorAll<HTMLElement>('*')) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || element.closest('svg')) continue;
    const name = () =>
      `${element.tagName.toLowerCase()}.${element.className} "${element.innerText.slice(0, 24)}"`;
    // The focus is 4 % larger, and may be: what matters there is seen all the same.
    const grown = element.contains(document.activeElement) ? 24 : 0;
    const isLeaf = element.children.length === 0 || element.tagName === 'BUTTON';
    if (
      isLeaf &&
      (box.left < 63 - grown || box.right > 1217 + grown || box.top < 35 - grown || box.bottom > 685 + grown)
    )
      found.push(`outside the safe area: ${name()}`);
    if (
      main &&
      element.closest('main') &&
      isLeaf &&
      (box.top < main.top - 1 - grown || box.bottom > main.bottom + 1 + grown)
    )
      found.push(`under the frame: ${name()}`);
    if (
      element.scrollWidth > element.clientWidth + 1 + grown &&
      element.clientWidth > 0 &&
      getComputedStyle(element).display !== 'inline'
    )
      found.push(`cut or overflowing: ${name()}`);
    if (element.tagName === 'BUTTON' && box.height < 63) found.push(`target too small: ${name()}`);
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    if (hasText && parseFloat(getComputedStyle(element).fontSize) < 23.9)
      found.push(`type too small: ${name()}`);
  }
  const { activeElement } = document;
  if (activeElement === null || !frame.contains(activeElement)) found.push('nothing has the focus');
  else if (!getComputedStyle(activeElement).boxShadow.includes('255, 194, 71'))
    found.push('the focus is not seen');
  return found;
}

const SAMPLES = Object.entries(SHOWN).map(([name, shown], at) => ({
  ...{ name, shown },
  looks: looksAt({ languages: LANGUAGES, frames: [false, true], at, all: looksAtAll() }),
}));

describe('every screen of the home box', () => {
  let page: Page;
  const errors: string[] = [];
  beforeAll(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });
    page.on('pageerror', (error) => errors.push(error.message));
    // So that each picture of the time left is the same one.
    await page.clock.setFixedTime(PAY_UNTIL - 290_000);
    await page.goto(url);
    await page.addStyleTag({ content: SYSTEM_FONT_FACES });
  });
  afterAll(() => page.close());

  it.each(LANGUAGES.flatMap((language) => [false, true].map((large) => ({ language, large }))))(
    'in $language, large text $large: nothing cut, outside the safe area or without focus',
    async ({ language, large }) => {
      const all: Record<string, string[]> = {};
      for (const { name, shown, looks } of SAMPLES) {
        if (!looks.some((look) => look.language === language && look.frame === large)) continue;
        await showSample(page, shown, { language, large });
        const found = await page.evaluate(faults);
        if (found.length > 0) all[name] = found;
        const text = large ? '.large' : '';
        if (found.length > 0 || takesPictures())
          await page.screenshot({ path: join(OUT, `${name}.${language}${text}.png`) });
      }
      expect(all).toEqual({});
      expect(errors).toEqual([]);
    },
  );
});

it('and its pictures in docs/stb-screens.md are of these screens (UPDATE_SCREENSHOTS=1 npm run e2e -- stb-app/e2e/screens takes them again)', async () => {
  if (takesPictures()) {
    await updatePictures(browser, { names: Object.keys(SHOWN), shots: OUT });
  }
  expect(await arePicturesCurrent()).toBe(true);
});
