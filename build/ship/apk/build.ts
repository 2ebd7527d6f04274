import { copyFile, cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkApiLevel, compileCode, makeDex } from './code.ts';
import { compileResources, fixTimes } from './resources.ts';
import { run } from './run.ts';
import type { Settings } from './settings.ts';

/** A package before it is signed. */
export interface Unsigned {
  readonly apk: string;
  /** The folder whose files its assets are. */
  readonly assets: string;
  /** How much was checked against API 21. */
  readonly apiCheck: string;
}

/** Builds the package in `work`: same sources, settings and `pages` (the TV's, built), same bytes. */
export async function buildUnsigned(work: string, settings: Settings, pages: string): Promise<Unsigned> {
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, 'dex'), { recursive: true });
  const assets = join(work, 'assets');
  await cp(pages, join(assets, 'pages'), { recursive: true });
  const { apk, gen } = await compileResources(work, settings, assets);
  const classes = await compileCode(work, gen);
  const apiCheck = await checkApiLevel(classes);
  const dex = join(work, 'dex/classes.dex');
  await makeDex(classes, dex);
  await fixTimes(dirname(dex));
  const whole = join(work, 'whole.apk');
  await copyFile(apk, whole);
  // The name in the package is the path that is given.
  await run('aapt', ['add', whole, 'classes.dex'], { cwd: dirname(dex) });
  const aligned = join(work, 'unsigned.apk');
  await run('zipalign', ['-f', '4', whole, aligned]);
  return { apk: aligned, assets, apiCheck };
}
