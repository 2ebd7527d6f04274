import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
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

it('gives a port to one process alone', async () => {
  const draw = `
    const { freePort } = await import('${new URL('free-port.ts', import.meta.url).href}');
    const ports = await Promise.all(Array.from({ length: 400 }, () => freePort()));
    console.log(JSON.stringify(ports));
    process.stdin.resume();`;
  // Both live until both have drawn. By chance alone eleven would be drawn twice.
  const both = [0, 1].map(() =>
    spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', draw], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  const lines = await Promise.all(both.map(({ stdout }) => once(createInterface(stdout), 'line')));
  const ports = lines.flatMap(([line]) => JSON.parse(String(line)) as number[]);
  for (const { stdin } of both) stdin.end();
  expect(new Set(ports).size).toBe(800);
});
