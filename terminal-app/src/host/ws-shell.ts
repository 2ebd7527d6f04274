import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { HostEventBus } from '../ipc/events.ts';
import type { Router } from '../ipc/router.ts';
import { assetFor } from '../policy/assets.ts';
import { securityHeaders } from '../policy/csp.ts';
import { ENTRANCE_PAGE, ENTRANCE_SCRIPT } from './entrance.ts';
import { PageSessions } from './page-session.ts';
import { ShellFiles } from './shell-files.ts';
import { WsWire } from './ws-wire.ts';

const MAX_BODY_BYTES = 1024;

export interface WsShellInit {
  /** Loopback only. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The built renderer. */
  readonly rendererDir: string;
  /** Where the address with its one-time token is left, readable by this user only. */
  readonly dataDir: string;
  readonly router: Router;
  readonly events: HostEventBus;
  readonly onFault: (where: string, error: unknown) => void;
}

/**
 * The Chromium shell: the built renderer and the typed map on one loopback port. A page needs a session (see
 * `PageSessions`), the address's own Host, and for anything but reading files the address's own Origin.
 */
export class WsShell {
  readonly #init: WsShellInit;
  readonly #files: ShellFiles;
  readonly #server: Server;
  #sessions = new PageSessions({ cookieName: 'bianmin-page', digests: [], onChange: () => undefined });
  #wire: WsWire | undefined;
  #authority = '';

  constructor(init: WsShellInit) {
    this.#init = init;
    this.#files = new ShellFiles(init.dataDir, init.onFault);
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        init.onFault('shell', error);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
  }

  async start(): Promise<void> {
    const { host, port, router, events } = this.#init;
    const digests = await this.#files.sessions();
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    const address = this.#server.address() as AddressInfo;
    this.#authority = `${host.includes(':') ? `[${host}]` : host}:${address.port}`;
    this.#wire = new WsWire({
      server: this.#server,
      router,
      events,
      admits: (request) => this.#isOurs(request) && this.#hasOrigin(request) && this.#isSignedIn(request),
    });
    this.#sessions = new PageSessions({
      // Browsers share cookies between the ports of a host: each kiosk of a machine has its own.
      cookieName: `bianmin-page-${address.port}`,
      digests,
      onChange: (digests) => {
        this.#files.keepSessions(digests);
        this.#files.leaveAddress(this.url);
      },
    });
    this.#files.leaveAddress(this.url);
    await this.#files.idle();
  }

  /** The address without its token, for people and logs. */
  get origin(): string {
    return `http://${this.#authority}`;
  }

  /** Opens the screen once; after that there is a new one. */
  get url(): string {
    return `${this.origin}/enter#${this.#sessions.token}`;
  }

  async close(): Promise<void> {
    this.#wire?.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    await this.#files.idle();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#isOurs(request)) {
      response.writeHead(421).end();
      return;
    }
    for (const [name, value] of Object.entries(securityHeaders([`ws://${this.#authority}`]))) {
      response.setHeader(name, value);
    }
    response.setHeader('cache-control', 'no-store');
    const { pathname } = new URL(request.url ?? '/', this.origin);
    if (request.method === 'POST' && pathname === '/session') {
      await this.#signIn(request, response);
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405).end();
    } else if (pathname === '/enter') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(ENTRANCE_PAGE);
    } else if (pathname === '/enter.js') {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(ENTRANCE_SCRIPT);
    } else if (!this.#isSignedIn(request)) {
      response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end('Not signed in.\n');
    } else {
      await this.#serveFile(pathname, response);
    }
  }

  async #signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = this.#hasOrigin(request) ? await tokenIn(request) : undefined;
    const session = token === undefined ? undefined : this.#sessions.exchange(token);
    if (session === undefined) {
      response.writeHead(403).end();
      return;
    }
    // A browser that opens the next page finds the next address, not the one just used.
    await this.#files.idle();
    response.writeHead(204, { 'set-cookie': this.#sessions.cookieFor(session) }).end();
  }

  async #serveFile(pathname: string, response: ServerResponse): Promise<void> {
    const asset = assetFor(this.#init.rendererDir, pathname);
    const body = asset === undefined ? undefined : await readFile(asset.file).catch(() => undefined);
    if (asset === undefined || body === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(pathname === '/' ? 'The renderer is not built: npm run build -w terminal-app\n' : '');
      return;
    }
    response.setHeader('content-type', asset.type);
    if (asset.immutable) response.setHeader('cache-control', 'private, max-age=31536000, immutable');
    response.writeHead(200).end(body);
  }

  /** DNS rebinding ends here: another name for our address is not ours. */
  #isOurs(request: IncomingMessage): boolean {
    return request.headers.host === this.#authority;
  }

  #hasOrigin(request: IncomingMessage): boolean {
    return request.headers.origin === this.origin;
  }

  #isSignedIn(request: IncomingMessage): boolean {
    return this.#sessions.admits(request.headers.cookie);
  }
}

async function tokenIn(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return z.strictObject({ token: z.string() }).safeParse(body).data?.token;
  } catch {
    return undefined;
  }
}
