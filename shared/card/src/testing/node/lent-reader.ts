import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { serveUsbPort } from '../remote-usb-server.ts';

/** A server that lends one reader to whoever connects, as the sandbox lends its own. */
export interface LentReader {
  /** `ws://127.0.0.1:PORT/`; every path is this reader's. */
  readonly url: string;
  close(): void;
}

export async function lendReader(reader: Parameters<typeof serveUsbPort>[1]): Promise<LentReader> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    serveUsbPort(
      {
        send: (text) => {
          socket.send(text);
        },
        onText: (listener) => void socket.on('message', (data: Buffer) => listener(data.toString('utf8'))),
        onClose: (listener) => void socket.once('close', listener),
      },
      reader,
    );
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}/`, close: () => void server.close() };
}
