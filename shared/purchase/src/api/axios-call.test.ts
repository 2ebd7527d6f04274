import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { axiosCall } from './axios-call.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function dripping(): Promise<string> {
  server = createServer((_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => {
      clearInterval(timer);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

it('an answer that comes byte by byte is waited for no longer than one that does not come', async () => {
  const call = { method: 'GET', url: await dripping(), headers: {}, timeoutMs: 200 } as const;
  await expect(axiosCall(undefined, (ms) => AbortSignal.timeout(ms))(call)).rejects.toMatchObject({
    code: 'ECONNABORTED',
  });
});
