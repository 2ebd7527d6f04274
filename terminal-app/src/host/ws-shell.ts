import { readFile } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { z } from 'zod';
import { readJson } from '@bianmin/purchase/node/body';
import { closeListener, createListener, openListener } from '@bianmin/purchase/node/listener';
import { refuse, refuseSocket, type Refusal } from '@bianmin/purchase/node/refusal';
import type { HostEventBus } from '../ipc/events.ts';
import type { Router } from '../ipc/router.ts';
import { WIRE_PATH } from '../ipc/wire.ts';
import { assetFor } from '../policy/assets.ts';
import { securityHeaders } from '../policy/csp.ts';
import { ENTRANCE_PAGE, ENTRANCE_SCRIPT } from './entrance.ts';
import { PageSessions } from './page-session.ts';
import { ShellFiles } from './shell-files.ts';
import { WsWire } from './ws-wire.ts';

const MAX_BODY_BYTES = 1024;
const NOT_SIGNED_IN: Refusal = {
  code: 'auth.csrf',
  detail: 'This page is not signed in. Open the address in kiosk.url.',
};

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

const sessionRequest = z.strictObject({ token: z.string() });

/**
 * The Chromium shell: the built renderer and the typed map on one loopback port. A page needs a session (see
 * `PageSessions`), the address's own Host, and for anything but reading files the address's own Origin.
 */
export class WsShell {
  readonly #init: WsShellInit;
  readonly #files: ShellFiles;
  readonly #server: Server;
  readonly #wire: WsWire;
  #sessions = new PageSessions({ cookieName: 'bianmin-page', digests: [], onChange: () => undefined });
  #origin = '';

  constructor(init: WsShellInit) {
    const onFault = (error: unknown): void => {
      init.onFault('shell', error);
    };
    this.#init = init;
    this.#files = new ShellFiles(init.dataDir, init.onFault);
    this.#wire = new WsWire({ router: init.router, events: init.events, onFault });
    this.#server = createListener({
      admits: {
        // DNS rebinding ends here: another name for our address is not ours.
        host: (host) => `http://${host}` === this.#origin,
        origin: (origin) => origin === this.#origin,
      },
      answer: (request, response, path) => this.#serve(request, response, path),
      upgrade: (request, socket, head, path) => {
        const mayOpen = path === WIRE_PATH && this.#isSignedIn(request);
        if (mayOpen) this.#wire.open(request, socket, head);
        else refuseSocket(socket, NOT_SIGNED_IN);
      },
      onFault,
    });
  }

  async start(): Promise<void> {
    const { host, port } = this.#init;
    const digests = await this.#files.sessions();
    this.#origin = await openListener(this.#server, { host, port });
    this.#sessions = new PageSessions({
      // Browsers share cookies between the ports of a host: each kiosk of a machine has its own.
      cookieName: `bianmin-page-${new URL(this.origin).port}`,
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
    return this.#origin;
  }

  /** Opens the screen once; after that there is a new one. */
  get url(): string {
    return `${this.origin}/enter#${this.#sessions.token}`;
  }

  async close(): Promise<void> {
    this.#wire.close();
    await closeListener(this.#server);
    await this.#files.idle();
  }

  async #serve(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders([this.#origin.replace('http', 'ws')]))) {
      response.setHeader(name, value);
    }
    response.setHeader('cache-control', 'no-store');
    if (request.method === 'POST' && path === '/session') {
      await this.#signIn(request, response);
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405).end();
    } else if (path === '/enter') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(ENTRANCE_PAGE);
    } else if (path === '/enter.js') {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(ENTRANCE_SCRIPT);
    } else if (!this.#isSignedIn(request)) {
      refuse(response, NOT_SIGNED_IN);
    } else {
      await this.#serveFile(path, response);
    }
  }

  async #signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = sessionRequest.safeParse(await readJson(request, MAX_BODY_BYTES)).data;
    const session = asked === undefined ? undefined : this.#sessions.exchange(asked.token);
    if (session === undefined) {
      refuse(response, NOT_SIGNED_IN);
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

  #isSignedIn(request: IncomingMessage): boolean {
    return this.#sessions.admits(request.headers.cookie);
  }
}
