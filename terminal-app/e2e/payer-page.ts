import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { errorsOf } from './page-errors.ts';
import { patient } from './patience.ts';

const PHONE = { width: 360, height: 740 };

/** A resident's phone on the server's own pages, as eyes and fingers use them. */
export class PayerPage {
  readonly page: Page;
  readonly errors: readonly string[];

  private constructor(page: Page) {
    this.page = patient(page);
    this.errors = errorsOf(page);
  }

  /** A phone that was never here. */
  static async open(browser: Browser, webUrl: string): Promise<PayerPage> {
    const context = await browser.newContext({ viewport: PHONE, locale: 'zh-CN', reducedMotion: 'reduce' });
    const payer = new PayerPage(await context.newPage());
    await payer.page.goto(`${webUrl}/p/`);
    return payer;
  }

  async reads(...words: string[]): Promise<void> {
    for (const word of words) await this.page.locator('#app').getByText(word).first().waitFor();
  }

  async press(words: string): Promise<void> {
    const named = { name: words, exact: true };
    await this.page.getByRole('button', named).or(this.page.getByRole('link', named)).click();
  }

  /** From the question for the number to "bound". */
  async bind(sandbox: SandboxClient, customerNo: string): Promise<void> {
    await this.page.locator('#number').fill(customerNo);
    await this.press('发验证码');
    await this.reads('短信里的 6 位数字是多少？');
    await this.page.locator('#code').fill(await sandbox.textedCode(customerNo));
    await this.press('绑定');
    await this.reads('绑好了');
  }

  /** Pays on the order's own page, which opens beside this one and leads to the wallet and back. */
  async pay(): Promise<void> {
    const opening = this.page.context().waitForEvent('page');
    await this.press('去付款');
    const own = await opening;
    await own.getByRole('button', { name: '用微信付款' }).click();
    await own.locator('#main button[data-mode="once"]').click();
    await own.locator('#main .outcome.done').waitFor();
    await own.getByRole('button', { name: '返回商家' }).click();
    await own.locator('#app').getByText('凭证号').waitFor();
    await own.close();
  }

  /** Of the order that is on the screen. */
  orderNo(): string {
    return /#\/o\/(\d+)/.exec(this.page.url())?.[1] ?? '';
  }

  async close(): Promise<void> {
    expect(this.errors).toEqual([]);
    await this.page.context().close();
  }
}
