import type { Browser, Page } from 'playwright-core';
import { errorsOf } from '../../terminal-app/e2e/page-errors.ts';
import { patient, PRESS_AGAIN_MS } from '../../terminal-app/e2e/patience.ts';
import { BOUNCE_MS } from '../src/tv/keys.ts';

const KEYS = {
  ok: 'Enter',
  back: 'Escape',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  up: 'ArrowUp',
  down: 'ArrowDown',
};
export type RemoteKey = keyof typeof KEYS;

/** The TV as a family sees it, with a keyboard for a remote. */
export class TvPage {
  readonly page: Page;
  readonly errors: readonly string[];

  private constructor(page: Page) {
    this.page = patient(page);
    this.errors = errorsOf(page);
  }

  /** `before` runs in the page before any script of its own. */
  static async open(browser: Browser, url: string, init: { before?: () => void } = {}): Promise<TvPage> {
    const viewport = { width: 1280, height: 720 };
    const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
    if (init.before !== undefined) await context.addInitScript(init.before);
    const tv = new TvPage(await context.newPage());
    await tv.page.goto(url);
    return tv;
  }

  /** Waits until these words are on the screen. */
  async reads(...words: string[]): Promise<void> {
    for (const word of words) await this.page.locator('.tv').getByText(word).first().waitFor();
  }

  /** Who comes next puts away what the last one left on the screen. */
  async begins(): Promise<void> {
    const tv = this.page.locator('.tv');
    const waits = tv.getByText('请把电卡插进读卡器').first();
    const left = tv.getByRole('button', { name: /^(?:知道了|重新开始)$/u }).first();
    // A press while the card is on its way out may meet the screen as it changes.
    for (let presses = 0; presses < 3; presses++) {
      await waits.or(left).first().waitFor();
      if (await waits.isVisible()) return;
      await this.choose((await left.innerText()).trim());
      await waits.waitFor({ timeout: PRESS_AGAIN_MS }).catch(() => undefined);
    }
    await this.reads('请把电卡插进读卡器');
  }

  /** Presses of the remote, as far apart as a thumb makes them. */
  async press(...keys: RemoteKey[]): Promise<void> {
    for (const key of keys) await this.#key(KEYS[key]);
  }

  async type(digits: string): Promise<void> {
    for (const digit of digits) await this.#key(`Digit${digit}`);
  }

  /** By the arrows to the button with these words, then OK. */
  async choose(words: string): Promise<void> {
    await this.focus(words);
    await this.press('ok');
  }

  /** Goes with the arrows alone, as the crow flies, until the button has the focus. */
  async focus(words: string): Promise<void> {
    const target = this.page.locator('.tv').getByRole('button', { name: words, exact: true });
    await target.first().waitFor();
    for (let presses = 0; presses < 20; presses++) {
      if ((await this.focused()) === words) return;
      const way = await target.first().evaluate((element) => {
        const [to, from] = [element, document.activeElement ?? document.body].map((each) =>
          each.getBoundingClientRect(),
        );
        if (to === undefined || from === undefined) return 'down';
        const dx = to.left + to.width / 2 - (from.left + from.width / 2);
        const dy = to.top + to.height / 2 - (from.top + from.height / 2);
        const apart = to.top >= from.bottom || to.bottom <= from.top;
        if (apart) return dy > 0 ? 'down' : 'up';
        return dx > 0 ? 'right' : 'left';
      });
      await this.press(way);
    }
    throw new Error(`The arrows do not lead to "${words}", but to "${await this.focused()}".`);
  }

  /** Words of the button that has the focus. */
  focused(): Promise<string> {
    return this.page.evaluate(() => document.activeElement?.textContent?.replace(/\s+/g, ' ').trim() ?? '');
  }

  async codeUrl(): Promise<string> {
    const code = this.page.locator('.qr');
    await code.waitFor();
    return (await code.getAttribute('data-code')) ?? '';
  }

  /** The order number on the screen, without the spaces it is shown with. */
  async orderNo(): Promise<string> {
    const shown = await this.page.locator('dl dd').first().innerText();
    return shown.replace(/\s/g, '');
  }

  async close(): Promise<void> {
    if (this.errors.length > 0) throw new Error(`The page had errors: ${this.errors.join('; ')}`);
    await this.page.context().close();
  }

  async #key(key: string): Promise<void> {
    await this.page.keyboard.press(key);
    await this.page.waitForTimeout(BOUNCE_MS + 20);
  }
}
