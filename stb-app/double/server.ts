import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import process from 'node:process';
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { parseJson } from '@bianmin/card/json-text';
import { connectSandboxBus } from '@bianmin/card/node/sandbox-bus';
import type { UsbBus } from '@bianmin/card/usb/ports';
import type { ShellFacts } from '@bianmin/purchase/android/shell';
import { readBytes } from '@bianmin/purchase/node/body';
import { closeListener, createListener, openListener, THIS_MACHINE } from '@bianmin/purchase/node/listener';
import { createSockets, takeMessages } from '@bianmin/purchase/node/listener-sockets';
import { FAILED, NOT_FOUND, refuse, refuseSocket } from '@bianmin/purchase/node/refusal';
import { FileStore } from './file-store.ts';
import { KeyStore, newKeys, type DoubleKeys } from './keys.ts';
import { ShellModel, type ShellHttp } from './shell-model.ts';
import { serveSite } from './site.ts';
import { UsbModel } from './usb-model.ts';

/** A page's call, and what the desk asks of the world, are no longer. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

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

  const sockets = createSockets(MAX_MESSAGE_BYTES);
  const server = createListener({
    admits: THIS_MACHINE,
    answer: (request, response, path) => {
      if (path.startsWith('/world/')) return pass(request, response, init.sandboxUrl);
      if (path !== '/desk.json') return serveSite(path, response);
      const { readerId, walletUrl = null, sandboxUrl } = init;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ readerId, walletUrl, metersUrl: sandboxUrl }));
      return undefined;
    },
    upgrade: (request, socket, head, path) => {
      if (path !== '/shell') refuseSocket(socket, NOT_FOUND);
      else sockets.handleUpgrade(request, socket, head, (opened) => wire(opened, { shell, usb }));
    },
    onFault,
  });
  const deskUrl = `${await openListener(server, { host: '127.0.0.1', port: init.port })}/`;
  return {
    deskUrl,
    tvUrl: `${deskUrl}tv/`,
    shell,
    usb,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await closeListener(server);
      for (const bus of buses) await bus.close();
    },
  };
}

function readerBus(sandboxUrl: string, readerId: string): Promise<UsbBus> {
  const reader = new URL(`/world/readers/${encodeURIComponent(readerId)}/usb`, sandboxUrl);
  reader.protocol = reader.protocol === 'https:' ? 'wss:' : 'ws:';
  return connectSandboxBus(reader.href);
}

const message = z.object({ to: z.string(), id: z.string(), request: z.string() });

/** One page at a time, as on a box: the last that came. */
function wire(socket: WebSocket, { shell, usb }: { shell: ShellModel; usb: UsbModel }): void {
  const tell =
    (to: 'shell' | 'usb', call: string) =>
    (...args: string[]): void => {
      socket.send(JSON.stringify({ to, call, args }));
    };
  shell.page = { answer: tell('shell', 'answer'), event: tell('shell', 'event') };
  usb.page = { answer: tell('usb', 'answer'), changed: tell('usb', 'changed') };
  takeMessages(socket, {
    take: (data: RawData) => {
      const { to, id, request } = message.parse(parseJson((data as Buffer).toString('utf8')));
      if (to === 'usb') usb.call(id, request);
      else shell.call(id, request);
    },
    onFault,
  });
}

function onFault(error: unknown): void {
  process.stderr.write(`The box's double failed in a request: ${String(error)}\n`);
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
  const body = await readBytes(request, MAX_MESSAGE_BYTES);
  const answer = await fetch(new URL(request.url ?? '/', sandboxUrl), {
    method: request.method ?? 'GET',
    ...(body.length === 0
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: Uint8Array.from(body) }),
  }).catch(() => undefined);
  if (answer === undefined) refuse(response, FAILED);
  else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
}

const keysPath = (dir: string): string => join(dir, 'keys.json');

async function keysIn(dir: string, alg: 'ES256' | 'RS256'): Promise<DoubleKeys> {
  const kept = await readFile(keysPath(dir), 'utf8').catch(() => undefined);
  return kept === undefined ? makeKeysIn(dir, alg) : (parseJson(kept) as DoubleKeys);
}

async function makeKeysIn(dir: string, alg: 'ES256' | 'RS256'): Promise<DoubleKeys> {
  const keys = newKeys(alg);
  await writeFile(keysPath(dir), JSON.stringify(keys), { mode: 0o600 });
  return keys;
}
