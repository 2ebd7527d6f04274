import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { format } from 'prettier';
import { digestOf } from '../../terminal-app/e2e/readme-screenshot.ts';
import { composed } from '../../build/kit/pictures/compose.ts';
import { palettePng } from '../../build/kit/pictures/palette-png.ts';

export const PICTURE_LANGUAGES = ['zh-CN', 'ug', 'en'] as const;

const DOCS = join(import.meta.dirname, '../../docs');
const IMAGES = join(DOCS, 'images/stb');
const STAMP = join(IMAGES, 'screens.sha256');
/** All that decides what the screens look like, and what is shown on them. */
const SOURCES = [
  ...['App.vue', 'components', 'drawings', 'screens', 'styles', 'words'].map(
    (path) => `stb-app/src/tv/${path}`,
  ),
  'stb-app/e2e/tv-samples.ts',
  'terminal-app/e2e/sample-views.ts',
  'shared/purchase/src/i18n',
  'shared/purchase/src/api/channels.ts',
  'shared/purchase/src/api/language.ts',
  'shared/purchase/src/design',
];
/** One language beside the other. */
const STRIP = {
  width: 480,
  height: 270,
  gap: 8,
  columns: PICTURE_LANGUAGES.length,
  label: 0,
  ground: '#fff',
};

/** Whether the pictures in the documents were taken of the screens as they are now. */
export async function arePicturesCurrent(): Promise<boolean> {
  const taken = await readFile(STAMP, 'utf8').catch(() => '');
  return taken.trim() === (await digestOf(SOURCES));
}

/** Makes the pictures and their page anew from the screenshots `NAME.LANGUAGE.png` of this run. */
export async function updatePictures(
  browser: Browser,
  of: { readonly names: readonly string[]; readonly shots: string },
): Promise<void> {
  await rm(IMAGES, { recursive: true, force: true });
  await mkdir(IMAGES, { recursive: true });
  const page = await browser.newPage();
  for (const name of of.names) {
    const shots = await Promise.all(
      PICTURE_LANGUAGES.map(async (language) => ({
        base64: await readFile(join(of.shots, `${name}.${language}.png`), 'base64'),
      })),
    );
    await writeFile(join(IMAGES, `${name}.png`), palettePng(await composed(page, shots, STRIP)));
  }
  await page.close();
  await writeFile(join(DOCS, 'stb-screens.md'), await pageOf(of.names));
  await writeFile(STAMP, `${await digestOf(SOURCES)}\n`);
}

function pageOf(names: readonly string[]): Promise<string> {
  const rows = names.map((name) => `![${name}](images/stb/${name}.png)`);
  const text = [
    '# Every screen of the home box',
    '',
    'In Chinese, Uyghur and English, as [stb.md](stb.md) describes them; what is shown is made up.',
    '`UPDATE_SCREENSHOTS=1 npm run e2e -- stb-app/e2e/screens` writes this page; the same test fails where a screen has changed since.',
    '',
    ...rows,
    '',
  ].join('\n');
  return format(text, { parser: 'markdown', printWidth: 110, singleQuote: true });
}
