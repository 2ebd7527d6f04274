import { fork, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import { ALIVE } from './signs-of-life.ts';

/** How often it is seen whether the program has shown a sign of life since, ms. */
const TURN_MS = 1_000;

export interface Supervision {
  /** A program of ours. */
  readonly program: string;
  /** It is ended after so many turns of a second each without a sign of life. */
  readonly silentTurns: number;
  /** Told when one is ended. */
  readonly onSilent: (pid: number | undefined) => void;
}

/**
 * Runs a program, ends it when it has shown no sign of life for too long, and starts it again. Gives its exit code once it
 * has ended by itself, or because we were asked to end.
 */
export async function supervise(init: Supervision): Promise<number> {
  let ending = false;
  let child: ChildProcess | undefined;
  process.on('SIGTERM', () => {
    ending = true;
    child?.kill('SIGTERM');
  });
  // A terminal gives it to the program as well.
  process.on('SIGINT', () => (ending = true));
  for (;;) {
    child = fork(init.program);
    const { code, silent } = await ended(child, init);
    if (!silent || ending) return code;
  }
}

/** Turns are counted, not time: where we stood still ourselves, so did the program, and what it said waits behind us. */
function ended(child: ChildProcess, of: Supervision): Promise<{ code: number; silent: boolean }> {
  let turns: number | undefined;
  let silent = false;
  child.on('message', (said) => {
    if (said === ALIVE) turns = 0;
  });
  const timer = setInterval(() => {
    // One that never says anything has nothing to say.
    if (turns === undefined || silent) return;
    turns += 1;
    if (turns < of.silentTurns) return;
    silent = true;
    of.onSilent(child.pid);
    child.kill('SIGKILL');
  }, TURN_MS);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      clearInterval(timer);
      resolve({ code: code ?? 1, silent });
    });
  });
}
