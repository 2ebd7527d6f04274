import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '@bianmin/purchase/api/language';
import { amt } from '../../stb-app/portal/fakes/amt.ts';
import site from '../../stb-app/portal/site.json' with { type: 'json' };
import { launchChromium } from './chromium.ts';
import { looksAt, looksAtAll, takesPictures } from './measure/looks.ts';
import { PORTAL_SIZES, PortalPage, type PortalPageInit } from './portal-page.ts';
import { PortalSite, type PortalSample } from './portal-site.ts';
import { SAMPLE_VIEWS } from './sample-views.ts';

const OUT = join(import.meta.dirname, '../dist/portal-sheet');
const SIZES = ['hd', 'sd'] as const;
const OLD_BOX = 'Mozilla/5.0 (Linux; U; Android 4.4.2; zh-cn; EC6108V9) AppleWebKit/534.24';

interface Shot extends PortalSample {
  readonly box?: Partial<PortalPageInit>;
  /** Of the page's clock, ms. */
  readonly after?: number;
  readonly keys?: readonly string[];
}

const view = (name: string): Shot => ({ view: SAMPLE_VIEWS[name] ?? {} });
const VIEWS = [
  ...['wait', 'reading', 'who', 'who-arrears', 'amount', 'pay', 'pay-preparing', 'pay-closing', 'selling'],
  ...['writing', 'done', 'done-resumed', 'pulled-paid', 'other-card', 'resume', 'grid-silent', 'refund-done'],
  'expired',
];
const one = SAMPLE_VIEWS['pay'];
const problem = {
  ...{ screen: 'problem', staffCode: 'card.tries', orderNo: '261125093000123456' },
  moneySafe: 'safe-with-order',
};
const SHOTS: Readonly<Record<string, Shot>> = {
  ...Object.fromEntries(VIEWS.map((name) => [name, view(name)])),
  'pay-any': { view: { ...one, channel: 'any', codeUrl: `https://pay.example.com/p/${'a'.repeat(22)}` } },
  'amount-typed': { ...view('amount'), keys: ['Digit6', 'Digit5'] },
  'problem-safe': { view: { ...problem, code: 'card-changed', canRetry: false } },
  'problem-retry': { view: { ...problem, code: 'card-mute', canRetry: true, moneySafe: 'nothing-taken' } },
  look: { view: { screen: 'cash-staff' } },
  over: { state: 'ended' },
  opening: { state: 'waiting' },
  failed: { state: 'waiting', after: 26_000 },
  'server-away': { away: true },
  old: { box: { userAgent: OLD_BOX } },
  absent: { box: { installed: [] } },
  install: { box: { installed: [], query: 'carrier=gd-telecom' } },
};

let browser: Browser;
let pages: PortalSite;
beforeAll(async () => {
  await mkdir(OUT, { recursive: true });
  [browser, pages] = await Promise.all([launchChromium(), PortalSite.open()]);
});
afterAll(async () => {
  await browser.close();
  pages.close();
});

/** What a stranger would stumble over, within 5 % of the edges as televisions cut them. */
function faults(): string[] {
  const found: string[] = [];
  const { clientWidth: width, clientHeight: height } = document.body;
  const [side, edge] = [width * 0.05 - 1, height * 0.05 - 1];
  const least = width > 1000 ? 24 : 16;
  const boxes: [() => string, DOMRect][] = [];
  for (const element of document.querySelectorAll<HTMLElement>('#page *')) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    const name = () =>
      `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.slice(0, 24)}"`;
    if (
      !/^(?:body|said|choices)$/.test(element.className) &&
      (box.left < side || box.right > width - side || box.top < edge || box.bottom > height - edge)
    )
      found.push(`under the edge: ${name()}`);
    if (hasText && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
      found.push(`cut or overflowing: ${name()}`);
    if (hasText && parseFloat(getComputedStyle(element).fontSize) < least)
      found.push(`type too small: ${name()}`);
    if (/undefined|NaN|\{\w+\}|\|/.test(element.textContent))
      found.push(`a place without a value: ${name()}`);
    if (hasText || element.tagName === 'CANVAS') boxes.push([name, box]);
  }
  boxes.forEach(([name, a], at) => {
    for (const [other, b] of boxes.slice(at + 1))
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        found.push(`over each other: ${name()} and ${other()}`);
  });
  const asks = document.querySelector('.choices .choice') !== null;
  if (document.querySelectorAll('.focused').length !== (asks ? 1 : 0)) found.push('no focus, or two');
  return found;
}

