import type { BrowserContext, Page } from 'playwright-core';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { say, type WordKey } from '../../../terminal-app/src/words/words.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';

type Screen = PurchaseView['screen'];

const LIMIT_MS = 30_000;

/** What a key or a screen says at a kiosk that speaks Chinese, as it does until another language is asked for. */
export const words = (key: WordKey, values: Readonly<Record<string, string>> = {}): string =>
  say('zh-CN', key, values);

/** Opens the kiosk's page by its address, as the program that starts the browser does. */
export async function openKiosk(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  // The entrance goes on to the page itself.
  await page.locator('.stage').waitFor({ timeout: LIMIT_MS });
  return page;
}

/**
 * Resolves with the first of these screens that the kiosk's page has painted, one that is there already included; fails
 * where none comes in `limitMs` or the page goes away. Ask before what brings the screen about, and the time until then
 * is a person's.
 */
export async function painted(page: Page, screens: readonly Screen[], limitMs = LIMIT_MS): Promise<Screen> {
  const found = page.evaluate(
    // No function in it has a name: its text goes to the page alone.
    (names) =>
      new Promise<string>((resolve) => {
        new MutationObserver((_, observer) => {
          const name = document.querySelector('.stage')?.getAttribute('data-screen') ?? '';
          if (!names.includes(name)) return;
          observer.disconnect();
          requestAnimationFrame(() => {
            // The task after a frame comes when it was drawn.
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => {
              resolve(name);
            };
            port2.postMessage(null);
          });
        }).observe(document.documentElement, { attributes: true, childList: true, subtree: true });
        // A change of ours, so that the first look is at what is there.
        document.documentElement.toggleAttribute('data-looked');
      }),
    screens as readonly string[],
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`The kiosk did not come to ${screens.join(' or ')} in ${limitMs / 1000} s.`));
    }, limitMs);
  });
  try {
    return (await Promise.race([found, late])) as Screen;
  } catch (error) {
    const shown = await screenOf(page);
    throw new Error(`${error instanceof Error ? error.message : String(error)} It shows ${shown}.`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    found.catch(() => undefined);
  }
}

/** What the page shows now; empty where it cannot say. */
export async function screenOf(page: Page): Promise<string> {
  const asked = page.evaluate(() => document.querySelector('.stage')?.getAttribute('data-screen') ?? '');
  // A page that has crashed never answers.
  const dumb = new Promise<string>((resolve) => setTimeout(resolve, 2_000, ''));
  return Promise.race([asked.catch(() => ''), dumb]);
}

/** A person at the kiosk's page: fingers on its keys, hands at its reader, a phone that pays what is on it. */
export class KioskBuyer {
  readonly page: Page;
  readonly #sandbox: SandboxClient;
  readonly #readerId: string;

  constructor(init: { page: Page; sandbox: SandboxClient; readerId: string }) {
    this.page = init.page;
    this.#sandbox = init.sandbox;
    this.#readerId = init.readerId;
  }

  /** ms from the card in the reader to the question whose it is. */
  async putIn(cardId: string): Promise<number> {
    return this.#until(['who'], () => this.#sandbox.insert(this.#readerId, cardId));
  }

  /** From "is it yours" to the code; gives what a wallet scans. */
  async toCode(): Promise<string> {
    await this.press(words('who.yes'));
    await painted(this.page, ['amount']);
    await this.press(words('amount.yuan', { yuan: '50' }));
    await painted(this.page, ['pay']);
    return this.code();
  }

  /** What the code that is on the screen holds. */
  async code(limitMs = LIMIT_MS): Promise<string> {
    const link = this.page.locator('.side a.phone');
    const href = (await link.getAttribute('href', { timeout: limitMs })) ?? '';
    // A wallet's own code is in the phone page's address; the one for every wallet is the address.
    return new URL(href).searchParams.get('code_url') ?? href;
  }

  /** ms from the money to the screen that says that the card is being written. */
  async pay(codeUrl: string): Promise<number> {
    return this.#until(['writing', 'done'], () => this.#sandbox.pay(codeUrl));
  }

  async takeOut(): Promise<void> {
    await this.#sandbox.eject(this.#readerId);
  }

  async press(words: string): Promise<void> {
    await this.page.locator('.stage').getByRole('button', { name: words, exact: true }).click();
  }

  async #until(screens: readonly Screen[], act: () => Promise<void>): Promise<number> {
    const shown = painted(this.page, screens);
    shown.catch(() => undefined);
    const from = performance.now();
    await act();
    await shown;
    return performance.now() - from;
  }
}
