import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@bianmin/card/node/free-port';
import { launchChromium } from '../../../../terminal-app/e2e/chromium.ts';

const ROOT = join(import.meta.dirname, '../../../..');
/** No developer would wait so long; what it took on this machine is printed. */
const AT_MOST_MS = 200_000;
const LEFT_OUT = new Set(['node_modules', 'dist', '.data', '.git', 'coverage']);

let copy: string;
let base: number;
let browser: Browser;
let live: ChildProcess;
let said = '';

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'bianmin-live-'));
  await copyProject();
  base = await freePort(0, 20);
  live = startLive();
  [browser] = await Promise.all([launchChromium(), saidBy(live, /^Phone's wallet/m)]);
}, 600_000);

afterAll(async () => {
  await browser.close();
  if (live.exitCode === null) live.kill('SIGKILL');
  await rm(copy, { recursive: true, force: true });
}, 120_000);

describe('npm run dev', { timeout: 300_000 }, () => {
  it('shows a word that was changed in a component of the kiosk', async () => {
    const enter = /^Kiosk +(\S+)/m.exec(said)?.[1] ?? '';
    const page = await open(enter, '[data-screen="wait"] h1');
    await showsAWord(page, {
      file: 'terminal-app/src/renderer/screens/WaitScreen.vue',
      behind: "{{ words.t('wait.title') }}",
    });
  });

  it('shows a word that was changed in a component of the console', async () => {
    const page = await open(`${origin(0)}/admin/`, 'main.login h1');
    await showsAWord(page, { file: 'server/admin/src/areas/login/LoginBox.vue', behind: '{{ title }}' });
  });

  it("shows a word that was changed in a component of the TV's page", async () => {
    const page = await open(`${origin(2)}/tv/`, '.keys');
    await showsAWord(page, {
      file: 'stb-app/src/tv/components/ScreenFrame.vue',
      behind: "{{ tv.t('tv.keys') }}",
    });
  });

  it('shows a word that was changed on the phone pages', async () => {
    const page = await open(`${origin(0)}/p/`, 'h1');
    await showsAWord(page, { file: 'server/payer/src/words/zh-cn.ts', behind: "'homes.none': '" });
  });

  it('shows a word that was changed on the portal', async () => {
    const page = await open(`${origin(0)}/portal/`, '.where');
    await showsAWord(page, { file: 'stb-app/portal/words/zh-CN.json', behind: '"portal.name": "' });
  });

  it('gives no file to a page but what pages are made of', async () => {
    const ofTheData = join(copy, '.data/live/secrets.json');
    expect((await readFile(ofTheData, 'utf8')).length).toBeGreaterThan(0);
    for (const place of [`${origin(0)}/admin`, `${origin(0)}/p`, origin(1), `${origin(2)}/tv`]) {
      expect((await fetch(`${place}/@fs${ofTheData}`)).status).not.toBe(200);
    }
  });

  it('answers as the changed server does, waits where that does not start, and goes on with the next change', async () => {
    const routes = 'server/src/web/system-routes.ts';
    const text = await readFile(join(copy, routes), 'utf8');
    const now = 'new Date(services.clock.now()).toISOString()';
    expect(text).toContain(now);
    const inYear = (year: number): string => text.replace(now, `'${year}-01-01T00:00:00.000Z'`);
    await measured('a server change', routes, inYear(1998), () => answers('1998'));
    await writeFile(join(copy, routes), `${text}\nthis is not a program`);
    await saidBy(live, /web starts again at the next change/);
    expect(said).toMatch(/system-routes\.ts:\d+/);
    await measured('the change after a broken one', routes, inYear(1999), () => answers('1999'));
  });

  it('ends with all that it began', async () => {
    const ended = new Promise((resolve) => live.once('exit', resolve));
    live.kill('SIGTERM');
    expect(await ended).toBe(0);
    const running = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).stdout.split('\n');
    expect(running.filter((line) => line.includes(basename(copy)))).toEqual([]);
    for (let port = base; port < base + 20; port += 1) {
      await expect(fetch(`http://127.0.0.1:${port}/`), String(port)).rejects.toThrow();
    }
  });
});

const origin = (offset: number): string => `http://127.0.0.1:${base + offset}`;

/** The sources as they are now; the modules as further names of the same files. */
async function copyProject(): Promise<void> {
  await cp(ROOT, copy, { recursive: true, filter: (path) => path === ROOT || !LEFT_OUT.has(basename(path)) });
  for (const folder of ['.', ...(await readdir(ROOT))]) {
    const from = join(ROOT, folder, 'node_modules');
    const to = join(copy, folder, 'node_modules');
    // On another file system there is no second name.
    spawnSync('sh', ['-c', 'test ! -d "$0" || cp -al "$0" "$1" 2>/dev/null || cp -a "$0/." "$1"', from, to]);
  }
  // What Vite prepared for the pages of the original.
  await rm(join(copy, 'node_modules/.vite'), { recursive: true, force: true });
}

function startLive(): ChildProcess {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const own of ['NODE_ENV', 'MONGODB_URI', 'REDIS_URL', 'VITEST']) delete env[own];
  const args = ['build/run.mjs', 'dev', '--no-install', '--no-window', '--port-base', String(base)];
  const child = spawn(process.execPath, args, { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      child.emit('said');
    });
  }
  return child;
}

/** Resolves when it has said so, and fails when it ends before. */
function saidBy(child: ChildProcess, what: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (!what.test(said)) return;
      child.off('said', look);
      resolve();
    };
    child.on('said', look);
    child.once('exit', () => {
      reject(new Error(`It ended. It said:\n${said}`));
    });
    look();
  });
}

async function open(url: string, ready: string): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
  page.setDefaultTimeout(AT_MOST_MS);
  await page.goto(url);
  await page.locator(ready).first().waitFor();
  return page;
}

/** Writes a word into a source, behind what stands there, and waits until the page that is open shows it. */
async function showsAWord(page: Page, { file, behind }: { file: string; behind: string }): Promise<void> {
  const word = `word-${String(Math.trunc(performance.now()))}`;
  const text = await readFile(join(copy, file), 'utf8');
  expect(text).toContain(behind);
  await measured(
    file,
    file,
    text.replace(behind, () => behind + word),
    async () => {
      await page.getByText(word).first().waitFor({ timeout: AT_MOST_MS });
    },
  );
  await page.context().close();
}

async function answers(what: string): Promise<void> {
  await expect
    .poll(async () => (await fetch(`${origin(0)}/healthz`)).text(), { interval: 50, timeout: AT_MOST_MS })
    .toContain(what);
}

/** From the write on. */
async function measured(what: string, file: string, text: string, until: () => Promise<void>): Promise<void> {
  const from = performance.now();
  await writeFile(join(copy, file), text);
  await until();
  process.stdout.write(`${what}: ${(performance.now() - from).toFixed(0)} ms\n`);
}
