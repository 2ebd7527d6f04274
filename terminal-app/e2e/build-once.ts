import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { MAINS } from '../../build/run/dev/part-list.ts';
import { buildPrograms, removePrograms } from '../../build/run/dev/programs.ts';
import {
  ensureConsolePages,
  ensurePayerPages,
  ensurePortalPages,
  ensureRenderer,
  ensureTvPages,
} from '../../build/run/dev/renderer.ts';

const PAGES = [ensureRenderer, ensurePayerPages, ensurePortalPages, ensureConsolePages, ensureTvPages];

/** A kiosk's host that is killed. */
export const KIOSK_CHILD = 'terminal-app/e2e/kiosk-child.ts';

const BUILT = join(import.meta.dirname, '../dist');

let programs = '';

/** Pages and programs are built once, before any worker begins: later two workers would each build the same. */
export async function setup(): Promise<void> {
  // At once: a build is one thread for most of its time.
  await Promise.all(PAGES.map((ensure) => ensure((line) => process.stdout.write(`${line}\n`))));
  programs = await mkdtemp(join(BUILT, 'programs-'));
  await buildPrograms(programs, [...MAINS, KIOSK_CHILD]);
}

export async function teardown(): Promise<void> {
  if (programs !== '') await removePrograms(programs);
}
