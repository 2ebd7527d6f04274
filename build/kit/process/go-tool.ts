import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findCommand } from '../../bootstrap/machine.mjs';
import { cacheFolder } from './cache.ts';
import { runToEnd } from './run-to-end.ts';

/** A program that Go builds from its module. Pinned: another version may say other things. */
export interface GoTool {
  /** How it is called in the cache and in what is said of it. */
  readonly name: string;
  /** `example.org/module/cmd/tool` */
  readonly package: string;
  readonly version: string;
}

export const TOXIPROXY: GoTool = {
  name: 'toxiproxy',
  package: 'github.com/Shopify/toxiproxy/v2/cmd/server',
  version: 'v2.12.0',
};

const PLACES = ['/usr/local/go/bin/go'];

/**
 * The program, built into the user's cache where it is not there yet; or, in a sentence, why it cannot be had. A
 * caller that only checks with it says so and goes on.
 */
export async function goTool(
  tool: GoTool,
  report: (line: string) => void,
): Promise<{ readonly command: string } | { readonly absent: string }> {
  const folder = cacheFolder('go', `${tool.name}-${tool.version}`);
  const command = join(folder, tool.name);
  if (existsSync(command)) return { command };
  const go = findCommand('go') ?? PLACES.find((place) => existsSync(place));
  if (go === undefined) return { absent: `${tool.name} is built by Go, and there is no Go` };
  report(`Building ${tool.name} ${tool.version} (once)`);
  // Whole or not at all: a build that was cut off is not found the next time.
  const making = `${folder}.${process.pid}`;
  await mkdir(making, { recursive: true });
  try {
    const built = await runToEnd(go, ['install', `${tool.package}@${tool.version}`], {
      env: { ...process.env, GOBIN: making, CGO_ENABLED: '0' },
    });
    if (built.code !== 0) {
      const why = built.output.trimEnd().split('\n').at(-1) ?? '';
      return { absent: `${tool.name} could not be built: ${why}` };
    }
    await rename(join(making, tool.package.split('/').at(-1) ?? tool.name), join(making, tool.name));
    await rm(folder, { recursive: true, force: true });
    await rename(making, folder);
    return { command };
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}
