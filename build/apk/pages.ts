import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTvPages } from '../dev/renderer.ts';

/** Builds the TV pages where their sources changed, and puts them into `assets/pages`. */
export async function stagePages(assets: string, say: (line: string) => void): Promise<void> {
  const built = await ensureTvPages(say);
  await rm(assets, { recursive: true, force: true });
  await cp(built, join(assets, 'pages'), { recursive: true });
}
