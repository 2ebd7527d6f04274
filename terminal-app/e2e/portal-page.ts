import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Launch } from '../../stb-app/portal/fakes/launch.ts';
import type { Middleware } from '../../stb-app/portal/fakes/middleware.ts';
import { errorsOf } from './page-errors.ts';
import { patient, PRESS_AGAIN_MS } from './patience.ts';

export const PORTAL_SIZES = {
  hd: { width: 1280, height: 720, file: '' },
  sd: { width: 640, height: 530, file: 'sd.html' },
} as const;

export interface PortalPageInit {
  readonly browser: Browser;
  /** Of the site; the pages are under `/portal/`. */
  readonly webUrl: string;
  readonly size?: keyof typeof PORTAL_SIZES;
  /** Absent: a browser without middleware. */
  readonly middleware?: Middleware;
  readonly installed?: readonly string[];
  readonly userAgent?: string;
  readonly query?: string;
  /** Before the page is opened. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** An IPTV box's browser on the portal's pages, by remote control. */
export class PortalPage {
  readonly page: Page;
  readonly errors: readonly string[];

  private constructor(page: Page) {
    this.page = patient(page);
    this.errors = errorsOf(page);
  }

  static async open(init: PortalPageInit): Promise<PortalPage> {
    const { width, height, file } = PORTAL_SIZES[init.size ?? 'hd'];
    const context = await init.browser.newContext({
      viewport: { width, height },
      userAgent: init.userAgent ?? 'Mozilla/5.0 (Linux; Android 7.1.2; B860AV2.1) AppleWebKit/537.36',
    });
    const portal = new PortalPage(await context.newPage());
    if (init.middleware !== undefined) {
      const box = `{ installed: ${JSON.stringify(init.installed ?? [])}, started: (it) => window.launches.push(it) }`;
      // The fake's own text: it needs nothing beside it.
      await portal.page.addInitScript({
        content: `window.launches = []; window.STBAppManager = (${init.middleware.toString()})(${box});`,
      });
    }
    await init.prepare?.(portal.page);
    await portal.goto(`${init.webUrl}/portal/${file}?${init.query ?? ''}`);
    return portal;
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url);
  }

  /** Waits until the page shows this screen. */
  async shows(screen: string): Promise<void> {
    await this.page.locator(`#page[data-screen="${screen}"]`).waitFor();
  }

  /** Who comes next puts away how the last purchase ended, once the card is out. */
  async begins(): Promise<void> {
    const waits = this.page.locator('#page').getByText('请把电卡插进读卡器').first();
    for (let presses = 0; presses < 5 && !(await waits.isVisible()); presses++) {
      await this.press('Enter');
      await waits.waitFor({ timeout: PRESS_AGAIN_MS }).catch(() => undefined);
    }
    await this.reads('请把电卡插进读卡器');
  }

  async reads(...words: string[]): Promise<void> {
    for (const word of words) await this.page.locator('#page').getByText(word).first().waitFor();
  }

  /** Keys of the remote, as slowly as a hand: what comes sooner the page takes for a bounce. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.page.waitForTimeout(120);
      await this.page.keyboard.press(key);
    }
  }

  focused(): Promise<string | null> {
    return this.page.locator('.focused').getAttribute('data-id');
  }

  /** What the box's middleware started. */
  launches(): Promise<Launch[]> {
    return this.page.evaluate(() => Reflect.get(window, 'launches') as Launch[]);
  }

  async close(): Promise<void> {
    expect(this.errors).toEqual([]);
    await this.page.context().close();
  }
}
