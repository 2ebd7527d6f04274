import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PURCHASE_OUTCOMES } from '@bianmin/shared/api/home';
import type { PurchaseView } from '@bianmin/shared/purchase/view';
import { launchChromium } from '../../terminal-app/e2e/chromium.ts';
import { SAMPLE_VIEWS } from '../../terminal-app/e2e/sample-views.ts';
import type { BoxStatus } from '../src/box/status.ts';
import type { PhoneState } from '../src/box/phone-visit.ts';
import type { Remembered, usePages } from '../src/tv/pages.ts';
import { arePicturesCurrent, PICTURE_LANGUAGES, updatePictures } from './pictures.ts';

/** Every screen of the home box in three languages and both text sizes: the built pages, with what is shown put in. */

const BUILT = join(import.meta.dirname, '../dist/tv');
/** The pages as they were when the tests began, whoever builds them meanwhile. */
let built: string;
const OUT = join(import.meta.dirname, '../dist/tv-sheet');
const LANGUAGES = PICTURE_LANGUAGES;

const STATUS: BoxStatus = {
  facts: {
    appVersion: '0.1.0',
    androidApi: 25,
    model: 'EC6110-T',
    engine: 'x',
    serverUrl: 'https://server.test',
    helpPhone: '0991-95598',
    sandbox: true,
  },
  terminal: 'accepted',
  fingerprint: 'abcd1234EFGH',
  server: 'online',
  readerFaults: [],
  unfinished: [],
};
const NO_READER = { ...SAMPLE_VIEWS['problem-no-reader'], withoutCard: true } as PurchaseView;
const WAIT = SAMPLE_VIEWS['wait'] as PurchaseView;

interface Shown {
  readonly view: PurchaseView;
  readonly status?: Partial<BoxStatus>;
  readonly overlay?: 'help' | 'settings';
  readonly pages?: Partial<PagesState>;
  /** Of a page of the box's own: by when somebody is to answer. */
  readonly asking?: number;
}
type PagesState = ReturnType<typeof usePages>['$state'];

const NO_PAGE: PagesState = {
  ...{ page: null, homes: null, purchases: null, older: null, from: 0 },
  ...{ trouble: null, remembered: null, kept: false, keepsAny: false, phone: null },
};
const HOMES = ['张*', '阿卜*****', '古丽*', '李*'].map((name, index) => ({
  id: `home-of-the-box-${index}`,
  customer: { name, address: '天山区**小区3号楼2单元', customerNo: `****123${index}` },
}));
const HOME = HOMES[0];
const IN_HOMES: Partial<PagesState> = { page: { is: 'homes' }, homes: HOMES };
const PURCHASES = PURCHASE_OUTCOMES.map((outcome, index) => ({
  ...{ orderNo: `26112509300012345${index}`, at: '2026-11-25T06:03:00Z', outcome },
  ...{ faceFen: 12_345_00, creditFen: index % 2 === 0 ? 12_000_00 : 12_345_00 },
  kind: outcome === 'on-meter' ? ('remote' as const) : ('card' as const),
  entry: (['kiosk', 'iptv3', 'phone'] as const)[index % 3] ?? 'kiosk',
}));
const OF_CARD: Partial<PagesState> = { page: { is: 'history' }, purchases: PURCHASES };
const { expiresAt: PAY_UNTIL } = SAMPLE_VIEWS['pay'] as { expiresAt: number };
const WHO = SAMPLE_VIEWS['who'] as PurchaseView;
const AMOUNT = SAMPLE_VIEWS['amount'] as Extract<PurchaseView, { screen: 'amount' }>;
const DONE = SAMPLE_VIEWS['done'] as Extract<PurchaseView, { screen: 'done' }>;
const remembered = (is: Remembered): Shown => ({
  view: DONE,
  pages: { remembered: { orderNo: DONE.orderNo, is } },
});

const beside = (phone: PhoneState): Shown => ({ view: AMOUNT, pages: { page: { is: 'phone' }, phone } });

