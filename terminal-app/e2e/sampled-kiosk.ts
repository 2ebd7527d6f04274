import { writeFile } from 'node:fs/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { Language } from '@bianmin/purchase/api/language';
import type { HostCalls, HostEvent, HostEvents } from '../src/ipc/map.ts';
import type { KioskSample } from './kiosk-sample.ts';
import { SAMPLE_STATUS } from './kiosk-samples.ts';
import { surveyPage } from './measure/survey.ts';
import type { Survey } from './measure/survey-types.ts';
import { chooseLanguage } from './kiosk-page.ts';

export const KIOSK_SIZES = {
  landscape: { width: 1920, height: 1080 },
  portrait: { width: 1080, height: 1920 },
} as const;
export type KioskSize = keyof typeof KIOSK_SIZES;

interface Init {
  readonly browser: Browser;
  /** Of the built page. */
  readonly url: string;
  readonly size: KioskSize;
  readonly language: Language;
  readonly large: boolean;
  /** What a test needs in the page before it is opened. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/**
 * Said smaller than the rest: names and numbers for a helper, labels of fields, what the frame offers on every screen, the
 * clerk's strip, and the words of the asker from afar, which may be two hundred.
 */
const SECONDARY = 'header nav, dl, dt, .label, .entry, .reason, .strip';

/** What the host would say, by event, and answer, by call. */
type Said = Readonly<Omit<HostEvents, 'page.reload'>> & NonNullable<KioskSample['answers']>;

/** The kiosk's built page with a host in it that says whatever the test wants. */
export class SampledKiosk {
  readonly page: Page;
  /** What went wrong in the page; tests expect it to be empty. */
  readonly errors: readonly string[];
  #session: CDPSession | undefined;

  private constructor(page: Page) {
    this.page = page;
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    this.errors = errors;
  }

  static async open({ browser, url, size, language, large, prepare }: Init): Promise<SampledKiosk> {
    const page = await browser.newPage({ viewport: KIOSK_SIZES[size], reducedMotion: 'reduce' });
    const kiosk = new SampledKiosk(page);
    await prepare?.(page);
    await page.addInitScript(fakeHost, saidOf({ view: { screen: 'reading' } }));
    await page.goto(url);
    await kiosk.speak(language, large);
    return kiosk;
  }

  /** In this language and text size from now on, as chosen on a screen where nothing lies over the frame. */
  async speak(language: Language, large: boolean): Promise<void> {
    const { page } = this;
    await this.show({ view: { screen: 'reading' } });
    await chooseLanguage(page, language);
    const isLarge = () => page.locator('html.large').count();
    if ((await isLarge()) > 0 === large) return;
    await page.locator('nav button.size').click();
    await page.locator(large ? 'html.large' : 'html:not(.large)').waitFor();
  }

  /** The screen as if it had just come: what was pressed or opened before is gone. */
  async show(sample: KioskSample): Promise<void> {
    await this.page.evaluate(
      async ([clean, said]) => {
        const drawn = () => new Promise((resolve) => setTimeout(resolve));
        const { say } = window as unknown as { say: (said: object) => void };
        for (const dialog of document.querySelectorAll('dialog')) dialog.close();
        say(clean);
        await drawn();
        say(said);
        await drawn();
      },
      [saidOf({ view: { screen: 'reading' } }), saidOf(sample)] as const,
    );
    await sample.act?.(this.page);
    // A letter that was not shown before is in a file that is asked for when it is laid out.
    await this.page.evaluate(async () => {
      document.body.getBoundingClientRect();
      await document.fonts.ready;
      await new Promise((resolve) => setTimeout(resolve));
    });
  }

  /** A picture of the screen, PNG. Larger and in half of the time that Playwright's own takes. */
  async photograph(path: string): Promise<void> {
    this.#session ??= await this.page.context().newCDPSession(this.page);
    const { data } = await this.#session.send('Page.captureScreenshot', { optimizeForSpeed: true });
    await writeFile(path, data, 'base64');
  }

  /** What the page has asked its host to do, oldest first. */
  commands(): Promise<unknown> {
    return this.page.evaluate(() => (window as unknown as { commands: unknown[] }).commands);
  }

  /** The name of each call of the page to its host, oldest first. */
  calls(): Promise<string[]> {
    return this.page.evaluate(() => (window as unknown as { calls: string[] }).calls);
  }

  /** What the host says next, as a shell brings it. */
  async say(sample: KioskSample): Promise<void> {
    await this.page.evaluate((said) => {
      (window as unknown as { say: (said: object) => void }).say(said);
    }, saidOf(sample));
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

function saidOf({ view, remote, status, staff, answers }: KioskSample): Said {
  // Asked three seconds ago, or to be paid since ten, whenever it is shown.
  const asking = view.asking === undefined ? {} : { asking: Date.now() + 27_000 };
  const shown =
    view.screen === 'pay' && view.expiresAt !== null ? { ...view, expiresAt: Date.now() + 290_000 } : view;
  return {
    'purchase.view': { ...shown, ...asking },
    'remote-card.view': remote ?? { state: 'none' },
    'staff.view': staff ?? { state: 'out', mayEnter: view.screen === 'wait' },
    'host.status': { ...SAMPLE_STATUS, ...status },
    'receipt.link': 'https://pay.example/p/r/uwOFjr8WB2nQeoy3V8ozDA',
    ...answers,
  };
}

/** Runs in the page: `window.bianmin` as a shell gives it, and `window.say` to be the host. */
function fakeHost(first: Said): void {
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const commands: unknown[] = [];
  const calls: string[] = [];
  let said = first;
  Object.assign(window, {
    ...{ commands, calls },
    bianmin: {
      call: (name: keyof HostCalls, payload: unknown) => {
        calls.push(name);
        if (name === 'purchase.command') commands.push(payload);
        return Promise.resolve((said as Readonly<Record<string, unknown>>)[name] ?? null);
      },
      on: (name: HostEvent, listener: (payload: unknown) => void) => {
        const set = listeners.get(name) ?? new Set();
        listeners.set(name, set.add(listener));
        return () => set.delete(listener);
      },
    },
    say: (next: Said) => {
      said = next;
      for (const [name, set] of listeners) {
        // Of what is not said, nothing happened.
        if (name in next) for (const listener of set) listener(next[name as keyof typeof next]);
      }
    },
  });
}

/** What the screen in a page measures. */
export function surveyOf(page: Page): Promise<Survey> {
  return surveyPage(page, SECONDARY);
}
