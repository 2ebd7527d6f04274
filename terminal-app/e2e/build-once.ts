import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { MAINS } from '../../build/dev/part-list.ts';
import { buildPrograms, removePrograms } from '../../build/dev/programs.ts';
import {
  ensureConsolePages,
  ensurePayerPages,
  ensurePortalPages,
  ensureRenderer,
  ensureTvPages,
} from '../../build/dev/renderer.ts';

const PAGES = [ensureRenderer, ensurePayerPages, ensurePortalPages, ensureConsolePages, ensureTvPages];

const BUILT = join(import.meta.dirname, '../dist');

let programs = '';

/** Pages and programs are built once, before any worker begins: later two workers would each build the same. */
export async function setup(): Promise<void> {
  for (const ensure of PAGES) await ensure((line) => process.stdout.write(`${line}\n`));
  programs = await mkdtemp(join(BUILT, 'programs-'));
  await buildPrograms(programs, MAINS);
}

export async function teardown(): Promise<void> {
  if (programs !== '') await removePrograms(programs);
}
