import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@bianmin/card/node/free-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
/** What is promised when `npm start` is ended, in whatever way. */
const LEFT_MS = 5_000;
const PORTS = 8;

interface Process {
  readonly pid: number;
  readonly ppid: number;
  readonly command: string;
}

/** All that runs and is not dead already (Z: it was not collected), by the kernel's own list. */
async function processes(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid): Promise<Process | undefined> => {
      try {
        const [stat, command] = await Promise.all(
          ['stat', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8')),
        );
        const [state, ppid] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
        if (state === 'Z' || state === 'X') return undefined;
        return { pid: Number(pid), ppid: Number(ppid), command: command?.replaceAll('\0', ' ').trim() ?? '' };
      } catch {
        return undefined;
      }
    }),
  );
  return found.filter((each) => each !== undefined);
}

/** It and all that it started, each before its children. */
async function family(pid: number): Promise<Process[]> {
  const all = await processes();
  const members = all.filter((each) => each.pid === pid);
  for (const member of members) members.push(...all.filter(({ ppid }) => ppid === member.pid));
  return members;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

interface Started {
  readonly npm: ChildProcess;
  readonly base: number;
  readonly dir: string;
  said(): string;
}

async function start(dir: string, ready: RegExp): Promise<Started> {
  const base = await freePort(0, PORTS);
  const args = ['start', '--', '--no-install', '--no-window', '--data', dir, '--port-base', String(base)];
  const npm = spawn('npm', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '';
  const isReady = new Promise<void>((resolve, reject) => {
    for (const stream of [npm.stdout, npm.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (ready.test(said)) resolve();
      });
    }
    npm.once('exit', () => {
      reject(new Error(`npm start ended. It said:\n${said}`));
    });
  });
  await isReady;
  return { npm, base, dir, said: () => said };
}

/** What is killed or asked to end: npm itself, what it starts, and what that runs. */
const RUNNERS = {
  npm: /^npm start/,
  'build/start.mjs': /node build\/start\.mjs/,
  'build/run/dev/start.ts': /build\/run\/dev\/start\.ts/,
} as const;

describe.runIf(process.platform === 'linux')('npm start', { timeout: 300_000 }, () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bianmin-left-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  /** Ends one as told, and waits until all of it is gone, for as long as is promised. */
  async function expectNothingLeft(
    started: Started,
    end: (family: readonly Process[]) => void,
  ): Promise<void> {
    const all = await family(started.npm.pid ?? 0);
    const from = performance.now();
    end(all);
    const left = async (): Promise<string[]> => {
      const now = await processes();
      const pids = new Set(all.map(({ pid }) => pid));
      const living = now.filter(({ pid, command }) => pids.has(pid) || command.includes(started.dir));
      const ports = Array.from({ length: PORTS }, (_, at) => started.base + at);
      const open = await Promise.all(ports.map(listens));
      return [...living.map(({ command }) => command), ...ports.filter((_, at) => open[at]).map(String)];
    };
    let remaining = await left();
    while (remaining.length > 0 && performance.now() - from < LEFT_MS) {
      await sleep(50);
      remaining = await left();
    }
    expect(remaining).toEqual([]);
  }

  const kill = (runner: RegExp) => (all: readonly Process[]) => {
    const found = all.find(({ command }) => runner.test(command));
    if (found === undefined) throw new Error(`There is no ${String(runner)} among:\n${listed(all)}`);
    process.kill(found.pid, 'SIGKILL');
  };
  const listed = (all: readonly Process[]): string => all.map(({ command }) => command).join('\n');

  it.each(Object.entries(RUNNERS))('leaves nothing behind when %s is killed', async (_, runner) => {
    await expectNothingLeft(await start(dir, /^Ready in /m), kill(runner));
  });

  it('leaves nothing behind when it is killed while it starts', async () => {
    await expectNothingLeft(
      await start(dir, /^(?:grid|wallet) +http/m),
      kill(RUNNERS['build/run/dev/start.ts']),
    );
  });

  it('leaves nothing behind of parts that stand still', async () => {
    const started = await start(dir, /^Ready in /m);
    await expectNothingLeft(started, (all) => {
      for (const { pid, command } of all)
        if (command.includes('server/src/main-')) process.kill(pid, 'SIGSTOP');
      kill(RUNNERS['build/run/dev/start.ts'])(all);
    });
  });

  it('leaves nothing behind when it is asked to end, and has said so', async () => {
    const started = await start(dir, /^Ready in /m);
    const ended = once(started.npm, 'close');
    await expectNothingLeft(started, (all) => {
      const runner = all.find(({ command }) => RUNNERS['build/start.mjs'].test(command));
      process.kill(runner?.pid ?? 0, 'SIGTERM');
    });
    await ended;
    expect(started.said()).toMatch(/^Stopping$/m);
  });
});
