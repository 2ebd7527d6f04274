import { readFile } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { portalPages } from '../../build/run/portal/pages.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};
const FONTS = dirname(dirname(createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/400.css')));
/** A box has a Chinese font; a machine that runs tests may not, and would draw boxes. */
const FONT_LINKS = ['400', '700']
  .map((weight) => `<link rel="stylesheet" href="/fonts/noto-sans-sc/${weight}.css">`)
  .join('');

/** What the server says to the page. */
export interface PortalSample {
  readonly view?: object;
  readonly state?: 'waiting' | 'open' | 'ended';
  /** No answer comes. */
  readonly away?: true;
}

/** The built pages, and a server that says what the sample says. */
export class PortalSite {
  /** Pages are under its `/portal/`. */
  readonly url: string;
  sample: PortalSample = {};
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(): Promise<PortalSite> {
    const files = await portalPages();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const site = new PortalSite(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const { pathname } = new URL(request.url ?? '/', site.url);
      if (pathname.startsWith('/v1/')) answer(response, pathname, site.sample);
      else if (pathname.startsWith('/fonts/')) void sendFont(response, pathname);
      else {
        const name = pathname.replace('/portal/', '') || 'index.html';
        const file = files.get(name);
        const body = name.endsWith('.html')
          ? file?.toString().replace('</head>', `${FONT_LINKS}</head>`)
          : file;
        response.writeHead(body === undefined ? 404 : 200, typed(name)).end(body);
      }
    });
    return site;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function typed(name: string): OutgoingHttpHeaders {
  return { 'content-type': TYPES[extname(name)] ?? '' };
}

async function sendFont(response: ServerResponse, pathname: string): Promise<void> {
  const body = await readFile(join(FONTS, pathname.slice('/fonts/'.length))).catch(() => undefined);
  // Kept by the browser: there are hundreds of them.
  const headers = { ...typed(pathname), 'cache-control': 'max-age=3600' };
  response.writeHead(body === undefined ? 404 : 200, headers).end(body);
}

function answer(response: ServerResponse, pathname: string, sample: PortalSample): void {
  if (sample.away === true) response.destroy();
  else response.writeHead(200, typed('.json')).end(JSON.stringify(answerOf(pathname, sample)));
}

function answerOf(pathname: string, { view, state = 'open' }: PortalSample): object {
  const expiresAt = '2026-01-15T02:16:30.000Z';
  if (pathname.endsWith('/sessions')) return { id: 'v', key: 'k', token: 't', expiresAt };
  // Shown ten seconds after its code was made, whenever that is.
  const pays = view !== undefined && 'expiresAt' in view && view.expiresAt !== null;
  const shown = pays ? { ...view, expiresAt: Date.now() + 290_000 } : (view ?? null);
  return { state, revision: 1, view: shown, expiresAt };
}
