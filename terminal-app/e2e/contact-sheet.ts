import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { LANGUAGES } from '@bianmin/purchase/api/language';
import { composed } from '../../build/kit/pictures/compose.ts';
import { palettePng } from '../../build/kit/pictures/palette-png.ts';
import { digestOf, SCREEN_SOURCES } from './readme-screenshot.ts';

const IMAGES = join(import.meta.dirname, '../../docs/images/kiosk');
const STAMP = join(IMAGES, 'screens.sha256');
/** All that decides what the screens look like, and what is shown on them. */
const SOURCES = [
  ...SCREEN_SOURCES,
  ...['kiosk-samples.ts', 'sample-views.ts', 'sample-remote-card-views.ts'].map(
    (name) => `terminal-app/e2e/${name}`,
  ),
];
const GRID = { width: 400, height: 225, gap: 8, columns: 4, label: 24, ground: '#d9ddd6' };

/** Whether the sheets in the documents were made of the screens as they are now. */
export async function isSheetCurrent(): Promise<boolean> {
  const made = await readFile(STAMP, 'utf8').catch(() => '');
  return made.trim() === (await digestOf(SOURCES));
}

/** Makes a sheet a language of the screenshots `NAME.LANGUAGE.landscape.png` of this run. */
export async function updateSheet(
  browser: Browser,
  of: { readonly names: readonly string[]; readonly shots: string },
): Promise<void> {
  await mkdir(IMAGES, { recursive: true });
  const page = await browser.newPage();
  for (const language of LANGUAGES) {
    const shots = await Promise.all(
      of.names.map(async (label) => ({
        base64: await readFile(join(of.shots, `${label}.${language}.landscape.png`), 'base64'),
        label,
      })),
    );
    await writeFile(join(IMAGES, `${language}.png`), palettePng(await composed(page, shots, GRID)));
  }
  await page.close();
  await writeFile(STAMP, `${await digestOf(SOURCES)}\n`);
}
