import { readFileSync } from 'node:fs';
import { openRootChain, type RootChain } from '@bianmin/purchase/node/release-root';
import type { Config } from './config.ts';

/** The roots that RELEASE_ROOT_FILE has; undefined where it is not set. Throws `TrustError`, or the disk's own error. */
export function releaseRoots({
  RELEASE_ROOT_FILE: file,
}: Pick<Config, 'RELEASE_ROOT_FILE'>): RootChain | undefined {
  return file === undefined ? undefined : openRootChain(readFileSync(file, 'utf8'));
}
