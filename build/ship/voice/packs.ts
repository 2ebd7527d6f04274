import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readIndex } from '../../../terminal-app/src/renderer/voice/manifest.ts';

/** The packs that are shipped with the renderer. */
export const PACKS = join(import.meta.dirname, '../../../terminal-app/public/voice');

/** Every `<language>/<kind>` that there is. */
export async function packFolders(root = PACKS): Promise<readonly string[]> {
  const folders = await readdir(root, { recursive: true, withFileTypes: true });
  return folders
    .filter((entry) => entry.isFile() && entry.name === 'manifest.json')
    .map((entry) => entry.parentPath)
    .sort();
}

/** Whether `packs.json` names each pack that there is, and no other: the renderer asks for no other. */
export function indexFaults(index: unknown, folders: readonly string[], root = PACKS): string[] {
  const named = Object.entries(readIndex(index)).flatMap(([language, kinds]) =>
    kinds.map((kind) => `${language}/${kind}`),
  );
  const there = folders.map((folder) => relative(root, folder).replaceAll('\\', '/'));
  return [
    ...there.filter((pack) => !named.includes(pack)).map((pack) => `${pack} is not named`),
    ...named.filter((pack) => !there.includes(pack)).map((pack) => `${pack} is not there`),
  ];
}
