import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { acceptBoxes } from '../../build/run/dev/accept-boxes.ts';
import { startStack } from '../../build/run/dev/stack.ts';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import { Operator } from '../../build/run/dev/operator.ts';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';
import { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { launchChromium } from '../../terminal-app/e2e/chromium.ts';
import { startBoxDouble, type BoxDouble, type BoxDoubleInit } from '../double/server.ts';

/** What a file of the TV's end-to-end tests runs on. */
export interface TvBench {
  readonly stack: Stack;
  readonly browser: Browser;
  readonly sandbox: SandboxClient;
  readonly operator: Operator;
  /** A box of its own, with its own keys, store and reader. */
  box(readerId: string, init?: Partial<BoxDoubleInit>): Promise<BoxDouble>;
  /** Accepts every box that waits for it. */
  accept(): Promise<number>;
  household(chip: string): Promise<WorldHousehold>;
}

/** For a program that is no test: with a browser and a stack of its own, which end with it. */
export async function openTvBench(shots: string): Promise<TvBench & { close(): Promise<void> }> {
  await mkdir(shots, { recursive: true });
  const boxes: BoxDouble[] = [];
  // First: a stack that is not closed would outlive a browser that is not there.
  const browser = await launchChromium();
  const stack = await startStack({ kiosk: false }).catch(async (error: unknown) => {
    await browser.close();
    throw error;
  });
  return {
    ...(await benchOn({ browser, stack, boxes })),
    close: async () => {
      await browser.close();
      for (const box of boxes) await box.close();
      await stack.close();
    },
  };
}

/** `boxes`: where each box that is asked for is kept, for the caller, which ends them. */
export async function benchOn(of: { browser: Browser; stack: Stack; boxes: BoxDouble[] }): Promise<TvBench> {
  const { browser, stack, boxes } = of;
  const sandbox = new SandboxClient(stack.urls);
  const operator = await Operator.login(stack);
  return {
    ...{ stack, browser, sandbox, operator },
    box: async (readerId, more = {}) => {
      const box = await startBoxDouble({
        dir: await mkdtemp(join(tmpdir(), 'bianmin-box-')),
        serverUrl: stack.urls.webUrl,
        sandboxUrl: stack.urls.gridUrl,
        walletUrl: stack.urls.walletUrl,
        readerId,
        port: 0,
        ...more,
      });
      boxes.push(box);
      return box;
    },
    accept: () => acceptBoxes(operator),
    household: (chip) => sandbox.household(chip),
  };
}
