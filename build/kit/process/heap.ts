import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '@bianmin/card/node/is-alive';
import WebSocket from 'ws';
import { z } from 'zod';

const targets = z.array(z.object({ webSocketDebuggerUrl: z.string() }));
const said = z.object({
  id: z.number().optional(),
  result: z.object({ usedSize: z.number().optional() }).optional(),
  method: z.string().optional(),
  params: z.object({ chunk: z.string().optional() }).optional(),
});
type Said = z.infer<typeof said>;

/** What is read of V8's heap snapshot: nodes are rows of numbers, whose columns and types its own head names. */
const snapshot = z.object({
  snapshot: z.object({
    meta: z.object({
      node_fields: z.array(z.string()),
      node_types: z.tuple([z.array(z.string())], z.unknown()),
    }),
  }),
  nodes: z.array(z.number()),
});

const LOOK_EVERY_MS = 50;

/** Bytes of a Node process's heap, after a collection of garbage. */
export interface NodeHeap {
  /** What the program holds: objects, strings, closures and the like. */
  readonly objects: number;
  /** With what V8 made of its code. That grows for hundreds of purchases, as one path after the other becomes hot. */
  readonly used: number;
}

/** For the environment of a Node process whose heap is to be asked for; nothing listens until it is. */
export function inspectable(port: number): string {
  return `--inspect-port=127.0.0.1:${port}`;
}

/** The heap of a Node process that was started `inspectable`. */
export async function heapOf(pid: number, port: number): Promise<NodeHeap> {
  // Node opens its inspector when it gets this signal (nodejs.org/api/debugger.html).
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await debuggerAt(pid, port), { perMessageDeflate: false });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const chunks: string[] = [];
    const ask = asker(socket, ({ params }) => chunks.push(params?.chunk ?? ''));
    await ask('HeapProfiler.enable');
    await ask('HeapProfiler.collectGarbage');
    const used = (await ask('Runtime.getHeapUsage')) ?? Number.NaN;
    await ask('HeapProfiler.takeHeapSnapshot');
    return { objects: objectsIn(chunks.join('')), used };
  } finally {
    socket.terminate();
  }
}

/** Bytes of a snapshot's nodes but those of code, and of what hangs on code alone: shapes, and lists that V8 keeps for itself. */
function objectsIn(text: string): number {
  const { snapshot: head, nodes } = snapshot.parse(JSON.parse(text));
  const { node_fields: fields, node_types: types } = head.meta;
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')];
  const codes = new Set(['code', 'object shape', 'hidden'].map((name) => types[0].indexOf(name)));
  let bytes = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    if (!codes.has(nodes[at + type] ?? -1)) bytes += nodes[at + size] ?? 0;
  }
  return bytes;
}

function asker(
  socket: WebSocket,
  onEvent: (event: Said) => void,
): (method: string) => Promise<number | undefined> {
  let asked = 0;
  return (method) =>
    new Promise((resolve, reject) => {
      const id = ++asked;
      const hear = (data: WebSocket.RawData): void => {
        const heard = said.parse(JSON.parse((data as Buffer).toString('utf8')));
        if (heard.method === 'HeapProfiler.addHeapSnapshotChunk') onEvent(heard);
        if (heard.id !== id) return;
        socket.off('message', hear);
        resolve(heard.result?.usedSize);
      };
      socket.on('message', hear);
      socket.once('close', () => {
        reject(new Error(`The process ended while it was asked for ${method}.`));
      });
      socket.send(JSON.stringify({ id, method }));
    });
}

/** Asks until it answers, for as long as the process runs. */
async function debuggerAt(pid: number, port: number): Promise<string> {
  for (;;) {
    try {
      const listed = await fetch(`http://127.0.0.1:${port}/json/list`);
      const [target] = targets.parse(await listed.json());
      if (target !== undefined) return target.webSocketDebuggerUrl;
    } catch (error) {
      if (!isAlive(pid))
        throw new Error('The process ended before it opened its inspector.', { cause: error });
    }
    await sleep(LOOK_EVERY_MS);
  }
}
