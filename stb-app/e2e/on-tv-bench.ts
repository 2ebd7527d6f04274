import { mkdir } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll } from 'vitest';
import { startStack } from '../../build/run/dev/stack.ts';
import type { Stack, StackInit } from '../../build/run/dev/stack-contract.ts';
import { asNew, inWorker } from '../../terminal-app/e2e/in-worker.ts';
import type { BoxDouble } from '../double/server.ts';
import { benchOn, type TvBench } from './tv-bench.ts';

/**
 * The worker's own browser and stack for a file's tests; `shots` is the folder of its pictures. With `init` the file has a
 * stack of another kind, which begins and ends with it.
 */
export function onTvBench(
  shots: string,
  ready: (bench: TvBench) => void | Promise<void>,
  init?: StackInit,
): void {
  const boxes: BoxDouble[] = [];
  let own: Stack | undefined;
  const begin = async (browser: Browser, stack: Stack): Promise<void> => {
    await mkdir(shots, { recursive: true });
    await ready(await benchOn({ browser, stack, boxes }));
  };
  if (init === undefined) {
    inWorker.beforeAll(async ({ browser, stack }) => {
      await asNew(stack);
      await begin(browser, stack);
    });
  } else {
    inWorker.beforeAll(async ({ browser }) => {
      own = await startStack({ kiosk: false, ...init });
      await begin(browser, own);
    });
  }
  afterAll(async () => {
    for (const box of boxes) await box.close();
    await own?.close();
  });
}
