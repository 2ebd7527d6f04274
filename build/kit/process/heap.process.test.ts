import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '@bianmin/card/node/free-port';
import { expect, it } from 'vitest';
import { heapOf, inspectable } from './heap.ts';

/** Grows by what it is told to keep, and says so. */
const KEEPER = `
const kept = [];
process.stdin.on('data', (text) => {
  for (let i = 0; i < Number(text); i += 1) kept.push({ no: i, text: 'kept ' + i });
  process.stdout.write('kept ');
});
process.stdout.write('ready ');
`;

it('what a program keeps is seen in its heap, and what it lets go is not', async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [inspectable(port), '--eval', KEEPER], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    await once(child.stdout, 'data');
    const before = await heapOf(Number(child.pid), port);
    child.stdin.write('20000\n');
    await once(child.stdout, 'data');
    const after = await heapOf(Number(child.pid), port);
    const again = await heapOf(Number(child.pid), port);
    // An object of two fields and its string are some 60 to 90 bytes.
    expect(after.objects - before.objects).toBeGreaterThan(20_000 * 40);
    expect(after.objects - before.objects).toBeLessThan(20_000 * 120);
    expect(Math.abs(again.objects - after.objects)).toBeLessThan(100_000);
    expect(after.used).toBeGreaterThan(after.objects);
  } finally {
    child.kill('SIGKILL');
  }
});
