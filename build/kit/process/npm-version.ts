import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import { runToEnd } from './run-to-end.ts';

/** The newest of each line when they were last looked at. Pinned: another may do other things. */
const NPM_VERSIONS = { 10: '10.9.9', 11: '11.19.1' } as const;

/** This npm's program for Node, brought by npm into the user's cache; or, in a sentence, why it cannot be had. */
export async function npmCli(
  line: `${keyof typeof NPM_VERSIONS}`,
  report: (text: string) => void,
): Promise<{ readonly cli: string } | { readonly absent: string }> {
  const version = NPM_VERSIONS[line];
  const kept = cacheFolder('npm', version);
  const cli = join(kept, 'node_modules/npm/bin/npm-cli.js');
  if (existsSync(cli)) return { cli };
  report(`Fetching npm ${version} (once)`);
  // Whole or not at all: one that was cut off is not found the next time.
  const making = `${kept}.${process.pid}`;
  await mkdir(making, { recursive: true });
  try {
    const fetched = await runToEnd('npm', [
      ...['install', '--prefix', making, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'],
      `npm@${version}`,
    ]);
    if (fetched.code !== 0) {
      const why = fetched.output.trimEnd().split('\n').at(-1) ?? '';
      return { absent: `npm ${version} could not be fetched: ${why}` };
    }
    await rm(kept, { recursive: true, force: true });
    await rename(making, kept);
    return { cli };
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}
