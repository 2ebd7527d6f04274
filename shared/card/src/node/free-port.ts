import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { isAlive } from './is-alive.ts';

/**
 * Where ports are drawn from: below those that systems give to outgoing connections (Linux from 32768, others
 * from 49152), of which there are hundreds while tests run, and one of which could take the port before its
 * program listens.
 */
const DRAWN_FROM = { first: 18_000, end: 32_000 } as const;

/** A caller that asks twice gets two ports, though nothing listens on the first yet. */
const given = new Set<number>();
/** Those that no other process draws while this one lives, each with a file that says so. */
const drawn = new Set<number>();

/**
 * The wanted port of the loopback if it is free, else any free one. It is free now, not for ever, but no other process
 * draws it while this one lives: the program that is to listen on it may take half a minute to start. With `count`, so
 * many in a row, of which this is the first.
 */
export async function freePort(wanted = 0, count = 1): Promise<number> {
  for (let port = wanted; ; port = 0) {
    if (port === 0) port = randomInt(DRAWN_FROM.first, DRAWN_FROM.end);
    const row = Array.from({ length: count }, (_, index) => port + index);
    if (port !== wanted && !row.every(draw)) continue;
    if (!(await Promise.all(row.map(isFree))).every(Boolean)) continue;
    for (const each of row) given.add(each);
    return port;
  }
}

/** Whether it is ours now: no living process has drawn it, and this one not before. */
function draw(port: number): boolean {
  if (given.has(port) || drawn.has(port)) return false;
  const path = fileOf(port);
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const holder = textOf(path);
    // Left by one that was killed: it is for the next who draws it. An empty one is being written.
    if (holder !== '' && !isAlive(Number(holder))) rmSync(path, { force: true });
    return false;
  }
  if (drawn.size === 0) process.once('exit', giveBack);
  drawn.add(port);
  return true;
}

function giveBack(): void {
  for (const port of drawn) rmSync(fileOf(port), { force: true });
}

function fileOf(port: number): string {
  const folder = join(tmpdir(), `bianmin-drawn-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, String(port));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
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
