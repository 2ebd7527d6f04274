import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { jsonIn, readBytes } from '@bianmin/purchase/node/body';
import { isLocalPage } from '@bianmin/purchase/node/request-target';
import type { CollectEndpoint } from './collect/endpoint.ts';
import { MAX_REQUEST_BYTES, reply } from './collect/json.ts';
import { worldRequest, type WorldParts } from './world/routes.ts';
import { WorldError } from './world/world-error.ts';

/** `page.js` draws the page of what the others give it. */
const SCRIPTS = [
  ...['page.js', 'ask.js', 'cards.js', 'element.js', 'meters.js', 'state.js', 'tasks.js', 'texts.js'],
  'words.js',
];

/** The page's files, by address. */
const PAGE = new Map([
  ['/', { file: 'index.html', type: 'text/html; charset=utf-8' }],
  ['/page.css', { file: 'page.css', type: 'text/css; charset=utf-8' }],
  ...SCRIPTS.map((file) => [`/${file}`, { file, type: 'text/javascript; charset=utf-8' }] as const),
]);

/** `/collect/…` to the grid, `/world/…` to the world, and the page. */
export async function route(
  parts: WorldParts & { collect: CollectEndpoint },
  request: IncomingMessage,
  { response, path }: { response: ServerResponse; path: string },
): Promise<void> {
  if (path.startsWith('/collect/')) return parts.collect.handle(request, response, path.slice(9));
  if (path === '/healthz') return reply(response, 200, { status: 'ok' });
  if (path.startsWith('/world/')) return world(parts, request, { response, path: path.slice(7) });
  const page = PAGE.get(path);
  if (page === undefined || request.method !== 'GET') return reply(response, 404, { message: 'Not here.' });
  response.writeHead(200, {
    'content-type': page.type,
    'content-security-policy': "default-src 'self'; img-src data:",
    'cache-control': 'no-cache',
  });
  response.end(await readFile(new URL(`page/${page.file}`, import.meta.url)));
}

/** A page on this machine may ask the world; any other site may not. */
async function world(
  parts: WorldParts,
  request: IncomingMessage,
  { response, path }: { response: ServerResponse; path: string },
): Promise<void> {
  const { origin } = request.headers;
  if (origin !== undefined) {
    if (!isLocalPage(origin)) return reply(response, 403, { message: 'Only for pages of this machine.' });
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('vary', 'origin');
    response.setHeader('access-control-allow-headers', 'content-type');
    response.setHeader('access-control-allow-methods', 'GET, POST, DELETE');
  }
  if (request.method === 'OPTIONS') return void response.writeHead(204).end();
  const body = request.method === 'POST' ? await bodyOf(request) : undefined;
  try {
    reply(response, 200, worldRequest(parts, { method: request.method ?? 'GET', path, body }));
  } catch (error) {
    if (!(error instanceof WorldError)) throw error;
    reply(response, error.status, { message: error.message });
  }
}

/** What asks for something that needs nothing more may have no body. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBytes(request, MAX_REQUEST_BYTES);
  return bytes.length === 0 ? undefined : jsonIn(bytes);
}
