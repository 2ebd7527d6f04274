import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { findFirstCommand } from '../../build/bootstrap/machine.mjs';
import { CHROMIUM_COMMANDS, HEADLESS_SHELL } from '../../build/bootstrap/needs.mjs';
import { PATIENCE_MS } from './patience.ts';

/** The engine alone first: opening a page takes a third of what a browser with windows takes, seen or not. */
const COMMANDS = [HEADLESS_SHELL, ...CHROMIUM_COMMANDS];

/**
 * Without V8's compilers a page's heap holds its objects alone: what they learn of a page's code grows over hundreds of
 * purchases, and looks like a leak.
 */
export const OBJECTS_ONLY = '--js-flags=--jitless';

/** The system's Chromium without anything that would reach for the network. */
export async function launchChromium(...more: readonly string[]): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? findFirstCommand(COMMANDS);
  if (executablePath === undefined)
    throw new Error('No Chromium: run the bootstrap (npm test) or set CHROMIUM.');
  return chromium.launch({
    ...{ executablePath, timeout: PATIENCE_MS },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--force-color-profile=srgb',
      ...more,
    ],
  });
}
