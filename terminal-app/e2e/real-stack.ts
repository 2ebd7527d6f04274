import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeEach, type TestContext } from 'vitest';
import { startStack } from '../../build/run/dev/stack.ts';
import type { Stack, StackInit } from '../../build/run/dev/stack-contract.ts';
import { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { asNew, inWorker } from './in-worker.ts';
import { KioskPage } from './kiosk-page.ts';

/** What a file of end-to-end tests runs on. */
export interface RealStack {
  readonly stack: Stack;
  readonly browser: Browser;
  readonly sandbox: SandboxClient;
}

/**
 * The worker's own browser and stack for a file's tests; `shots` is the folder of its pictures. With `init` the file has a
 * stack of another kind, which begins and ends with it.
 */
export function onRealStack(
  shots: string,
  ready: (on: RealStack) => void | Promise<void>,
  init?: StackInit,
): void {
  let own: Stack | undefined;
  const begin = async (browser: Browser, stack: Stack): Promise<void> => {
    await mkdir(shots, { recursive: true });
    await ready({ stack, browser, sandbox: new SandboxClient(stack.urls) });
  };
  if (init === undefined) {
    inWorker.beforeAll(async ({ browser, stack }) => {
      await asNew(stack);
      await begin(browser, stack);
    });
  } else {
    inWorker.beforeAll(async ({ browser }) => {
      own = await startStack(init);
      await begin(browser, own);
    });
  }
  afterAll(() => own?.close());
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
