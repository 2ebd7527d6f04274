import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ShellFacts } from '@bianmin/shared/android/shell';
import { connectSandboxBus } from '@bianmin/shared/node/sandbox-bus';
import type { UsbBus } from '@bianmin/shared/usb/ports';
import { FileStore } from './file-store.ts';
import { KeyStore, newKeys, type DoubleKeys } from './keys.ts';
import { ShellModel, type ShellHttp } from './shell-model.ts';
import { serveSite } from './site.ts';
import { UsbModel } from './usb-model.ts';

export interface BoxDoubleInit {
  /** Keys, journal and settings: what a power cut leaves. */
  readonly dir: string;
  readonly serverUrl: string;
  /** The grid sandbox. */
  readonly sandboxUrl: string;
  /** The wallets' sandbox, for the desk's phone. */
  readonly walletUrl?: string;
  /** The simulated reader. */
  readonly readerId: string;
  /** Another one, plugged in beside it. */
  readonly secondReaderId?: string;
  readonly helpPhone?: string;
  /** 0: any free port. */
  readonly port: number;
  /** Of the signing key; default as from Android 6. */
  readonly alg?: 'ES256' | 'RS256';
  readonly facts?: Partial<ShellFacts>;
  readonly launch?: { token?: string; backUrl?: string };
}

/** A home box without Android: the shell's model in this process, the page in any browser. */
export interface BoxDouble {
  /** The TV alone. */
  readonly tvUrl: string;
  /** The TV with a drawer of cards and a phone beside it. */
  readonly deskUrl: string;
  readonly shell: ShellModel;
  readonly usb: UsbModel;
  close(): Promise<void>;
}

export async function startBoxDouble(init: BoxDoubleInit): Promise<BoxDouble> {
  await mkdir(init.dir, { recursive: true, mode: 0o700 });
  const keys = new KeyStore(await keysIn(init.dir, init.alg ?? 'ES256'));
  const readers = [init.readerId, ...(init.secondReaderId === undefined ? [] : [init.secondReaderId])];
  const buses = await Promise.all(readers.map((id) => readerBus(init.sandboxUrl, id)));
  const started = performance.now();
  const shell = new ShellModel({
    facts: {
      appVersion: '0.1.0',
      androidApi: 25,
      model: 'EC6110-T',
      engine: 'double',
      serverUrl: init.serverUrl,
      helpPhone: init.helpPhone ?? '0991-95598',
      sandbox: true,
      ...init.facts,
    },
    keys,
    renewKeys: async () => new KeyStore(await makeKeysIn(init.dir, init.alg ?? 'ES256')),
    store: new FileStore(join(init.dir, 'store')),
    http: httpTo(init.serverUrl),
    time: () => ({ epochMs: Date.now(), monotonicMs: performance.now() - started, trusted: true }),
    ...(init.launch === undefined ? {} : { launch: init.launch }),
  });
  const usb = new UsbModel(...buses);

  const server = createServer((request, response) => {
    if (request.url?.startsWith('/world/') === true) void pass(request, response, init.sandboxUrl);
    else if (request.url === '/desk.json') {
      const { readerId, walletUrl = null, sandboxUrl } = init;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ readerId, walletUrl, metersUrl: sandboxUrl }));
    } else void serveSite(request, response);
  });
  const sockets = new WebSocketServer({ server, path: '/shell' });
  sockets.on('connection', (socket) => {
    wire(socket, { shell, usb });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(init.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const deskUrl = `http://127.0.0.1:${port}/`;
  return {
    deskUrl,
    tvUrl: `${deskUrl}tv/`,
    shell,
    usb,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const bus of buses) await bus.close();
    },
  };
}

function readerBus(sandboxUrl: string, readerId: string): Promise<UsbBus> {
  const reader = new URL(`/world/readers/${encodeURIComponent(readerId)}/usb`, sandboxUrl);
  reader.protocol = reader.protocol === 'https:' ? 'wss:' : 'ws:';
  return connectSandboxBus(reader.href);
}

/** One page at a time, as on a box: the last that came. */
function wire(socket: WebSocket, { shell, usb }: { shell: ShellModel; usb: UsbModel }): void {
  const tell =
    (to: 'shell' | 'usb', call: string) =>
    (...args: string[]): void => {
      socket.send(JSON.stringify({ to, call, args }));
    };
  shell.page = { answer: tell('shell', 'answer'), event: tell('shell', 'event') };
  usb.page = { answer: tell('usb', 'answer'), changed: tell('usb', 'changed') };
  socket.on('message', (message: Buffer) => {
    const { to, id, request } = JSON.parse(message.toString('utf8')) as Record<
      'to' | 'id' | 'request',
      string
    >;
    if (to === 'usb') usb.call(id, request);
    else shell.call(id, request);
  });
}

function httpTo(serverUrl: string): ShellHttp {
  return async ({ method, path, headers, body, timeoutMs }) => {
    const answer = await fetch(serverUrl + path, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body }),
    });
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: await answer.text(),
    };
  };
}

/** The desk moves cards in the sandbox's world. */
async function pass(request: IncomingMessage, response: ServerResponse, sandboxUrl: string): Promise<void> {
  try {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const answer = await fetch(new URL(request.url ?? '/', sandboxUrl), {
      method: request.method ?? 'GET',
      ...(parts.length === 0
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: Buffer.concat(parts) }),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  } catch {
    response.writeHead(502).end();
  }
}

const keysPath = (dir: string): string => join(dir, 'keys.json');

async function keysIn(dir: string, alg: 'ES256' | 'RS256'): Promise<DoubleKeys> {
  const kept = await readFile(keysPath(dir), 'utf8').catch(() => undefined);
  return kept === undefined ? makeKeysIn(dir, alg) : (JSON.parse(kept) as DoubleKeys);
}

async function makeKeysIn(dir: string, alg: 'ES256' | 'RS256'): Promise<DoubleKeys> {
  const keys = newKeys(alg);
  await writeFile(keysPath(dir), JSON.stringify(keys), { mode: 0o600 });
  return keys;
}
