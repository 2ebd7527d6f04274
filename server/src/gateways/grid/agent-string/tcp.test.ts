import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { tcpTransport } from './tcp.ts';

let server: Server | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await new Promise((resolve) => (server === undefined ? resolve(0) : server.close(resolve)));
  server = undefined;
});

/** A grid that does this with each connection. */
async function listening(serve: (socket: Socket) => void): Promise<string> {
  const made = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `tcp://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

const FRAME = Buffer.from('00000003abc');
const failure = async (url: string, timeoutMs = 60_000): Promise<string | undefined> =>
  codeOf(
    await tcpTransport(url)
      .exchange(FRAME, timeoutMs)
      .catch((error: unknown) => error),
  );

describe('an exchange over TCP', () => {
  it('brings one frame there and one back, however they are cut', async () => {
    const url = await listening((socket) => {
      let got = '';
      socket.on('data', (chunk) => {
        got += chunk.toString('latin1');
        if (got !== FRAME.toString('latin1')) return;
        socket.write('0000');
        setImmediate(() => socket.end('0002ok'));
      });
    });
    expect(Buffer.from(await tcpTransport(url).exchange(FRAME, 60_000)).toString()).toBe('00000002ok');
  });

  it('where nothing listens never left', async () => {
    expect(await failure('tcp://127.0.0.1:9')).toBe('grid.unavailable');
  });

  it('by TLS with a server that does not speak it never left', async () => {
    const url = await listening((socket) => socket.once('data', () => socket.destroy()));
    expect(await failure(url.replace('tcp:', 'tls:'))).toBe('grid.unavailable');
  });

  it.each([
    ['ends at once', (socket: Socket) => socket.destroy()],
    ['ends in the middle', (socket: Socket) => socket.end('00000010half')],
    ['is no frame', (socket: Socket) => socket.end('HTTP/1.1 200 OK')],
    ['is too long', (socket: Socket) => socket.end('99999999')],
  ] as const)('whose answer %s may have arrived', async (_, serve) => {
    const url = await listening((socket) => socket.once('data', () => serve(socket)));
    expect(await failure(url)).toBe('grid.unknown');
  });

  it('that is not answered in time may have arrived', async () => {
    expect(await failure(await listening(() => undefined), 50)).toBe('grid.unknown');
  });
});
