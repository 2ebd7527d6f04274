import { test } from 'vitest';
import { startStack } from '../../build/run/dev/stack.ts';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { launchChromium } from './chromium.ts';

/**
 * What the files that one worker runs have in common: one browser, and one stack as `npm start` has it. Each is started
 * when the first file asks for it and ended with the worker; a test has a browser context and a household of its own.
 */
export const inWorker = test
  .extend('stackInit', { scope: 'worker' }, {})
  .extend('browser', { scope: 'worker' }, async ({ stackInit: _ }, { onCleanup }) => {
    const browser = await launchChromium();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('stack', { scope: 'worker' }, async ({ stackInit }, { onCleanup }) => {
    const stack = await startStack(stackInit);
    onCleanup(() => stack.close());
    return stack;
  });

/** The shared stack as the next file may expect it, whatever the last one did to it and wherever it failed. */
export async function asNew(stack: Stack): Promise<void> {
  for (const part of ['grid', 'wallet', 'web', 'worker', 'kiosk'] as const) {
    if (stack.program(part)?.exit !== undefined) await stack.restart(part);
  }
  const sandbox = new SandboxClient(stack.urls);
  await sandbox.clearGridFaults();
  await sandbox.walletFault({ reset: true });
  await sandbox.readerFaults(stack.readerId, {});
  await sandbox.eject(stack.readerId);
}
