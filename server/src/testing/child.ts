import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Starts a program and waits until a line of its output matches; its group of captures is the answer.
 * The child ends with this process, however this process ends gently.
 */
export async function startProgram(init: {
  command: string;
  args: readonly string[];
  ready: RegExp;
  timeoutMs?: number;
}): Promise<{ match: RegExpExecArray; stop: () => Promise<void> }> {
  const child = spawn(init.command, init.args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const stop = async (): Promise<void> => {
    process.removeListener('exit', killAtExit);
    await end(child);
  };
  try {
    return { match: await waitForLine(child, init.ready, init.timeoutMs ?? 20_000), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function waitForLine(child: ChildProcess, ready: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => {
      reject(new Error(`${child.spawnfile} was not ready within ${timeoutMs} ms. It said: ${output}`));
    }, timeoutMs);
    const onData = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = ready.exec(output);
      if (match === null) return;
      clearTimeout(timer);
      child.stdout?.off('data', onData).resume();
      child.stderr?.off('data', onData).resume();
      resolve(match);
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
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