/** As the page calls it. */
function screenOf(shot: string): string {
  if (shot === 'pay-closing') return 'closing';
  if (['grid-silent', 'other-card', 'server-away', 'amount-typed'].includes(shot)) return shot;
  return shot.split('-')[0] ?? shot;
}

/** The page with the shot on it. */
async function shown(shot: Shot, init: Pick<PortalPageInit, 'size' | 'query'>): Promise<PortalPage> {
  pages.sample = shot;
  const portal = await PortalPage.open({
    ...{ browser, webUrl: pages.url, middleware: amt, installed: [site.app.package], ...init, ...shot.box },
    query: `${init.query ?? ''}&${shot.box?.query ?? ''}`,
    prepare: async (page) => {
      if (shot.after !== undefined) await page.clock.install();
    },
  });
  if (shot.after !== undefined) {
    await portal.shows('opening');
    await portal.page.clock.runFor(shot.after);
  }
  return portal;
}

/** How a shot comes onto the screen: told to a page that follows an app, on a page that begins anew, or in another box. */
function wayOf({ box, after, keys, state, away }: Shot): 'told' | 'begun' | 'own' {
  if (box !== undefined || after !== undefined) return 'own';
  return [keys, state, away].some((each) => each !== undefined) ? 'begun' : 'told';
}

/** Puts the next thing that the app shows on a page that follows it, as if it had just come. */
async function tell(portal: PortalPage, shot: Shot, screen: string): Promise<void> {
  // Another screen between: the focus stays where it was on one of the same name.
  const between = screen === 'reading' ? 'wait' : 'reading';
  for (const [next, name] of [[view(between), between] as const, [shot, screen] as const]) {
    pages.sample = next;
    await portal.page.evaluate(() => {
      // The page asks at once when it is seen again, and each second besides.
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await portal.shows(name);
  }
}

const LOOKED = Object.entries(SHOTS).map(([name, shot], at) => ({
  ...{ name, shot },
  looks: looksAt({ languages: LANGUAGES, frames: SIZES, at, all: looksAtAll() }),
}));
/** Whatever is told comes first: a page that hears of an end follows no more. */
const ORDERED = (['told', 'begun', 'own'] as const).flatMap((way) =>
  LOOKED.filter(({ shot }) => wayOf(shot) === way).map((looked) => ({ ...looked, way })),
);

describe.each(LANGUAGES)("the portal's pages in %s", (language) => {
  it.each(SIZES)('at %s leave nothing to stumble over', async (size) => {
    const found: Record<string, string[]> = {};
    const query = `lang=${language}`;
    const usual = await shown({}, { size, query });
    const { width, height } = PORTAL_SIZES[size];
    for (const { name, shot, looks, way } of ORDERED) {
      if (!looks.some((look) => look.language === language && look.frame === size)) continue;
      const portal = way === 'own' ? await shown(shot, { size, query }) : usual;
      if (way === 'told') await tell(portal, shot, screenOf(name));
      if (way === 'begun') {
        pages.sample = shot;
        await portal.page.reload();
      }
      if (shot.keys !== undefined) await portal.shows('amount');
      for (const key of shot.keys ?? []) await portal.press(key);
      await portal.shows(screenOf(name));
      await portal.page.evaluate(async () => {
        // A letter that was not shown before is in a file that is asked for when it is laid out.
        document.body.getBoundingClientRect();
        await document.fonts.ready;
      });
      const bad = await portal.page.evaluate(faults);
      if (bad.length > 0) found[name] = bad;
      if (bad.length > 0 || takesPictures()) {
        const path = join(OUT, `${name}.${language}.${size}.png`);
        await portal.page.screenshot({ path, clip: { x: 0, y: 0, width, height } });
      }
      if (portal !== usual) await portal.close();
    }
    await usual.close();
    expect(found).toEqual({});
  });
});
