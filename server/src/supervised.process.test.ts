import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, 'main-supervised.ts');
const PROGRAM = join(import.meta.dirname, 'testing/supervised-main.ts');
/** After so long without a sign of life it is ended. */
const SILENT_S = 4;

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

interface Supervised {
  readonly supervisor: ChildProcess;
  /** Of each program that it has started. */
  readonly pids: number[];
  output(): string;
}

function supervised(env: Record<string, string> = {}): Supervised {
  const args = ['--import', 'tsx', MAIN, '--silent-s', String(SILENT_S), PROGRAM];
  const supervisor = spawn(process.execPath, args, { env: { ...process.env, ...env } });
  running.push(supervisor);
  const pids: number[] = [];
  let output = '';
  supervisor.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    for (const [, pid] of text.matchAll(/running as (\d+)/g)) pids.push(Number(pid));
  });
  return { supervisor, pids, output: () => output };
}

async function started({ pids }: Supervised, count: number): Promise<number> {
  await expect.poll(() => pids.length, { timeout: 60_000 }).toBe(count);
  return pids.at(-1) ?? 0;
}

it('a process that stands still for too long is ended, and started again', { timeout: 120_000 }, async () => {
  const s = supervised();
  const frozen = await started(s, 1);
  process.kill(frozen, 'SIGSTOP');
  await started(s, 2);
  expect(() => process.kill(frozen, 0)).toThrow(/ESRCH/);
  expect(s.output()).toContain('a process that stands still is ended and started again');
  s.supervisor.kill('SIGTERM');
  expect((await once(s.supervisor, 'exit'))[0]).toBe(0);
});

it(
  'one that stands still for less, or with its supervisor, is left alone',
  { timeout: 120_000 },
  async () => {
    const s = supervised();
    const pid = await started(s, 1);
    process.kill(pid, 'SIGSTOP');
    await sleep((SILENT_S - 2) * 1_000);
    process.kill(pid, 'SIGCONT');
    await sleep(2_000);
    for (const each of [s.supervisor.pid ?? 0, pid]) process.kill(each, 'SIGSTOP');
    await sleep((SILENT_S + 2) * 1_000);
    for (const each of [s.supervisor.pid ?? 0, pid]) process.kill(each, 'SIGCONT');
    await sleep((SILENT_S + 1) * 1_000);
    expect(s.pids).toEqual([pid]);
    process.kill(pid, 0);
  },
);

it('one that shows no signs of life at all is not expected to', { timeout: 60_000 }, async () => {
  const s = supervised({ DUMB: '1' });
  const pid = await started(s, 1);
  await sleep((SILENT_S + 2) * 1_000);
  expect(s.pids).toEqual([pid]);
  process.kill(pid, 'SIGKILL');
});

it('its exit is the supervisor’s own, and without its supervisor it ends', { timeout: 60_000 }, async () => {
  expect((await once(supervised({ EXIT: '7' }).supervisor, 'exit'))[0]).toBe(7);
  const s = supervised();
  const pid = await started(s, 1);
  s.supervisor.kill('SIGKILL');
  await expect.poll(() => isThere(pid), { timeout: 10_000 }).toBe(false);
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
