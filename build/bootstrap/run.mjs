import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

export const ROOT = join(import.meta.dirname, '../..');

/**
 * Runs a TypeScript program of the project in place of this one: same terminal, same signals, same exit code.
 *
 * @param {string} path from the project's root
 * @param {readonly string[]} args
 */
export function runProgram(path, args) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, path), ...args], {
    // tsx is found from where the program is started; a person may stand in a folder of a workspace.
    cwd: ROOT,
    stdio: 'inherit',
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // A terminal sends Ctrl-C to the child as well; a supervisor sends it to us alone.
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  }
  // npm passes a signal to a shell that does not pass it on: then our parent is gone and nobody tells us.
  const parent = process.ppid;
  if (process.env['npm_lifecycle_event'] !== undefined) {
    setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
  }
  child.on('error', (error) => {
    process.stderr.write(`${path} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}
