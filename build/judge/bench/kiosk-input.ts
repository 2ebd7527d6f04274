import type { Page } from 'playwright-core';
import { LANGUAGE_NAMES, LANGUAGES } from '@bianmin/purchase/api/language';
import { painted, words } from './kiosk-buyer.ts';
import { pressesPainted, watchPresses } from './kiosk-presses.ts';
import { throttled } from './stb-page.ts';

/** All keys are pressed so often, each time anew: the second slowest of a single time is a matter of luck. */
const TIMES = 3;

export interface Pressed {
  /** ms of each press to the next paint. */
  readonly ms: readonly number[];
  /** The slowest of each key, the slowest key first. */
  readonly slowest: readonly (readonly [key: string, ms: number])[];
}

/** Keys for amounts and numbers, languages, size of text, help, back: what fingers do on the way to the code. */
export async function pressKeys(
  page: Page,
  on: { putIn: () => Promise<unknown>; takeOut: () => Promise<void>; times?: number },
): Promise<Pressed> {
  const session = await throttled(page);
  await watchPresses(page);
  const measured: number[] = [];
  const slow = new Map<string, number>();
  const press = async (...names: string[]): Promise<void> => {
    for (const name of names) {
      // A click of Playwright's asks the page in each of its events what it hits, which the page would pay for.
      await page.locator('.stage').getByRole('button', { name, exact: true }).first().hover();
      await page.mouse.down();
      await page.mouse.up();
      const [ms = 0] = await pressesPainted(page, 1);
      measured.push(ms);
      slow.set(name, Math.max(ms, slow.get(name) ?? 0));
    }
  };
  const languages = LANGUAGES.map((language) => LANGUAGE_NAMES[language]);
  for (let i = 0; i < (on.times ?? TIMES); i += 1) {
    await painted(page, ['wait', 'done']);
    await press(...languages, ...languages.toReversed());
    await press(words('chrome.textSize'), words('chrome.textNormal'), words('chrome.help'));
    await press(words('chrome.close'));
    await on.putIn();
    await press(words('who.yes'));
    await painted(page, ['amount']);
    // The last erases nothing, which leaves the keys.
    await press(words('amount.other'), ...'12345', ...Array<string>(5).fill(words('amount.erase')));
    await on.takeOut();
  }
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  return { ms: measured, slowest: [...slow].sort(([, a], [, b]) => b - a) };
}
