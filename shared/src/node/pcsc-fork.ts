import { fork } from 'node:child_process';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PcscRequest } from './pcsc-messages.ts';

/** A process that runs `pcsc-child.ts`. Electron starts one with `utilityProcess`, Node with `fork`. */
export interface PcscChild {
  send(request: PcscRequest): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: () => void): void;
  kill(): void;
}

/** The child by Node: as TypeScript where we are, else as what the bundler made of it beside us. */
export function forkPcscChild(env: NodeJS.ProcessEnv = process.env): PcscChild {
  const extension = extname(fileURLToPath(import.meta.url));
  const here = fileURLToPath(new URL('.', import.meta.url));
  const child = fork(join(here, `pcsc-child${extension}`), [], {
    env,
    cwd: here,
    execArgv: extension === '.ts' ? ['--import', 'tsx'] : [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('error', () => undefined); // Told by `exit` too, or by the time-out.
  return {
    // A child that is gone says so by `exit`.
    send: (request) => void child.send(request, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', listener),
    kill: () => void child.kill('SIGKILL'),
  };
}
