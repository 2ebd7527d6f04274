import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../process/cache.ts';
import { runToEnd } from '../process/run-to-end.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/**
 * The program `schemathesis` at the version of requirements.txt, in a Python environment of its own under the user's
 * cache; made where it is not there yet.
 */
export async function ensureSchemathesis(report: (line: string) => void): Promise<string> {
  const wanted = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex');
  const folder = cacheFolder('schemathesis', wanted.slice(0, 16));
  const program = join(folder, 'bin', 'schemathesis');
  const whole = join(folder, 'whole');
  if (existsSync(whole)) return program;
  report('Fetching schemathesis (once, about half a minute)');
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await step('python3', ['-m', 'venv', folder], 'Install python3-venv, then try again.');
  const pip = join(folder, 'bin', 'pip');
  const install = ['install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  await step(
    pip,
    [...install, '--requirement', REQUIREMENTS],
    'See whether Python packages can be had from here, then try again.',
  );
  await writeFile(whole, '');
  return program;
}

async function step(command: string, args: readonly string[], advice: string): Promise<void> {
  const { code, output } = await runToEnd(command, args);
  if (code === 0) return;
  const end = output.trimEnd().split('\n').slice(-15).join('\n');
  throw new Error(`${command} ${args.slice(0, 2).join(' ')} failed (${code}):\n${end}\n${advice}`);
}
