import { existsSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './settings.ts';

/** The TV pages, built. */
export const PAGES = join(ROOT, 'stb-app/dist/tv');

const PLACEHOLDER = `<!doctype html>
<meta charset="utf-8">
<title>Bianmin</title>
<p>This package was built without the TV pages: stb-app/dist/tv was not there.</p>
`;

/** Puts the pages into `assets/pages`. False: there are none, and a page that says so is there instead. */
export async function stagePages(assets: string, release: boolean): Promise<boolean> {
  await rm(assets, { recursive: true, force: true });
  const folder = join(assets, 'pages');
  if (existsSync(join(PAGES, 'index.html'))) {
    await cp(PAGES, folder, { recursive: true });
    return true;
  }
  if (release) throw new Error('A release needs the TV pages, and stb-app/dist/tv/index.html is not there.');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'index.html'), PLACEHOLDER);
  return false;
}
