import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keeperPid } from '@bianmin/card/node/kept-child';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import { ANY_PORTS, choosePorts } from './ports.ts';
import { loadOrCreateSecrets } from './secrets.ts';
import { lockFolder } from './stack-lock.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack-contract.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bianmin-dev-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const readiness = async (stack: Stack) => (await fetch(`${stack.urls.webUrl}/readyz`)).status;

describe('the stack', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ dir });
  });
  afterAll(() => stack.close());

  it('is ready when it says so, each part at its address', async () => {
    expect(await readiness(stack)).toBe(200);
    expect((await new SandboxClient(stack.urls).cards()).length).toBeGreaterThan(0);
    expect(await stack.kioskUrl()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/enter#/);
  });

  it('keeps what is secret from others on the machine', async () => {
    for (const file of ['secrets.json', 'keys/grid-keys.json', 'keys/wallet-keys.json']) {
      expect((await stat(join(dir, file))).mode & 0o077, file).toBe(0);
    }
  });

  it('is not started twice on one folder', async () => {
    await expect(startStack({ dir })).rejects.toThrow(/already running on/);
  });

  it('brings a killed part back at its address, and tells of a fall only where it was not asked for', async () => {
    await stack.kill('web');
    await expect(readiness(stack)).rejects.toThrow();
    await stack.restart('web');
    expect(await readiness(stack)).toBe(200);
    process.kill(stack.program('worker')?.pid ?? 0, 'SIGKILL');
    expect(await stack.fall).toMatchObject({ part: 'worker', exit: 'SIGKILL' });
  });

  it('goes on with the same world, keys and addresses at the next start, and begins anew when asked', async () => {
    const client = new SandboxClient(stack.urls);
    const [made] = await client.households(1, 'SLE4442');
    await stack.close();
    stack = await startStack({ dir });
    const again = await new SandboxClient(stack.urls).cards();
    expect(again.map(({ id }) => id)).toContain(made?.cardId);
    const { adminPassword } = stack;
    await stack.close();
    stack = await startStack({ dir, fresh: true, kiosk: false });
    expect(stack.adminPassword).not.toBe(adminPassword);
    expect((await new SandboxClient(stack.urls).cards()).map(({ id }) => id)).not.toContain(made?.cardId);
    await expect(stack.kioskUrl()).rejects.toThrow();
  });

  it('leaves nothing behind when a part cannot start, and says which and why', async () => {
    const broken = startStack({ kiosk: false, env: { server: { TOKEN_SECRET: 'short' } } });
    await expect(broken).rejects.toThrow(/(web|worker) ended with 1 .*TOKEN_SECRET/s);
  });
});

describe('a stack that is called off', () => {
  it('ends what had begun', async () => {
    const own = await mkdtemp(join(dir, 'off-'));
    const abort = new AbortController();
    const report = (line: string): void => {
      if (line.startsWith('database')) abort.abort();
    };
    await expect(startStack({ dir: own, signal: abort.signal, report })).rejects.toThrow();
    const unlock = await lockFolder(own);
    await unlock();
  });

  it('is ready before its TV is, and takes it along when it ends', async () => {
    const own = await mkdtemp(join(dir, 'tv-'));
    const stack = await startStack({ dir: own, kiosk: false, tv: true });
    expect(stack.program('tv')).toBeUndefined();
    await stack.close();
    await expect(stack.tv).rejects.toThrow();
    expect(stack.program('tv')).toBeUndefined();
  });
});

describe('the pieces', () => {
  it('take a lock over from a process that is gone', async () => {
    const own = await mkdtemp(join(dir, 'lock-'));
    await writeFile(join(own, 'running.pid'), '999999999');
    const unlock = await lockFolder(own);
    expect(await readFile(join(own, 'running.pid'), 'utf8')).toBe(`${process.pid} ${keeperPid() ?? ''}`);
    await unlock();
  });

  it('make secrets once, and never quote a damaged file', async () => {
    const own = await mkdtemp(join(dir, 'secrets-'));
    const first = await loadOrCreateSecrets(own);
    expect(await loadOrCreateSecrets(own)).toEqual(first);
    expect(first.enrolCode).toMatch(/^[A-Z2-9]{4}(-[A-Z2-9]{4}){2}$/);
    await writeFile(join(own, 'secrets.json'), `{"tokenSecret":"${first.tokenSecret}"`);
    const error = await loadOrCreateSecrets(own).catch((caught: unknown) => String(caught));
    expect(error).toContain('--fresh');
    expect(error).not.toContain(first.tokenSecret);
  });

  it('give each part a port of its own, the same ones next time', async () => {
    const own = await mkdtemp(join(dir, 'ports-'));
    const first = await choosePorts(own, ANY_PORTS);
    expect(new Set(Object.values(first)).size).toBe(Object.keys(ANY_PORTS).length);
    expect(await choosePorts(own, ANY_PORTS)).toEqual(first);
  });
});
