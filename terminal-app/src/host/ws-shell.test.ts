import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request, type ClientRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { HostEventBus } from '../ipc/events.ts';
import { createRouter, type HostHandlers } from '../ipc/router.ts';
import type { WireMessage } from '../ipc/wire.ts';
import { WsShell } from './ws-shell.ts';

let folder: string;
let shell: WsShell;
let events: HostEventBus;
const commands: unknown[] = [];

function makeShell(port = 0): WsShell {
  /** The calls that these tests make; the map has more. */
  const handlers: Partial<HostHandlers> = {
    'host.status': () => ({
      terminalId: null,
      version: '0',
      server: 'away',
      clock: null,
      entry: 'kiosk',
      helpPhone: '',
      voice: 'normal',
      notice: null,
      standing: null,
      blocked: false,
      printer: null,
      sandbox: null,
    }),
    'purchase.view': () => ({ screen: 'reading' }),
    'purchase.command': (command) => {
      commands.push(command);
      return null;
    },
    'remote-card.view': () => ({ state: 'none' }),
    'remote-card.command': () => null,
    'sandbox.insert': () => {
      throw new Error('a secret: 123456');
    },
    'sandbox.eject': () => null,
  };
  const router = createRouter(handlers as HostHandlers, () => undefined);
  return new WsShell({
    host: '127.0.0.1',
    port,
    rendererDir: join(folder, 'renderer'),
    dataDir: join(folder, 'data'),
    router,
    events,
    onFault: (where, error) => {
      throw new Error(where, { cause: error });
    },
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-shell-'));
  await mkdir(join(folder, 'renderer/assets'), { recursive: true });
  await writeFile(join(folder, 'renderer/index.html'), '<p>kiosk</p>');
  await writeFile(join(folder, 'renderer/assets/app-1a2b.js'), 'let a;');
  await writeFile(join(folder, 'secret.html'), 'no');
  events = new HostEventBus();
  commands.length = 0;
  shell = makeShell();
  await shell.start();
});
afterEach(async () => {
  await shell.close();
  await rm(folder, { recursive: true, force: true });
});

/** A request exactly as given: fetch would mend paths and Host. */
function raw(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(shell.origin);
  return new Promise((resolve, reject) => {
    request({ host: hostname, port, path, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
    })
      .on('error', reject)
      .end();
  });
}

async function exchange(token: string, origin = shell.origin): Promise<Response> {
  return fetch(`${shell.origin}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ token }),
  });
}

async function signIn(): Promise<string> {
  const answer = await exchange(new URL(shell.url).hash.slice(1));
  expect(answer.status).toBe(204);
  return answer.headers.get('set-cookie') ?? '';
}

function open(headers: Record<string, string>): Promise<WebSocket> {
  const socket = new WebSocket(`${shell.origin.replace('http', 'ws')}/ipc`, { headers });
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

function next(socket: WebSocket): Promise<WireMessage> {
  return new Promise((resolve) => {
    socket.once('message', (data) => {
      resolve(JSON.parse((data as Buffer).toString()) as WireMessage);
    });
  });
}

describe('who may open the screen', () => {
  it('leaves the address in files that only this user can read', async () => {
    for (const name of ['kiosk.url', 'kiosk.html']) {
      const path = join(folder, 'data', name);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await readFile(path, 'utf8')).toContain(shell.url);
    }
  });

  it('serves no file without a session', async () => {
    expect((await fetch(shell.origin)).status).toBe(403);
    expect((await fetch(`${shell.origin}/assets/app-1a2b.js`)).status).toBe(403);
  });

  it('gives a session for the token, once, in a cookie that no script reads', async () => {
    const token = new URL(shell.url).hash.slice(1);
    const cookie = await signIn();
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    const page = await fetch(shell.origin, { headers: { cookie } });
    expect(await page.text()).toBe('<p>kiosk</p>');
    expect((await exchange(token)).status).toBe(403);
    expect(shell.url).not.toContain(token);
    expect(await readFile(join(folder, 'data/kiosk.url'), 'utf8')).toBe(`${shell.url}\n`);
  });

  it('gives none to another origin, nor for a wrong token', async () => {
    const token = new URL(shell.url).hash.slice(1);
    expect((await exchange(token, 'https://evil.example')).status).toBe(403);
    expect((await exchange('x')).status).toBe(403);
    expect((await exchange('x'.repeat(4096))).status).toBe(413);
  });

  it('keeps a page signed in over a restart, with no session in the file', async () => {
    const cookie = await signIn();
    const { port } = new URL(shell.origin);
    await shell.close();
    shell = makeShell(Number(port));
    await shell.start();
    expect((await fetch(shell.origin, { headers: { cookie } })).status).toBe(200);
    const kept = await readFile(join(folder, 'data/sessions.json'), 'utf8');
    expect(kept).not.toContain(cookie.split('=')[1]?.split(';')[0]);
  });
});

describe('what is served', () => {
  it('carries the policy that lets nothing else in', async () => {
    const { headers } = await fetch(shell.origin, { headers: { cookie: await signIn() } });
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
        `connect-src 'self' ${shell.origin.replace('http', 'ws')}; base-uri 'none'; form-action 'none'; ` +
        "frame-ancestors 'none'",
    );
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/assets/..%5c..%5csecret.html',
    '/assets/%00.html',
    '//secret.html',
  ])('takes no other spelling of an address: %s', async (path) => {
    expect((await raw(path, { cookie: await signIn() })).status).toBe(400);
  });

  it('never leaves its folder', async () => {
    expect(await raw('/.hidden.html', { cookie: await signIn() })).toEqual({ status: 404, body: '' });
  });

  it('answers to no other name', async () => {
    const { port } = new URL(shell.origin);
    for (const host of [`evil.example:${port}`, `localhost:${port}`, '127.0.0.1']) {
      expect((await raw('/', { host, cookie: await signIn() })).status).toBe(421);
    }
  });
});

describe('the map on its socket', () => {
  it('answers calls, tells events, and checks requests', async () => {
    const socket = await open({ cookie: await signIn(), origin: shell.origin });
    socket.send(JSON.stringify({ id: 1, call: 'purchase.view', request: null }));
    expect(await next(socket)).toEqual({ id: 1, ok: true, response: { screen: 'reading' } });
    socket.send(JSON.stringify({ id: 2, call: 'purchase.command', request: { type: 'back' } }));
    expect(await next(socket)).toEqual({ id: 2, ok: true, response: null });
    socket.send(JSON.stringify({ id: 3, call: 'purchase.command', request: { type: 'pay-me' } }));
    expect(await next(socket)).toMatchObject({ id: 3, ok: false, code: 'ipc.bad-request' });
    socket.send(JSON.stringify({ id: 4, call: 'toString', request: null }));
    expect(await next(socket)).toMatchObject({ id: 4, ok: false, code: 'ipc.unknown-call' });
    expect(commands).toEqual([{ type: 'back' }]);
    const told = next(socket);
    events.emit('purchase.view', { screen: 'wait', reader: 'R' });
    expect(await told).toEqual({ event: 'purchase.view', payload: { screen: 'wait', reader: 'R' } });
    socket.terminate();
  });

  it('never repeats what a handler said in its fault', async () => {
    const socket = await open({ cookie: await signIn(), origin: shell.origin });
    socket.send(JSON.stringify({ id: 1, call: 'sandbox.insert', request: { cardId: 'a' } }));
    const answer = await next(socket);
    expect(answer).toMatchObject({ ok: false, code: 'ipc.failed' });
    expect(JSON.stringify(answer)).not.toContain('123456');
    socket.terminate();
  });

  it('is refused without a session, and to another origin', async () => {
    await expect(open({ origin: shell.origin })).rejects.toThrow('403');
    await expect(open({ cookie: await signIn(), origin: 'https://evil.example' })).rejects.toThrow('403');
    await expect(open({ cookie: await signIn() })).rejects.toThrow('403');
  });

  it.each(['//', '/ipc/', '/IPC', '/%69pc', '/./ipc', '/x?/ipc'])(
    'is at one address, and a page that asks at another ends nothing: %s',
    async (target) => {
      const cookie = await signIn();
      const socket = new WebSocket(`${shell.origin.replace('http', 'ws')}/`, {
        headers: { cookie, origin: shell.origin },
        // As it is: the address would be mended else.
        finishRequest: (request: ClientRequest) => {
          request.path = target;
          request.end();
        },
      });
      const refused = await new Promise<Error>((resolve) => socket.once('error', resolve));
      expect(refused.message).toMatch(/40[03]/);
      expect((await fetch(shell.origin, { headers: { cookie } })).status).toBe(200);
    },
  );

  it.each(['{', '[]', '{"id":1}', 'null', '['.repeat(8000)])(
    'hangs up on what is no frame: %s',
    async (text) => {
      const socket = await open({ cookie: await signIn(), origin: shell.origin });
      const closed = new Promise<number>((resolve) => socket.once('close', resolve));
      socket.send(text);
      expect(await closed).toBe(1008);
    },
  );
});
