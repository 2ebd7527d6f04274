import { Agent, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { ANYBODY } from '@bianmin/purchase/node/listener';
import { listen, type ListenInit } from './listen.ts';

/** On a free port, whoever asks. */
const served = (answer: ListenInit['answer'], more: Partial<ListenInit> = {}): ReturnType<typeof listen> =>
  listen({ answer, host: '127.0.0.1', port: 0, admits: ANYBODY, onFault: () => undefined, ...more });

/** Answers `/quick` at once and everything else when it is told to. */
function setup(): {
  handler: (req: IncomingMessage, res: ServerResponse) => void;
  waiting: ServerResponse[];
} {
  const waiting: ServerResponse[] = [];
  return {
    waiting,
    handler: (req, res) => {
      if (req.url === '/quick') res.end('quick');
      else waiting.push(res);
    },
  };
}

function get(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        resolve(text);
      });
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end();
  });
}

describe('the listening server', () => {
  it('lets a request finish when it closes, keeps no connection alive after, and takes no other', async () => {
    const { handler, waiting } = setup();
    const server = await served(handler);
    const agent = new Agent({ keepAlive: true });
    expect(await get(`${server.url}/quick`, agent)).toBe('quick');
    const slow = get(`${server.url}/slow`, agent);
    await expect.poll(() => waiting.length).toBe(1);
    const closed = server.close(10_000);
    await setImmediate();
    await expect(get(`${server.url}/quick`, new Agent())).rejects.toThrow('ECONNREFUSED');
    waiting[0]?.end('finished');
    expect(await slow).toBe('finished');
    await closed;
    agent.destroy();
  });

  it('goes on serving while it drains, and lets go of each connection with its answer', async () => {
    const { handler } = setup();
    const server = await served(handler);
    const port = Number(new URL(server.url).port);
    const ask = async (socket: Socket): Promise<string> => {
      socket.write('GET /quick HTTP/1.1\r\nHost: x\r\n\r\n');
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return answer.toString();
    };
    const kept = connect(port, '127.0.0.1');
    expect(await ask(kept)).toContain('Connection: keep-alive');
    server.drain();
    const ended = once(kept, 'close');
    expect(await ask(kept)).toMatch(/^HTTP\/1\.1 200 .*Connection: close/s);
    await ended;
    const fresh = connect(port, '127.0.0.1');
    expect(await ask(fresh)).toMatch(/^HTTP\/1\.1 200 .*Connection: close/s);
    await server.close(10_000);
  });

  it('knows when nothing has come for a while', async () => {
    const { handler } = setup();
    const clock = new ManualClock();
    const server = await served(handler, { clock });
    const quietAfter = (init: { forMs: number; atMostMs: number }): { done: boolean } => {
      const state = { done: false };
      void server.quiet(init).then(() => (state.done = true));
      return state;
    };
    const state = quietAfter({ forMs: 60, atMostMs: 10_000 });
    await clock.advance(40);
    await get(`${server.url}/quick`, new Agent());
    await clock.advance(59);
    expect(state.done).toBe(false);
    await clock.advance(1);
    expect(state.done).toBe(true);
    const busy = quietAfter({ forMs: 10_000, atMostMs: 1 });
    await clock.advance(1);
    expect(busy.done).toBe(true);
    await server.close(1);
  });

  it('does not wait for a connection that was opened ahead and never used', async () => {
    const server = await served(() => undefined);
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const ended = once(socket, 'close');
    socket.resume();
    await server.close(10_000);
    await ended;
  });

  it('cuts what does not finish in time', async () => {
    const { handler, waiting } = setup();
    const server = await served(handler);
    const never = get(`${server.url}/never`, new Agent());
    const outcome = never.catch((error: unknown) => error);
    await expect.poll(() => waiting.length).toBe(1);
    await server.close(1);
    expect(await outcome).toBeInstanceOf(Error);
  });

  it('says that its port is taken', async () => {
    const first = await served(() => undefined);
    const port = Number(new URL(first.url).port);
    await expect(served(() => undefined, { port })).rejects.toThrow('EADDRINUSE');
    await first.close(1);
  });
});
