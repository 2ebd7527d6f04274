import type { ChildProcess } from 'node:child_process';
import { spawnKept } from '@bianmin/card/node/kept-child';

/**
 * Starts a program and waits until a line of its output matches, or it ends; its group of captures is the answer.
 * The child ends with this process, however this process ends.
 */
export async function startProgram(init: {
  command: string;
  args: readonly string[];
  ready: RegExp;
}): Promise<{ match: RegExpExecArray; stop: () => Promise<void> }> {
  const child = spawnKept(init.command, init.args, { stdio: ['ignore', 'pipe', 'pipe'] });
  return { match: await waitForLine(child, init.ready), stop: () => end(child) };
}

function waitForLine(child: ChildProcess, ready: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let output = '';
    const onData = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = ready.exec(output);
      if (match === null) return;
      child.stdout?.off('data', onData).resume();
      child.stderr?.off('data', onData).resume();
      resolve(match);
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.once('error', reject);
    child.once('close', (code) => {
      reject(new Error(`${child.spawnfile} ended with ${code ?? 'a signal'}. It said: ${output}`));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(timer);
}
