import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { z } from 'zod';

const targets = z.array(z.object({ webSocketDebuggerUrl: z.string() }));
const answer = z.object({ id: z.number(), result: z.object({ usedSize: z.number().optional() }).optional() });
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 50;

/** For the environment of a Node process whose heap is to be asked for; nothing listens until it is. */
export function inspectable(port: number): string {
  return `--inspect-port=127.0.0.1:${port}`;
}

/** JavaScript objects of a Node process that was started `inspectable`, after a collection of garbage, bytes. */
export async function heapOf(pid: number, port: number): Promise<number> {
  // Node opens its inspector when it gets this signal (nodejs.org/api/debugger.html).
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await debuggerAt(port), { perMessageDeflate: false });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const ask = asker(socket);
    await ask('HeapProfiler.enable');
    await ask('HeapProfiler.collectGarbage');
    return (await ask('Runtime.getHeapUsage')) ?? Number.NaN;
  } finally {
    socket.terminate();
  }
}

function asker(socket: WebSocket): (method: string) => Promise<number | undefined> {
  let asked = 0;
  return (method) =>
    new Promise((resolve, reject) => {
      const id = ++asked;
      const hear = (data: WebSocket.RawData): void => {
        const said = answer.safeParse(JSON.parse((data as Buffer).toString('utf8')));
        if (said.data?.id !== id) return;
        socket.off('message', hear);
        resolve(said.data.result?.usedSize);
      };
      socket.on('message', hear);
      socket.once('close', () => {
        reject(new Error(`The process ended while it was asked for ${method}.`));
      });
      socket.send(JSON.stringify({ id, method }));
    });
}

async function debuggerAt(port: number): Promise<string> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const listed = await fetch(`http://127.0.0.1:${port}/json/list`);
      const [target] = targets.parse(await listed.json());
      if (target !== undefined) return target.webSocketDebuggerUrl;
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    if (performance.now() > until) throw new Error('The process opened no inspector.');
    await sleep(LOOK_EVERY_MS);
  }
}
