import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { direction, type Language } from '@bianmin/purchase/api/language';
import { patient } from './patience.ts';

/** The kiosk's page as a person's eyes and fingers use it. */
export class KioskPage {
  readonly page: Page;
  readonly errors: string[] = [];

  private constructor(page: Page) {
    this.page = patient(page);
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  static async open(browser: Browser, url: string): Promise<KioskPage> {
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    const kiosk = new KioskPage(page);
    await page.goto(url);
    return kiosk;
  }

  /** Waits until these words are on the screen. */
  async reads(...words: string[]): Promise<void> {
    for (const word of words) await this.#comes(this.page.locator('.stage').getByText(word).first(), word);
  }

  /** Waits for it; in vain: what the screen shows instead is in the error. */
  async #comes(wanted: Locator, words: string): Promise<void> {
    try {
      await wanted.waitFor();
    } catch (cause) {
      const shown = await this.page.locator('body').innerText({ timeout: 5_000 });
      throw new Error(`Waited in vain for "${words}". The screen shows: ${shown.replace(/\s+/gu, ' ')}`, {
        cause,
      });
    }
  }

  async press(words: string): Promise<void> {
    await this.page.locator('.stage').getByRole('button', { name: words, exact: true }).click();
  }

  /** The screen in each language, ending in Chinese, as `NAME.LANGUAGE.png`. */
  async shots(folder: string, name: string): Promise<void> {
    for (const language of ['ug', 'en', 'zh-CN'] as const) {
      await chooseLanguage(this.page, language);
      await this.page.locator('.stage').screenshot({ path: join(folder, `${name}.${language}.png`) });
    }
  }

  /** Digits, one key after the other. */
  async type(digits: string): Promise<void> {
    for (const digit of digits) await this.press(digit);
  }

  async insert(cardId: string): Promise<void> {
    await this.page.locator(`[data-card="${cardId}"]`).click();
  }

  async takeOut(): Promise<void> {
    await this.page.locator('.side .eject').click();
    // The reader says so: only then can the card be put in somewhere else.
    await this.page.locator('.side .eject:disabled').waitFor();
  }

  /** Who comes next puts away what the last one left on the screen. */
  async begins(): Promise<void> {
    const stage = this.page.locator('.stage');
    const left = stage.getByRole('button', { name: /^(?:知道了|重新开始)$/u });
    await this.#comes(stage.getByText('请把电卡插进读卡器').or(left).first(), '请把电卡插进读卡器');
    if (await left.isVisible()) await left.click();
    await this.reads('请把电卡插进读卡器');
  }

  /** Takes the card out of a screen that says how it ended, which stays a while or until it is confirmed. */
  async leaveDone(): Promise<void> {
    await this.takeOut();
    await this.press('知道了');
    await this.reads('请把电卡插进读卡器');
  }

  /** The order number on the screen, without the spaces it is shown with. */
  async orderNo(): Promise<string> {
    const shown = await this.page
      .locator('.stage dd')
      .filter({ hasText: /^\s*\d{6} \d{6} \d{6}/u })
      .first()
      .innerText();
    return shown.replace(/\s/g, '');
  }

  /** Opens the sandbox phone on the code that is on the screen. */
  async scan(browser: Browser): Promise<Page> {
    const link = this.page.locator('.side a.phone');
    await link.waitFor();
    const href = await link.getAttribute('href');
    expect(href).toBeTruthy();
    const phone = patient(await browser.newPage({ viewport: { width: 390, height: 844 } }));
    await phone.goto(href as string);
    return phone;
  }

  /** The page's process dies under it, as one that ran out of memory. */
  async crash(): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const crashed = this.page.waitForEvent('crash');
    // Nothing answers it any more.
    session.send('Page.crash').catch(() => undefined);
    await crashed;
    await this.page.close();
  }

  async close(): Promise<void> {
    expect(this.errors).toEqual([]);
    await this.page.close();
  }
}

/** Presses one of the phone page's buttons: pay once, twice, late, or go away without paying. */
export async function onPhone(phone: Page, mode: 'once' | 'twice' | 'late' | 'close'): Promise<void> {
  if (mode === 'late' || mode === 'twice') await phone.locator('summary').click();
  await phone.locator(`#main button[data-mode="${mode}"]`).click();
  await phone.locator('#main .outcome').waitFor();
  await phone.close();
}

/** Presses a language, and waits until all is said in it: the words follow the press by a frame. */
export async function chooseLanguage(page: Page, language: Language): Promise<void> {
  await page.locator(`header nav button[lang="${language}"]`).click();
  await page.locator(`html[lang="${language}"][dir="${direction(language)}"]`).waitFor();
}
