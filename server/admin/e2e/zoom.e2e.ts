import { afterAll, expect, it } from 'vitest';
import { seedStack } from '../../../build/run/seed/seed-stack.ts';
import { Desk, onConsole, YEAR_IN_CI } from './console.ts';

const LOCALES = ['zh-CN', 'en'] as const;
/** What a screen of 1440 × 900 has left at 200 %. */
const ZOOMED = { width: 720, height: 450 };
const PAGES = [
  '/',
  '/money',
  '/months',
  '/reconciliation',
  '/orders',
  '/refunds',
  '/bills',
  '/floats',
  '/deposit',
];
const desks = new Map<string, Desk>();

onConsole(async (console) => {
  await seedStack(console.stack, { orders: YEAR_IN_CI });
  for (const locale of LOCALES) {
    const desk = await Desk.open(console, locale);
    await desk.logIn(console.stack);
    await desk.page.setViewportSize(ZOOMED);
    desks.set(locale, desk);
  }
});
afterAll(async () => {
  await Promise.all([...desks.values()].map((desk) => desk.close()));
});

it.each(LOCALES)(
  'at 200 % every sum of money is seen or scrolled to, and the menu is at hand: %s',
  async (locale) => {
    const desk = desks.get(locale);
    if (desk === undefined) throw new Error(`Nobody sits at a console in ${locale}.`);
    const { page } = desk;
    await desk.go('/orders?lastDays=366');
    await page.locator('.el-table__row a').first().waitFor();
    const order =
      (await page.locator('.el-table__row a').first().getAttribute('href'))?.replace('/admin', '') ?? '';
    const yesterday = new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10);
    const faults: string[] = [];
    let sums = 0;
    for (const path of [...PAGES, '/orders?lastDays=366', order, `/reconciliation/${yesterday}`]) {
      await desk.go(path);
      await page.locator('#content h1').waitFor();
      await desk.settles();
      const name = path === order ? '-order' : path.replaceAll(/[/?=]/gu, '-');
      await desk.shot(`zoom${name}.${locale}`);
      const found = await page.evaluate(unseen);
      sums += found.sums;
      faults.push(...found.faults.map((fault) => `${path}: ${fault}`), ...(await desk.barriers()));
    }
    expect(faults).toEqual([]);
    expect(sums).toBeGreaterThan(100);
    await page.getByRole('button', { name: locale === 'en' ? 'Menu' : '菜单' }).click();
    await desk.shot(`zoom-menu.${locale}`);
    expect(await desk.barriers()).toEqual([]);
    await page.locator('nav.menu a[href="/admin/refunds"]').click();
    await expect.poll(() => page.url()).toContain('/refunds');
    await expect.poll(() => page.locator('nav.menu').isVisible()).toBe(false);
    expect(desk.errors).toEqual([]);
  },
);

/** Runs in the page: sums that are cut, covered or out of reach, and a page that moves sideways. */
function unseen(): { sums: number; faults: string[] } {
  const faults: string[] = [];
  const root = document.documentElement;
  const main = document.querySelector('main');
  if (main === null) return { sums: 0, faults: ['there is no page'] };
  for (const each of [root, main]) {
    if (each.scrollWidth > each.clientWidth + 1) {
      faults.push(`${each.tagName} is ${each.scrollWidth} px wide in ${each.clientWidth}`);
    }
  }
  const words = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  let sums = 0;
  for (let node = words.nextNode(); node !== null; node = words.nextNode()) {
    const at = node.parentElement;
    if (
      at === null ||
      !/\d[\d,]*(?:\.\d+)?/u.test(node.textContent ?? '') ||
      at.getClientRects().length === 0
    )
      continue;
    const isMoney = /\d\.\d\d(?!\d)/u.test(node.textContent ?? '') || at.closest('.number') !== null;
    if (!isMoney || getComputedStyle(at).visibility === 'hidden') continue;
    sums += 1;
    at.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const range = document.createRange();
    range.selectNodeContents(node);
    const said = (node.textContent ?? '').trim();
    for (const { left, right, top, bottom } of range.getClientRects()) {
      if (left < -1 || right > root.clientWidth + 1) faults.push(`“${said}” is out of sight`);
      for (let box = at as Element | null; box !== null && box !== root; box = box.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(box);
        const edge = box.getBoundingClientRect();
        const isCut =
          (overflowX !== 'visible' && (left < edge.left - 1 || right > edge.right + 1)) ||
          (overflowY !== 'visible' && (top < edge.top - 4 || bottom > edge.bottom + 4));
        if (isCut) faults.push(`“${said}” is cut by ${box.tagName}.${box.className}`);
      }
      const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      if (over === null || !(over.contains(at) || at.contains(over))) {
        faults.push(`“${said}” is under ${over?.tagName ?? 'nothing'}.${over?.className ?? ''}`);
      }
    }
  }
  main.scrollTo(0, 0);
  return { sums, faults };
}
