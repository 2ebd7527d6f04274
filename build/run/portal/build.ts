import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PORTAL, portalPages } from './pages.ts';

/** Writes the portal's pages to `stb-app/portal/dist`, where the web process finds them, and gives the folder. */
export async function buildPortal(out = join(PORTAL, 'dist')): Promise<string> {
  const pages = await portalPages();
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  for (const [name, file] of pages) await writeFile(join(out, name), file);
  return out;
}
