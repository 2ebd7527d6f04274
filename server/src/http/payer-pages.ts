import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Context, Middleware, Next } from 'koa';
import { stateOf } from './middleware.ts';

/** Where the pages are, under the site. */
export const PAGES_PATH = '/p/';
/** Where `vite build` puts them. */
export const PAGES_FOLDER = join(import.meta.dirname, '../../payer/dist');

/** An order's own link: the same page, which reads the token from its address. */
const PAY_LINK = /^[\w-]{22}$/;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Scripts and styles only from files of ours, the network only to us, in nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The phone's pages: a few files, read once. Anything else passes on. */
export function payerPages(folder: string): Middleware {
  let reading: Promise<ReadonlyMap<string, Buffer>> | undefined;
  return async (ctx: Context, next: Next) => {
    const reads = ctx.method === 'GET' || ctx.method === 'HEAD';
    if (reads && ctx.path === PAGES_PATH.slice(0, -1)) {
      ctx.redirect(PAGES_PATH);
      return;
    }
    if (!reads || !ctx.path.startsWith(PAGES_PATH)) {
      await next();
      return;
    }
    reading ??= read(folder);
    const files = await reading;
    // Pages that are not built yet may be so at the next request.
    if (files.size === 0) reading = undefined;
    const asked = ctx.path.slice(PAGES_PATH.length);
    const name = asked === '' || PAY_LINK.test(asked) ? 'index.html' : asked;
    const file = files.get(name);
    if (file === undefined) {
      await next();
      return;
    }
    stateOf(ctx).route = PAGES_PATH;
    ctx.set({
      'Content-Security-Policy': POLICY,
      // WeChat's H5 asks which site sent the payer; nobody is told which order.
      'Referrer-Policy': 'strict-origin',
      // A file with a digest in its name never changes; the page that names it does.
      'Cache-Control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
    });
    ctx.body = file;
  };
}

async function read(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (path) => [relative(folder, path).split(sep).join('/'), await readFile(path)] as const),
    ),
  );
}
