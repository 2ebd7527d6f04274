import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import type { UsbBus } from '../usb/ports.ts';
import { remoteRequest } from '../usb/remote.ts';
import { connectSandboxBus } from './sandbox-bus.ts';

/** A sandbox that answers a read only when the port is opened anew. */
let server: WebSocketServer;
let bus: UsbBus;
let reads: number[];
beforeEach(async () => {
  reads = [];
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    socket.on('message', (text: Buffer) => {
      const { id, op } = remoteRequest.parse(JSON.parse(text.toString('utf8')));
      if (op === 'interruptIn') reads.push(id);
      else socket.send(JSON.stringify({ id, ok: true }));
      if (op === 'open') answerReads(socket);
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  bus = await connectSandboxBus(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
afterEach(async () => {
  await bus.close();
  server.close();
});

function answerReads(socket: WebSocket): void {
  for (const id of reads) socket.send(JSON.stringify({ id, ok: false, code: 'usb.gone' }));
}

it('tells a read its end also where that comes after the close', async () => {
  const port = await bus.open('sandbox');
  const waiting = expect(port.interruptIn(8, 60_000)).rejects.toMatchObject({ code: 'usb.gone' });
  await port.close();
  const next = await bus.open('sandbox');
  await waiting;
  await next.close();
});
