import { signalGroup, spawnKept } from '@bianmin/card/node/kept-child';

export interface Outcome {
  /** 127: it could not be started. */
  readonly code: number;
  /** Both outputs, in the order in which they came. */
  readonly output: string;
  readonly ms: number;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told of each piece of output as it comes. */
  readonly onOutput?: (text: string) => void;
  /** Ends it with SIGTERM, and with SIGKILL where it takes no notice. */
  readonly signal?: AbortSignal;
}

const GRACE_MS = 3_000;

/** Runs a program to its end and keeps what it said. Does not throw. The program does not outlive us. */
export function runToEnd(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const from = performance.now();
  return new Promise((resolve) => {
    const child = spawnKept(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...(options.env ?? process.env) },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    let late: NodeJS.Timeout | undefined;
    const end = (): void => {
      signalGroup(child, 'SIGTERM');
      late = setTimeout(() => {
        signalGroup(child, 'SIGKILL');
      }, GRACE_MS);
    };
    if (options.signal?.aborted === true) end();
    else options.signal?.addEventListener('abort', end, { once: true });
    let output = '';
    const finish = (code: number): void => {
      clearTimeout(late);
      options.signal?.removeEventListener('abort', end);
      resolve({ code, output, ms: Math.round(performance.now() - from) });
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => {
        output += text;
        options.onOutput?.(text);
      });
    }
    child.once('error', (error) => {
      output += error.message;
      finish(127);
    });
    child.once('close', (code) => {
      finish(code ?? 128);
    });
  });
}
