import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '../..');

const LOOK_MS = 250;

/**
 * Our parent; where that is the shell that npm started for us, that one's parent, too.
 *
 * @returns {string}
 */
function parentsOf() {
  const { ppid } = process;
  try {
    // "pid (name) state ppid …", and the name may hold anything.
    const stat = readFileSync(`/proc/${ppid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    const [, grandparent = ''] = stat.slice(end + 2).split(' ');
    const isShell = /^\d+ \((?:sh|ash|dash|bash|zsh)$/.test(stat.slice(0, end));
    return isShell ? `${ppid} ${grandparent}` : String(ppid);
  } catch {
    return String(ppid);
  }
}

/**
 * Runs a TypeScript program of the project in place of this one: same terminal, same signals, same exit code.
 *
 * @param {string} path from the project's root
 * @param {readonly string[]} args
 */
export function runProgram(path, args) {
  const withParent = pathToFileURL(join(import.meta.dirname, 'with-parent.mjs')).href;
  const child = spawn(
    process.execPath,
    ['--import', withParent, '--import', 'tsx', join(ROOT, path), ...args],
    {
      // tsx is found from where the program is started; a person may stand in a folder of a workspace.
      cwd: ROOT,
      // The channel tells the child that we are gone, be it killed.
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    },
  );
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // A terminal sends Ctrl-C to the child as well; a supervisor sends it to us alone.
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  }
  // npm passes a signal to a shell that does not pass it on, and may be killed: then we are not told.
  if (process.env['npm_lifecycle_event'] !== undefined) {
    const parents = parentsOf();
    const timer = setInterval(() => {
      if (parentsOf() === parents) return;
      clearInterval(timer);
      if (child.connected) child.disconnect();
    }, LOOK_MS);
    timer.unref();
  }
  child.on('error', (error) => {
    process.stderr.write(`${path} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}
