import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemClock } from '../node/system-clock.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { serveUsbPort } from '../testing/remote-usb-server.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { FakeIo } from './fake-io.ts';
import { openReaders } from './open-readers.ts';
import { PROJECT } from './project-tools.ts';
import type { SimulatedReaders } from './simulator.ts';

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A sandbox that lends this reader; its address. */
async function sandboxWith(reader: SimulatedReader): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  servers.push(server);
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
  await new Promise((resolve) => server.once('listening', resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/world/readers/desk/usb`;
}

it('reads through the sandbox what it reads through the simulator', async () => {
  const reader = new SimulatedReader({ clock: systemClock });
  reader.insert(samplePurchase('SLE4442', { cipher: tripleDes, seed: 1 }).card);
  const io = new FakeIo();
  io.openReaders = (choice) => openReaders(choice, systemClock, PROJECT) as Promise<SimulatedReaders>;
  const url = await sandboxWith(reader);
  const { code, out } = await io.run(`dump --json --sandbox ${url}`);
  expect(code).toBe(0);
  expect(out).toBe((await io.run('dump --json --simulate SLE4442:1')).out);
  expect((await io.run(`readers --sandbox ${url}`)).out).toContain('driven through the sandbox');
});
