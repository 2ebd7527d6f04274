import { join } from 'node:path';
import process from 'node:process';
import { signalGroup, spawnKept } from '@bianmin/card/node/kept-child';
import { BUDGET_SECONDS, FOLDER, type CommandRun } from './commands.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Where a command runs. */
export interface CommandPlace {
  /** In place of `FOLDER`. */
  readonly folder: string;
  /** More variables, for those that want stores. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface CommandEnd {
  /** Why it failed; absent: it passed. */
  readonly fault?: string;
  readonly output: string;
  readonly ms: number;
}

/** Runs a command in a process group of its own, which does not outlive us; over its budget all of it is killed. */
export function runCommand(run: CommandRun, place: CommandPlace): Promise<CommandEnd> {
  const from = performance.now();
  const { budgetSeconds = BUDGET_SECONDS, until } = run;
  return new Promise((resolve) => {
    let output = '';
    let ready = until === undefined;
    let late = false;
    const child = spawnKept(
      process.execPath,
      run.args.map((arg) => arg.replace(FOLDER, place.folder)),
      {
        cwd: ROOT,
        env: { ...process.env, ...(run.stores === true ? place.env : {}) },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const timer = setTimeout(() => {
      late = true;
      signalGroup(child, 'SIGKILL');
    }, budgetSeconds * 1000);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (ready || until?.test(output) !== true) return;
        ready = true;
        child.kill('SIGTERM');
      });
    }
    child.once('error', (error) => {
      output += error.message;
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const fault = late
        ? `was over its ${budgetSeconds} s`
        : !ready
          ? `ended with ${String(signal ?? code)} before it said ${String(until)}`
          : code !== 0
            ? `ended with ${String(signal ?? code)}`
            : undefined;
      const ms = Math.round(performance.now() - from);
      resolve({ output, ms, ...(fault === undefined ? {} : { fault }) });
    });
  });
}
