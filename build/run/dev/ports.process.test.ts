import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@bianmin/card/node/free-port';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InUseError } from './in-use.ts';
import { takePidFile } from './pid-file.ts';
import { PortClaims } from './port-claims.ts';
import { ANY_PORTS, choosePorts, takePorts } from './ports.ts';

let dir: string;
const claims: PortClaims[] = [];
const newClaims = (): PortClaims => {
  const made = new PortClaims();
  claims.push(made);
  return made;
};
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bianmin-ports-'));
});
afterEach(async () => {
  await Promise.all(claims.splice(0).map((each) => each.release()));
  await rm(dir, { recursive: true, force: true });
});

describe('ports', () => {
  it('follow a base, one after the other, and are kept for the next start', async () => {
    const base = await freePort(0, 9);
    const ports = await takePorts(dir, { base, twoNodes: true, claims: newClaims() });
    expect(Object.values(ports).sort()).toEqual(Array.from({ length: 9 }, (_, at) => base + at));
    expect(ports).toMatchObject({ web: base, kiosk: base + 1 });
    expect(await choosePorts(dir, ANY_PORTS)).toEqual(ports);
  });

  it('that are taken are named, with who has them', async () => {
    const base = await freePort(0, 8);
    const server = createServer().listen(base + 2, '127.0.0.1');
    await once(server, 'listening');
    const taking = takePorts(dir, { base, twoNodes: false, claims: newClaims() });
    await expect(taking).rejects.toThrow(InUseError);
    const by = process.platform === 'linux' ? ` by .+ \\(process ${process.pid}\\)` : '';
    await expect(taking).rejects.toThrow(new RegExp(`^Port ${base + 2}, .* in use${by}`));
    server.close();
  });

  it('of two that start at once are not the same', async () => {
    const base = await freePort(0, 8);
    const wanted = { ...ANY_PORTS, web: base, kiosk: base + 1 };
    const [one, two] = await Promise.all(
      ['one', 'two'].map(async (name) => {
        const own = await mkdtemp(join(dir, `${name}-`));
        return choosePorts(own, wanted, newClaims());
      }),
    );
    expect(one?.web).not.toBe(two?.web);
    expect([one?.web, two?.web]).toContain(base);
  });
});

describe('a file that says who has something', () => {
  it('is one process’s at a time, and goes with it', async () => {
    const path = join(dir, 'lock');
    const lock = await takePidFile(path);
    expect(await takePidFile(path)).toEqual({ holder: process.pid });
    if ('release' in lock) await lock.release();
    expect(await takePidFile(path)).toHaveProperty('release');
  });

  it('is taken over once what its process left behind is ended, too', async () => {
    const path = join(dir, 'lock');
    const keeper = spawn('sleep', ['1000']);
    const gone = spawn('true');
    await once(gone, 'exit');
    await writeFile(path, `${gone.pid ?? 0} ${keeper.pid ?? 0}`);
    let taken = false;
    const taking = takePidFile(path).then((lock) => {
      taken = true;
      return lock;
    });
    await expect.poll(() => taken, { timeout: 300 }).toBe(false);
    keeper.kill('SIGKILL');
    await once(keeper, 'exit');
    expect(await taking).toHaveProperty('release');
  });
});
