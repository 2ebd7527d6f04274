import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from './free-port.ts';

it('gives the wanted port only while it is free', async () => {
  const taken = await freePort();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(taken, '127.0.0.1', resolve));
  expect(await freePort(taken)).not.toBe(taken);
  await new Promise((resolve) => server.close(resolve));
  expect(await freePort(taken)).toBe(taken);
});

it('gives a port to one caller alone, although nothing listens there yet', async () => {
  const pair = await freePort(0, 2);
  const others = await Promise.all(Array.from({ length: 40 }, () => freePort()));
  expect(new Set([...others, pair, pair + 1]).size).toBe(42);
});
