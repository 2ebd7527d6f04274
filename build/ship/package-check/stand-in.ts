import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPackage } from '@electron/asar';

/** By which the fuse tool finds its place in a binary (`@electron/fuses`, constants). */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Electron's own states of eight fuses, in their order, before anybody flips one: ASCII digits. */
const FACTORY = '10110001';

/**
 * A folder that looks like an unpacked Electron for Linux as far as the packager reads one: it copies the binary, flips its fuses
 * and puts the app beside it. Nothing in it can run.
 */
export async function makeStandIn(folder: string, version: string): Promise<void> {
  await mkdir(join(folder, 'resources'), { recursive: true });
  const wire = Buffer.from([1, FACTORY.length, ...Buffer.from(FACTORY)]);
  const binary = Buffer.concat([Buffer.from('not Electron\0'), Buffer.from(SENTINEL), wire]);
  await writeFile(join(folder, 'electron'), binary, { mode: 0o755 });
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) await writeFile(join(folder, name), '');
  await writeFile(join(folder, 'version'), version);
  const empty = join(folder, 'default-app');
  await mkdir(empty);
  await writeFile(join(empty, 'package.json'), '{}');
  await createPackage(empty, join(folder, 'resources/default_app.asar'));
}
