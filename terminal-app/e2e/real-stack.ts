import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, type TestContext } from 'vitest';
import { startStack, type Stack, type StackInit } from '../../build/dev/stack.ts';
import { SandboxClient, type WorldHousehold } from '../../build/sandbox-client.ts';
import { launchChromium } from './chromium.ts';
import { KioskPage } from './kiosk-page.ts';

/** What a file of end-to-end tests runs on. */
export interface RealStack {
  readonly stack: Stack;
  readonly browser: Browser;
  readonly sandbox: SandboxClient;
}

/**
 * Starts stack and browser before a file's tests and ends them after; `shots` is the folder of its pictures, `init` what
 * the stack has otherwise than usual.
 */
export function onRealStack(
  shots: string,
  ready: (on: RealStack) => void | Promise<void>,
  init: StackInit = {},
): void {
  let on: RealStack;
  beforeAll(async () => {
    await mkdir(shots, { recursive: true });
    const [stack, browser] = await Promise.all([startStack(init), launchChromium()]);
    on = { stack, browser, sandbox: new SandboxClient(stack.urls) };
    await ready(on);
  });
  afterAll(async () => {
    await on.browser.close();
    await on.stack.close();
  });
}

/** Opens a kiosk that waits for a card before each test; after it the reader is empty and a failure is a picture. */
export function eachAtKiosk(init: {
  on: () => RealStack;
  shots: string;
  ready: (kiosk: KioskPage) => void;
}): void {
  let kiosk: KioskPage;
  beforeEach(async () => {
    const { browser, stack } = init.on();
    kiosk = await KioskPage.open(browser, await stack.kioskUrl());
    init.ready(kiosk);
    await kiosk.begins();
  });
  afterEach(async ({ task }) => {
    const { sandbox, stack } = init.on();
    await pictureOfFailure(kiosk.page, task, init.shots);
    await sandbox.eject(stack.readerId);
    await kiosk.close();
  });
}

/** `of`: which of several pages it is. */
export async function pictureOfFailure(
  page: Page,
  task: TestContext['task'],
  shots: string,
  of = 'page',
): Promise<void> {
  if (task.result?.state !== 'fail') return;
  const name = task.name.slice(0, 40).replace(/\W+/gu, '-');
  await page.screenshot({ path: join(shots, `failed.${name}.${of}.png`) });
}

/** One with a meter and a card of this chip that may buy now. */
export async function oneHousehold(sandbox: SandboxClient, chip: string): Promise<WorldHousehold> {
  const [made] = await sandbox.households(1, chip);
  if (made === undefined) throw new Error('The sandbox made no household.');
  return made;
}
