import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import { startStack } from '../../../build/run/dev/stack.ts';
import type { Stack, StackInit } from '../../../build/run/dev/stack-contract.ts';
import { barriersOf } from '../../../terminal-app/e2e/barriers.ts';
import { inWorker } from '../../../terminal-app/e2e/in-worker.ts';
import { errorsOf } from '../../../terminal-app/e2e/page-errors.ts';
import { patient } from '../../../terminal-app/e2e/patience.ts';
import { pictureOfFailure } from '../../../terminal-app/e2e/real-stack.ts';

export const SHOTS = join(import.meta.dirname, '../../dist/console-e2e');
/** What is shown while something is read, comes or goes. */
const RESTLESS = '.el-skeleton, .is-closing, [class*="-enter-active"], [class*="-leave-active"]';
/** Orders of the year that the console is looked at with: some of each state; the whole year has 412,000. */
export const YEAR_IN_CI = 2_000;
const DESK = { width: 1440, height: 900 };

/** How many changes of colour or place have begun and not ended: half way a button that was grey has no contrast. */
function inMotion(): number {
  const ends = (each: Animation): boolean => each.effect?.getComputedTiming().endTime !== Infinity;
  return document.getAnimations().filter((each) => each.playState === 'running' && ends(each)).length;
}

export interface Console {
  readonly stack: Stack;
  readonly browser: Browser;
}

/**
 * A server with nothing in it yet, without a kiosk, which begins and ends with a file's tests, and the worker's browser:
 * what the console shows is lists of all that there is.
 */
export function onConsole(ready: (on: Console) => void | Promise<void>, init: StackInit = {}): void {
  let own: Stack | undefined;
  inWorker.beforeAll(async ({ browser }) => {
    await mkdir(SHOTS, { recursive: true });
    own = await startStack({ kiosk: false, ...init });
    await ready({ stack: own, browser });
  });
  afterAll(() => own?.close());
}

/** A person at the console, in a browser context of their own. */
export class Desk {
  readonly page: Page;
  /** What went wrong in the page; tests expect it to be empty. */
  readonly errors: readonly string[];
  readonly #url: string;

  private constructor(page: Page, url: string) {
    this.page = patient(page);
    this.errors = errorsOf(page);
    this.#url = url;
  }

  /** Not logged in yet. `byName`: at `localhost`, where browsers have passkeys. */
  static async open(
    { stack, browser }: Console,
    locale: 'zh-CN' | 'en' = 'zh-CN',
    at: 'byNumber' | 'byName' = 'byNumber',
  ): Promise<Desk> {
    const context = await browser.newContext({ viewport: DESK, locale, reducedMotion: 'reduce' });
    const url = new URL(stack.urls.webUrl);
    if (at === 'byName') url.hostname = 'localhost';
    return new Desk(await context.newPage(), `${url.origin}/admin`);
  }

  /** The first administrator, unless another is named. */
  async logIn(stack: Stack, who = { name: 'admin', password: stack.adminPassword }): Promise<void> {
    await this.go('/login');
    await this.page.locator('#name').fill(who.name);
    await this.page.locator('#password').fill(who.password);
    await this.page.locator('button[type=submit]').click();
    await this.page.locator('#content h1').waitFor();
  }

  /** To an address of the console: `/orders`. */
  async go(path: string): Promise<void> {
    await this.page.goto(`${this.#url}${path}`);
  }

  /** Waits until all these words are on the page. */
  async reads(...words: readonly string[]): Promise<void> {
    for (const each of words) await this.page.getByText(each).first().waitFor();
  }

  /** Nothing is being read any more, and nothing comes or goes. */
  async settles(): Promise<void> {
    await this.page.waitForLoadState('networkidle');
    await expect.poll(() => this.page.locator(RESTLESS).count()).toBe(0);
    await expect.poll(() => this.page.evaluate(inMotion)).toBe(0);
  }

  /** What axe finds serious or worse on the page once it has settled. */
  async barriers(): Promise<string[]> {
    await this.settles();
    return barriersOf(this.page);
  }

  async shot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** Takes a picture of a desk whose test failed, and closes it. */
export function eachAtDesk(desk: () => Desk | undefined): void {
  afterEach(async ({ task }) => {
    const at = desk();
    if (at === undefined) return;
    await pictureOfFailure(at.page, task, SHOTS);
    await at.close();
  });
}

/** Gives who sits down at a desk of each test, logged in as the first administrator. */
export function deskATest(on: () => Console): (locale?: 'zh-CN' | 'en') => Promise<Desk> {
  let desk: Desk | undefined;
  eachAtDesk(() => desk);
  beforeEach(() => {
    desk = undefined;
  });
  return async (locale) => {
    desk = await Desk.open(on(), locale);
    await desk.logIn(on().stack);
    return desk;
  };
}
