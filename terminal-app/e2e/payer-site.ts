import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { ensurePayerPages } from '../../build/run/dev/renderer.ts';
import type { PayerSample } from './payer-sample-parts.ts';

/** What the server's clock says; a phone that is elsewhere in time is put right by it. */
export const SAMPLE_NOW = Date.parse('2026-01-15T02:01:30.000Z');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
};
const FONTS = dirname(dirname(createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/400.css')));
/** A phone has these; a machine that runs tests may not, and would draw boxes. */
const FONT_LINKS = ['noto-sans-sc', 'noto-naskh-arabic']
  .flatMap((font) =>
    ['400', '700'].map((weight) => `<link rel="stylesheet" href="/fonts/${font}/${weight}.css">`),
  )
  .join('');

export interface PayerSite {
  /** Of the first page. */
  readonly url: string;
  show(sample: PayerSample): void;
  close(): void;
}

/** The phone's built pages, and a server that says what the sample says. */
export async function servePayerSite(): Promise<PayerSite> {
  const pages = await ensurePayerPages(() => undefined);
  let sample: PayerSample = { path: '/' };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname.startsWith('/v1/')) {
      answer(response, sample.answers?.[`${request.method ?? ''} ${pathname.replace('/v1/payer/', '')}`]);
      return;
    }
    const asked = pathname.replace(/^\/(?:p|fonts)\//, '');
    const name = asked === '' || asked === sample.token ? 'index.html' : asked;
    readFile(join(pathname.startsWith('/fonts/') ? FONTS : pages, name)).then(
      (body) => {
        const type = TYPES[extname(name)] ?? 'application/octet-stream';
        const shown = type.startsWith('text/html')
          ? body.toString().replace('</head>', `${FONT_LINKS}</head>`)
          : body;
        // Kept by the browser: there are hundreds of them.
        const kept = pathname.startsWith('/fonts/') ? { 'cache-control': 'max-age=3600' } : {};
        response.writeHead(200, { 'content-type': type, ...kept }).end(shown);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/p/`,
    show: (next) => {
      sample = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(response: ServerResponse, said: unknown): void {
  response.setHeader('date', new Date(SAMPLE_NOW).toUTCString());
  response.setHeader('retry-after', '3000');
  if (said === undefined) {
    response.writeHead(204).end();
    return;
  }
  const [code, status] = Array.isArray(said) ? (said as [string, number]) : [undefined, 200];
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(code === undefined ? said : { code }));
}
