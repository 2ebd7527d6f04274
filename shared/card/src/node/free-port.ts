import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/**
 * Where ports are drawn from: below those that systems give to outgoing connections (Linux from 32768, others
 * from 49152), of which there are hundreds while tests run, and one of which could take the port before its
 * program listens.
 */
const DRAWN_FROM = { first: 18_000, end: 32_000 } as const;

/** A caller that asks twice gets two ports, though nothing listens on the first yet. */
const given = new Set<number>();
let hasDrawn = false;

/**
 * The wanted port of the loopback if it is free, else any free one. It is free now, not for ever, but no other process
 * draws it while this one lives: the program that is to listen on it may take half a minute to start. With `count`, so
 * many in a row, of which this is the first.
 */
export async function freePort(wanted = 0, count = 1): Promise<number> {
  for (let port = wanted; ; port = 0) {
    if (port === 0) port = randomInt(DRAWN_FROM.first, DRAWN_FROM.end);
    const row = Array.from({ length: count }, (_, index) => port + index);
    if (port !== wanted && !row.every(isOurs)) continue;
    if (!(await Promise.all(row.map(isFree))).every(Boolean)) continue;
    for (const each of row) given.add(each);
    return port;
  }
}

/** Whether no living process has drawn it, this one included; from now on this one has. */
function isOurs(port: number): boolean {
  if (given.has(port)) return false;
  const path = drawn(port);
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
    if (!hasDrawn) process.once('exit', forget);
    hasDrawn = true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    // Left by one that was killed: it is for the next who draws it.
    if (!isAlive(Number(textOf(path)))) rmSync(path, { force: true });
    return false;
  }
  return true;
}

function drawn(port: number): string {
  const folder = join(tmpdir(), `bianmin-drawn-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, String(port));
}

function forget(): void {
  for (const port of given) {
    const path = drawn(port);
    if (textOf(path) === String(process.pid)) rmSync(path, { force: true });
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Also one of whom nothing is known. */
function isAlive(pid: number): boolean {
  try {
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
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
