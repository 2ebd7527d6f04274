import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Where ports are drawn from: below those that systems give to outgoing connections (Linux from 32768, others
 * from 49152), of which there are hundreds while tests run, and one of which could take the port before its
 * program listens.
 */
const DRAWN_FROM = { first: 18_000, end: 32_000 } as const;

/** A caller that asks twice gets two ports, though nothing listens on the first yet. */
const given = new Set<number>();

/**
 * The wanted port of the loopback if it is free, else any free one, drawn at random so that two processes do not
 * meet. It is free now, not for ever. With `count`, so many in a row, of which this is the first.
 */
export async function freePort(wanted = 0, count = 1): Promise<number> {
  for (let port = wanted; ; port = 0) {
    if (port === 0) port = randomInt(DRAWN_FROM.first, DRAWN_FROM.end);
    const row = Array.from({ length: count }, (_, index) => port + index);
    if (port !== wanted && row.some((each) => given.has(each))) continue;
    if (!(await Promise.all(row.map(isFree))).every(Boolean)) continue;
    for (const each of row) given.add(each);
    return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
