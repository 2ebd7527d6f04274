import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { seedStack } from '../../../build/run/seed/seed-stack.ts';
import { Desk, onConsole, YEAR_IN_CI } from './console.ts';

const LOCALES = ['zh-CN', 'en'] as const;
const IMAGES = join(import.meta.dirname, '../../../docs/images/console');
/** `npm run e2e -- admin/e2e/pages` with this takes the pictures of docs/console.md again. */
const updates = process.env['UPDATE_SCREENSHOTS'] !== undefined;
/** Sums that a province might have. */
const YEAR_IN_DOCS = 20_000;
const IN_DOCS = ['overview', 'orders', 'reconciliation', 'payments'];

const desks = new Map<string, Desk>();

onConsole(async (console) => {
  if (updates) await mkdir(IMAGES, { recursive: true });
  await seedStack(console.stack, { orders: updates ? YEAR_IN_DOCS : YEAR_IN_CI });
  await Promise.all(
    LOCALES.map(async (locale) => {
      const desk = await Desk.open(console, locale);
      await desk.logIn(console.stack);
      desks.set(locale, desk);
    }),
  );
});
afterAll(async () => {
  await Promise.all([...desks.values()].map((desk) => desk.close()));
});

function deskOf(locale: string): Desk {
  const desk = desks.get(locale);
  if (desk === undefined) throw new Error(`Nobody sits at a console in ${locale}.`);
  return desk;
}

it('every page of the menu in Chinese and English is whole: nothing failed, nothing in anybody’s way, nothing wider than the screen', async () => {
  // At once: what one waits for costs the other nothing.
  const found = await Promise.all(LOCALES.map(faultsIn));
  expect(found.flat()).toEqual([]);
  for (const desk of desks.values()) expect(desk.errors).toEqual([]);
});

/** What is wrong with each page of the menu. */
async function faultsIn(locale: string): Promise<string[]> {
  const desk = deskOf(locale);
  const { page } = desk;
  await desk.go('/orders');
  await page.locator('nav.menu a').first().waitFor();
  const addresses = await page
    .locator('nav.menu a')
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).pathname));
  expect(addresses.length).toBeGreaterThan(10);
  const faults: string[] = [];
  for (const address of addresses) {
    const name = address.replace('/admin', '').replaceAll('/', '-').replace(/^-/, '') || 'overview';
    await page.locator(`nav.menu a[href="${address}"]`).click();
    const found = [
      ...(await desk.barriers()),
      ...(await page.locator('[role=alert].el-alert--error').allInnerTexts()),
      ...(await page.evaluate(wider)),
    ];
    faults.push(...found.map((fault) => `${name} in ${locale}: ${fault}`));
    if (found.length > 0) await desk.shot(`page.${name}.${locale}`);
    if (updates && locale === 'zh-CN' && IN_DOCS.includes(name)) {
      await page.screenshot({ path: join(IMAGES, `${name}.jpg`), type: 'jpeg', quality: 70 });
    }
  }
  return faults;
}

/** Runs in the page: words that are cut, and a page that has to be moved sideways. */
function wider(): string[] {
  const main = document.querySelector('main');
  if (main === null) return ['there is no page'];
  return main.scrollWidth > main.clientWidth + 1 ? [`${main.scrollWidth} px in ${main.clientWidth}`] : [];
}
