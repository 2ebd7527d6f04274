import { fork } from 'node:child_process';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReaderChild } from './guarded-child.ts';

/** By what a child reaches its readers. */
export type ReaderDriver = 'pcsc' | 'usb' | 'hid';

type Env = Readonly<Record<string, string | undefined>>;

/** The child by Node: as TypeScript where we are, else as what the bundler made of it beside us. */
export function forkReaderChild(driver: ReaderDriver, env: Env = process.env): ReaderChild {
  const here = fileURLToPath(import.meta.url);
  return forkProgram(join(dirname(here), `reader-child${extname(here)}`), [driver], env);
}

/** Any program that speaks as the child does. */
export function forkProgram(
  program: string,
  args: readonly string[],
  env: Env = process.env,
): ReaderChild & { readonly pid: number | undefined } {
  const child = fork(program, args, {
    env,
    cwd: dirname(program),
    execArgv: extname(program) === '.ts' ? ['--import', 'tsx'] : [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('error', () => undefined); // Told by `exit` too, or by the time-out.
  return {
    pid: child.pid,
    // A child that is gone says so by `exit`.
    send: (request) => void child.send(request as object, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', listener),
    kill: () => void child.kill('SIGKILL'),
  };
}
