import { expect, it } from 'vitest';
import { Desk, onConsole, type Console } from './console.ts';

const LOCALES = ['zh-CN', 'en'] as const;
const DAY_MS = 86_400_000;
/** What lists say by themselves where a page gives them no sentence. */
const BARE = /^(?:暂无数据|无数据|无|No Data|None)$/u;
/** What is not so on a server that has just begun. */
const UNTRUE = /还有 \d+ 天没有对账|\d+ days? (?:was|were) not compared/u;
let on: Console;

onConsole((console) => {
  on = console;
});

it.each(LOCALES)(
  'a server that has just begun raises no alarm on any page, and each empty list says what comes: %s',
  async (locale) => {
    const desk = await Desk.open(on, locale);
    const { page } = desk;
    const complaints: string[] = [];
    page.on('console', (said) => {
      if (said.type() === 'error') complaints.push(said.text());
    });
    try {
      await desk.logIn(on.stack);
      complaints.length = 0;
      await page.locator('nav.menu a').first().waitFor();
      const menu = await page
        .locator('nav.menu a')
        .evaluateAll((links) =>
          links.map((link) => (link as HTMLAnchorElement).pathname.replace('/admin', '')),
        );
      const yesterday = new Date(Date.now() + 8 * 3_600_000 - DAY_MS).toISOString().slice(0, 10);
      const faults: string[] = [];
      for (const path of [...menu, `/reconciliation/${yesterday}`, '/account']) {
        await desk.go(path);
        await page.locator('#content h1').waitFor();
        await desk.settles();
        const tabs = await page.locator('main [role=tab]').count();
        for (let n = 0; n < Math.max(1, tabs); n += 1) {
          if (tabs > 0) await page.locator('main [role=tab]').nth(n).click();
          await desk.settles();
          const found = await faultsOf(desk);
          faults.push(...found.map((fault) => `${path} ${tabs > 0 ? `tab ${n}` : ''}: ${fault}`));
          const name = `fresh${path.replaceAll('/', '-')}${tabs > 0 ? `.${n}` : ''}.${locale}`;
          await desk.shot(name);
        }
      }
      expect(faults).toEqual([]);
      expect([...desk.errors, ...complaints]).toEqual([]);
    } finally {
      await desk.close();
    }
  },
);

async function faultsOf(desk: Desk): Promise<string[]> {
  const { page } = desk;
  const text = await page.locator('main').innerText();
  const untrue = UNTRUE.exec(text)?.[0];
  const empties = await page.locator('main .el-table__empty-text:visible').allInnerTexts();
  return [
    ...(await page.evaluate(alarms)),
    ...(untrue === undefined ? [] : [untrue]),
    ...empties
      .filter((said) => BARE.test(said.trim()) || said.trim().length < 4)
      .map((said) => `says “${said}”`),
  ];
}

/** Runs in the page: what has the colour of danger or of a warning, or says by its role that something is wrong. */
function alarms(): string[] {
  const main = document.querySelector('main');
  if (main === null) return ['there is no page'];
  const probe = document.createElement('span');
  document.body.append(probe);
  const colours = ['--danger', '--warning'].map((name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  const isShown = (each: Element): boolean => each.getClientRects().length > 0;
  return [...main.querySelectorAll('*')]
    .filter((each) => isShown(each) && each.closest('button, .is-required') === null)
    .filter((each) => {
      const { color, backgroundColor, borderLeftColor, borderLeftWidth } = getComputedStyle(each);
      const speaks = each instanceof SVGElement || [...each.childNodes].some((node) => node.nodeType === 3);
      return (
        (speaks && colours.includes(color)) ||
        colours.includes(backgroundColor) ||
        (borderLeftWidth !== '0px' && colours.includes(borderLeftColor)) ||
        each.matches('.el-alert--error, .el-alert--warning')
      );
    })
    .map((each) => (each.textContent.trim() || each.parentElement?.textContent || each.tagName).slice(0, 80));
}
