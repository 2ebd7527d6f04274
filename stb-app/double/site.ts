import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
};
const PAGES = join(import.meta.dirname, '../dist/tv');
/** The built page itself, with the wire in front of its own script, and the Chinese font that a box has by itself. */
export const WIRE =
  '<link rel="stylesheet" href="double/system-font.css"><script src="double/page.js"></script>';
const SYSTEM_FONT = dirname(
  createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/chinese-simplified-400.css'),
);

/** What the shell allows its page, and the wire. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws:";

/** `/`: the desk with the TV on it; `/tv/`: the built pages as they are, but for the wire. */
export async function serveSite(pathname: string, response: ServerResponse): Promise<void> {
  try {
    const { body, type } = await fileFor(pathname);
    response
      .writeHead(200, {
        'content-type': type,
        'cache-control': 'no-store',
        ...(pathname.startsWith('/tv/') ? { 'content-security-policy': CSP } : {}),
      })
      .end(body);
  } catch {
    response.writeHead(404).end();
  }
}

async function fileFor(pathname: string): Promise<{ body: Buffer | string; type: string }> {
  if (pathname === '/') return read(import.meta.dirname, 'desk.html');
  const own = /^\/(?:tv\/)?double\/([\w-]+\.(?:js|css))$/.exec(pathname)?.[1];
  if (own !== undefined) return read(import.meta.dirname, own);
  const weight = /^\/tv\/double\/system-(400|700)\.woff2$/.exec(pathname)?.[1];
  if (weight !== undefined) {
    return read(SYSTEM_FONT, `files/noto-sans-sc-chinese-simplified-${weight}-normal.woff2`);
  }
  const path = /^\/tv\/((?:[\w@-][\w.@-]*\/)*[\w@-][\w.@-]*)?$/.exec(pathname);
  if (path === null || pathname.includes('..')) throw new Error('Not there.');
  const name = path[1] ?? 'index.html';
  const { body, type } = await read(PAGES, name);
  if (name !== 'index.html') return { body, type };
  return { body: body.toString().replace(/<script /, `${WIRE}<script `), type };
}

async function read(folder: string, name: string): Promise<{ body: Buffer; type: string }> {
  return {
    body: await readFile(join(folder, name)),
    type: TYPES[extname(name)] ?? 'application/octet-stream',
  };
}
