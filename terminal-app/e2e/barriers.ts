import axe from 'axe-core';
import type { RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

/** Puts axe into the page, once. */
export async function withAxe(page: Page): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
}

/** axe tells what it found wrong alone; of what a page brings it asks for sounds again, which one of its rules hears. */
const BRIEFLY: RunOptions = { resultTypes: ['violations'], preload: { assets: ['media'] } };

/** What axe finds serious or worse on the page as it is. */
export async function barriersOf(page: Page, options: RunOptions = {}): Promise<string[]> {
  await withAxe(page);
  return page.evaluate(
    async (run) => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(run);
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    },
    { ...BRIEFLY, ...options },
  );
}