/** What a box shows besides a kiosk's screens. */
const OF_THE_BOX: Readonly<Record<string, Shown>> = {
  'wait-homes': { view: WAIT, pages: { keepsAny: true } },
  'wait-unfinished': { view: WAIT, status: { unfinished: ['261125093000123456'] } },
  'wait-away': { view: WAIT, status: { server: 'away' } },
  'reader-none': { view: NO_READER },
  'reader-ask': {
    view: NO_READER,
    status: { readerFaults: [{ name: 'ACS ACR38U-CCID', code: 'usb.permission' }] },
  },
  'reader-unknown': {
    view: NO_READER,
    status: { readerFaults: [{ name: 'Shenzhen Long Name Co. Smart Pad 3 Pro', code: 'usb.io' }] },
  },
  'keys-lost': { view: WAIT, status: { terminal: 'keys-lost', fingerprint: '' } },
  'enrol-asking': { view: WAIT, status: { terminal: 'asking', server: 'away' } },
  'enrol-pending': { view: WAIT, status: { terminal: 'pending' } },
  'enrol-rejected': { view: WAIT, status: { terminal: 'rejected' } },
  homes: { view: WAIT, pages: IN_HOMES },
  'homes-asking': { view: WAIT, pages: IN_HOMES, asking: PAY_UNTIL - 263_000 },
  'homes-last': { view: NO_READER, pages: { ...IN_HOMES, from: 3 } },
  'homes-one': { view: WAIT, pages: { ...IN_HOMES, homes: HOMES.slice(0, 1) } },
  'homes-none': { view: WAIT, pages: { ...IN_HOMES, homes: [] } },
  'homes-loading': { view: WAIT, pages: { page: { is: 'homes' } } },
  'homes-away': {
    view: WAIT,
    status: { server: 'away' },
    pages: { ...IN_HOMES, trouble: 'server.unavailable' },
  },
  history: { view: WHO, pages: OF_CARD },
  'history-older': { view: WHO, pages: { ...OF_CARD, from: 4 } },
  'history-none': { view: WHO, pages: { ...OF_CARD, purchases: [] } },
  'history-of-home': {
    view: WAIT,
    pages: { ...OF_CARD, page: { is: 'history', ...(HOME && { home: HOME }) }, older: '261125093000123450' },
  },
  'history-away': { view: WHO, pages: { page: { is: 'history' }, trouble: 'server.unavailable' } },
  'history-expired': { view: WHO, pages: { page: { is: 'history' }, trouble: 'card.session-expired' } },
  recalling: { view: { screen: 'recalling' } },
  'amount-home': { view: { ...AMOUNT, remote: true, bound: true } },
  'amount-home-arrears': {
    view: { ...AMOUNT, remote: true, bound: true, household: { ...AMOUNT.household, arrearsFen: 1850 } },
  },
  'phone-opening': beside({ is: 'opening' }),
  'phone-code': beside({ is: 'code', url: `https://pay.bianmin.example/p/#/tv/${'x'.repeat(22)}` }),
  'phone-here': beside({ is: 'here' }),
  'phone-lost': beside({ is: 'lost' }),
  'phone-failed': beside({ is: 'failed' }),
  'phone-chosen': beside({ is: 'chosen', faceFen: 5000 }),
  'done-remembering': remembered('busy'),
  'done-remembered': remembered('done'),
  'done-full': remembered('full'),
  'done-not-remembered': remembered('failed'),
  help: { view: WAIT, overlay: 'help' },
  settings: { view: WAIT, overlay: 'settings' },
};
const SHOWN: Readonly<Record<string, Shown>> = {
  // Staff take cash at kiosks alone.
  ...Object.fromEntries(
    Object.entries(SAMPLE_VIEWS)
      .filter(([name, view]) => !name.includes('cash') && !('cash' in view))
      .map(([name, view]): [string, Shown] => [name, { view }]),
  ),
  ...OF_THE_BOX,
};

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
    const name = `${element.tagName.toLowerCase()}.${element.className} "${element.innerText.slice(0, 24)}"`;
    // The focus is 4 % larger, and may be: what matters there is seen all the same.
    const grown = element.contains(document.activeElement) ? 24 : 0;
    const isLeaf = element.children.length === 0 || element.tagName === 'BUTTON';
    if (
      isLeaf &&
      (box.left < 63 - grown || box.right > 1217 + grown || box.top < 35 - grown || box.bottom > 685 + grown)
    )
      found.push(`outside the safe area: ${name}`);
    if (
      main &&
      element.closest('main') &&
      isLeaf &&
      (box.top < main.top - 1 - grown || box.bottom > main.bottom + 1 + grown)
    )
      found.push(`under the frame: ${name}`);
    if (
      element.scrollWidth > element.clientWidth + 1 + grown &&
      element.clientWidth > 0 &&
      getComputedStyle(element).display !== 'inline'
    )
      found.push(`cut or overflowing: ${name}`);
    if (element.tagName === 'BUTTON' && box.height < 63) found.push(`target too small: ${name}`);
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    if (hasText && parseFloat(getComputedStyle(element).fontSize) < 23.9)
      found.push(`type too small: ${name}`);
  }
  const { activeElement } = document;
  if (activeElement === null || !frame.contains(activeElement)) found.push('nothing has the focus');
  else if (!getComputedStyle(activeElement).boxShadow.includes('255, 194, 71'))
    found.push('the focus is not seen');
  return found;
}

describe('every screen of the home box', () => {
  it.each(LANGUAGES.flatMap((language) => [false, true].map((large) => ({ language, large }))))(
    'in $language, large text $large: nothing cut, outside the safe area or without focus',
    async ({ language, large }) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      // So that each picture of the time left is the same one.
      await page.clock.setFixedTime(PAY_UNTIL - 290_000);
      await page.goto(url);
      await page.addStyleTag({ content: SYSTEM_FONT_FACES });
      const all: Record<string, string[]> = {};
      for (const [name, { view, status, overlay, pages, asking }] of Object.entries(SHOWN)) {
        // Somebody is asked on the screen that they had before.
        if (view.asking !== undefined) await show(page, { view: { ...view, asking: undefined } }, NO_PAGE);
        await show(
          page,
          {
            ...{ view, status: { ...STATUS, ...status }, language, large },
            ...{ overlay: overlay ?? null, pageAsking: asking ?? null },
          },
          { ...NO_PAGE, ...pages },
        );
        const found = await page.evaluate(faults);
        if (found.length > 0) all[name] = found;
        if (!large) await page.screenshot({ path: join(OUT, `${name}.${language}.png`) });
      }
      expect(all).toEqual({});
      expect(errors).toEqual([]);
      await page.close();
    },
  );
});

it('and its pictures in docs/stb-screens.md are of these screens (UPDATE_SCREENSHOTS=1 npm run e2e -- stb-app/e2e/screens takes them again)', async () => {
  if (process.env['UPDATE_SCREENSHOTS'] !== undefined) {
    await updatePictures(browser, { names: Object.keys(SHOWN), shots: OUT });
  }
  expect(await arePicturesCurrent()).toBe(true);
});
