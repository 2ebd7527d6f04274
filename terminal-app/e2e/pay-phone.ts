import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import { errorsOf } from './page-errors.ts';
import { patient } from './patience.ts';

const SANDBOX = join(import.meta.dirname, '../../server/sandbox/wallet');
const ANDROID =
  'Mozilla/5.0 (Linux; Android 13; 22081212C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36';

/** Which program on the phone opened the code. */
export type PhoneBrowser = 'wechat' | 'alipay' | 'bestpay' | 'other';

const AGENTS: Readonly<Record<PhoneBrowser, string>> = {
  wechat: `${ANDROID} MicroMessenger/8.0.47.2560(0x28002F37) WeChat/arm64 NetType/WIFI Language/zh_CN`,
  alipay: `${ANDROID} AliApp(AP/10.5.26.8000) AlipayClient/10.5.26.8000 Language/zh-Hans`,
  bestpay: `${ANDROID} Bestpay/11.3.0`,
  other: ANDROID,
};

/** What a wallet puts into pages inside it. */
const BRIDGES: Readonly<Partial<Record<PhoneBrowser, { variable: string; file: string }>>> = {
  wechat: { variable: 'WECHAT_SANDBOX_URL', file: 'wechat/pages/bridge.js' },
  alipay: { variable: 'ALIPAY_SANDBOX_URL', file: 'alipay/pages/bridge.js' },
};

/** A payer's phone on the page behind the one code. */
export class PayPhone {
  readonly page: Page;
  readonly errors: readonly string[];

  private constructor(page: Page) {
    this.page = patient(page);
    this.errors = errorsOf(page);
  }

  static async open(
    browser: Browser,
    init: { stack: Pick<Stack, 'urls'>; url: string; by: PhoneBrowser; locale?: string },
  ): Promise<PayPhone> {
    const { stack, url, by, locale = 'zh-CN' } = init;
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
      deviceScaleFactor: 2,
      userAgent: AGENTS[by],
      locale,
      reducedMotion: 'reduce',
    });
    const bridge = BRIDGES[by];
    if (bridge !== undefined) {
      const script = await readFile(join(SANDBOX, bridge.file), 'utf8');
      const home = `globalThis.${bridge.variable}=${JSON.stringify(stack.urls.walletUrl)};`;
      await context.addInitScript({ content: home + script });
    }
    const phone = new PayPhone(await context.newPage());
    await phone.page.goto(url);
    return phone;
  }

  /** Waits until these words are on the page. */
  async reads(...words: string[]): Promise<void> {
    for (const word of words) await this.page.locator('#app').getByText(word).first().waitFor();
  }

  /** What can be pressed, in the page's order. */
  buttons(): Promise<string[]> {
    return this.page.locator('#app main button').allInnerTexts();
  }

  async tap(words: string): Promise<void> {
    const named = { name: words, exact: true };
    await this.page.getByRole('button', named).or(this.page.getByRole('link', named)).tap();
  }

  /** Pays at the wallet where this browser was sent or that opens over the page, and comes back to our page. */
  async payWith(wallet: string, by: PhoneBrowser): Promise<void> {
    switch (by) {
      case 'wechat': {
        const opening = this.page.context().waitForEvent('page');
        await this.tap(wallet);
        const sheet = await opening;
        await sheet.locator('#main [data-mode="once"]').tap();
        await sheet.locator('#main .outcome.done').waitFor();
        return tapAway(sheet, '#main [data-mode="list"]');
      }
      case 'alipay': {
        const opening = this.page.context().waitForEvent('page');
        await this.tap(wallet);
        const sheet = await opening;
        return tapAway(sheet, '#main [data-act="pay"]');
      }
      case 'bestpay':
      case 'other':
        await this.tap(wallet);
        return this.#payWhereItWasSent();
    }
  }

  /** Away from our page, to a wallet's: its phone page or its cashier. */
  async #payWhereItWasSent(): Promise<void> {
    const { page } = this;
    await page.locator('#main [data-mode="once"], #main [data-act="pay"]').tap();
    await page.locator('#main .outcome').waitFor();
    const back = page.locator('#main [data-act="back"]').or(page.getByRole('button', { name: '返回商家' }));
    // Bestpay knows no way back but the phone's own.
    if ((await back.count()) > 0) await back.tap();
    else await page.goBack();
  }

  async close(): Promise<void> {
    expect(this.errors).toEqual([]);
    await this.page.context().close();
  }
}

/** Taps what closes its page, which may be gone before it has said that it was tapped. */
async function tapAway(sheet: Page, selector: string): Promise<void> {
  const closed = sheet.waitForEvent('close');
  await sheet
    .locator(selector)
    .tap()
    .catch((error: unknown) => {
      if (!sheet.isClosed()) throw error;
    });
  await closed;
}
