import { spawn } from 'node:child_process';

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
  /** Ends it with SIGTERM. */
  readonly signal?: AbortSignal;
}

/** Runs a program to its end and keeps what it said. Does not throw. */
export function runToEnd(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const from = performance.now();
  return new Promise((resolve) => {
    let output = '';
    const finish = (code: number): void => {
      resolve({ code, output, ms: Math.round(performance.now() - from) });
    };
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...(options.env ?? process.env) },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
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
