import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from './cache.ts';
import { runToEnd } from './run-to-end.ts';

/**
 * A Python environment of its own with the packages of a file of requirements, under the user's cache; made where it is not
 * there yet. Gives its folder.
 */
export async function pythonEnvironment(init: {
  /** Its folder in the cache. */
  readonly name: string;
  /** Path of the file. */
  readonly requirements: string;
  /** More for `pip install`. */
  readonly options?: readonly string[];
  readonly report: (line: string) => void;
}): Promise<string> {
  const wanted = createHash('sha256')
    .update(await readFile(init.requirements))
    .digest('hex');
  const folder = cacheFolder(init.name, wanted.slice(0, 16));
  const whole = join(folder, 'whole');
  if (existsSync(whole)) return folder;
  init.report(`Fetching ${init.name} (once, about half a minute)`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await step('python3', ['-m', 'venv', folder], 'Install python3-venv, then try again.');
  const pip = join(folder, 'bin', 'pip');
  const install = ['install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  await step(
    pip,
    [...install, ...(init.options ?? []), '--requirement', init.requirements],
    'See whether Python packages can be had from here, then try again.',
  );
  await writeFile(whole, '');
  return folder;
}

async function step(command: string, args: readonly string[], advice: string): Promise<void> {
  const { code, output } = await runToEnd(command, args);
  if (code === 0) return;
  const end = output.trimEnd().split('\n').slice(-15).join('\n');
  throw new Error(`${command} ${args.slice(0, 2).join(' ')} failed (${code}):\n${end}\n${advice}`);
}
