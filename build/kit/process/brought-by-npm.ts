import { mkdir, rename, rm } from 'node:fs/promises';
import { runToEnd } from './run-to-end.ts';

interface Wanted {
  /** Its folder in the user's cache. */
  readonly kept: string;
  /** As npm names it: `npm@10.9.9`. */
  readonly spec: string;
  /** As a person names it. */
  readonly name: string;
  /** Whether what was brought into this folder works; absent: where npm says so. */
  readonly works?: (folder: string) => Promise<boolean>;
}

/** Has npm bring a package into the cache, whole or not at all; in a sentence why it could not. */
export async function bringByNpm(
  { kept, spec, name, works = () => Promise.resolve(true) }: Wanted,
  report: (text: string) => void,
): Promise<string | undefined> {
  report(`Fetching ${name} (once)`);
  // One that was cut off is not found the next time.
  const making = `${kept}.${process.pid}`;
  await mkdir(making, { recursive: true });
  try {
    const fetched = await runToEnd('npm', [
      ...['install', '--prefix', making, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'],
      spec,
    ]);
    if (fetched.code !== 0 || !(await works(making))) {
      const why = fetched.output.trimEnd().split('\n').at(-1) ?? '';
      return `${name} could not be fetched: ${why}`;
    }
    await rm(kept, { recursive: true, force: true });
    await rename(making, kept);
    return undefined;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}
