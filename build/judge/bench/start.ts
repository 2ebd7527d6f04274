import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { runToEnd } from '../../kit/process/run-to-end.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { screenShown } from './kiosk-page.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LIMIT_MS = 600_000;
const LOOK_EVERY_MS = 50;

export interface StartRow {
  readonly bench: 'start';
  readonly name: 'warmStart' | 'coldStart';
  readonly value: number;
  readonly unit: 's';
  readonly goal: number;
}

export function startRow(name: StartRow['name'], ms: number): StartRow {
  const goal = name === 'warmStart' ? 10 : 90;
  return { bench: 'start', name, value: Number((ms / 1000).toFixed(1)), unit: 's', goal };
}

/** `npm start` where all is installed and there is a world from before: until the kiosk asks for a card. */
export async function benchWarmStart({ report }: BenchContext): Promise<BenchResult> {
  const dir = await mkdtemp(join(tmpdir(), 'bianmin-start-'));
  try {
    const data = join(dir, 'data');
    report('A first start, which makes the world');
    await timedStart({ root: ROOT, data });
    report('The start that counts');
    const { ms, engine } = await timedStart({ root: ROOT, data });
    return result('warmStart', ms, engine);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/**
 * A clone of what is committed, without node_modules, built page, data or our own cache. npm's and Maven's caches
 * stay as they are, so that the network's speed is no part of the figure.
 */
export async function benchColdStart({ report }: BenchContext): Promise<BenchResult> {
  const dir = await mkdtemp(join(tmpdir(), 'bianmin-cold-'));
  try {
    const root = join(dir, 'bianmin');
    const from = performance.now();
    const clone = await runToEnd('git', ['clone', '--quiet', '--depth', '1', pathToFileURL(ROOT).href, root]);
    if (clone.code !== 0) throw new Error(`The project could not be cloned: ${clone.output}`);
    const cloneMs = performance.now() - from;
    report(`Cloned in ${(cloneMs / 1000).toFixed(1)} s`);
    const env = { XDG_CACHE_HOME: join(dir, 'cache') };
    const { ms, engine } = await timedStart({ root, data: join(dir, 'data'), env });
    return result('coldStart', cloneMs + ms, engine);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function result(name: StartRow['name'], ms: number, engine: string): BenchResult {
  const row = startRow(name, ms);
  const missed = row.value <= row.goal ? [] : [`${name} took ${row.value} s, and ${row.goal} s is the goal`];
  return { rows: [row], engine, faults: [], missed };
}

/** From the command to the kiosk's waiting screen; then everything is ended. */
async function timedStart(init: {
  root: string;
  data: string;
  env?: Readonly<Record<string, string>>;
}): Promise<{ ms: number; engine: string }> {
  const { root, data } = init;
  const from = performance.now();
  const child = spawn('npm', ['start', '--', '--no-window', '--data', data], {
    cwd: root,
    env: { ...process.env, ...init.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: npm passes no signal on.
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => (said += part));
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let running = true;
  void ended.then(() => (running = false));
  try {
    const ready = (): boolean => said.includes('Ready in ');
    while (!ready()) {
      if (!running || performance.now() - from > LIMIT_MS) {
        throw new Error(`npm start did not get ready. It said:\n${said.slice(-2000)}`);
      }
      await sleep(LOOK_EVERY_MS);
    }
    const kioskUrl = (await readFile(join(data, 'kiosk/kiosk.url'), 'utf8')).trim();
    await screenShown(kioskUrl, 'wait', 30_000);
    const engine = /^database\s+([^\s,]+)/m.exec(said)?.[1] ?? 'none';
    return { ms: performance.now() - from, engine };
  } finally {
    if (child.pid !== undefined && running) process.kill(-child.pid, 'SIGTERM');
    await ended;
  }
}
